//! Lambda: the environments of a function, one call at a time in each.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::quotas;

/// The limits of a function.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Environments at a time.
    pub concurrency: usize,
    /// New environments at once.
    pub burst: f64,
    /// New environments in a second after that.
    pub growth: f64,
    /// Synchronous calls in a second.
    pub calls_per_second: f64,
}

impl Limits {
    /// AWS's limits for a function that has so much concurrency.
    pub fn of_aws(concurrency: usize) -> Self {
        Self {
            concurrency,
            burst: quotas::LAMBDA_BURST,
            growth: quotas::LAMBDA_GROWTH,
            calls_per_second: concurrency as f64 * quotas::LAMBDA_CALLS_PER_UNIT,
        }
    }

    /// Only the concurrency is limited.
    pub fn only_concurrency(concurrency: usize) -> Self {
        Self {
            concurrency,
            burst: f64::INFINITY,
            growth: f64::INFINITY,
            calls_per_second: f64::INFINITY,
        }
    }
}

/// The environments of a function.
#[derive(Debug)]
pub struct Environments {
    state: Mutex<State>,
    limits: Limits,
    /// For asynchronous calls, which wait.
    places: Arc<Semaphore>,
}

#[derive(Debug)]
struct State {
    /// The environments without a call. The one that was used last is used next.
    idle: VecDeque<usize>,
    started: usize,
    busy: usize,
    most_busy: usize,
    growth: Bucket,
    calls: Bucket,
}

/// What is allowed now, and grows with time up to a limit.
#[derive(Debug)]
struct Bucket {
    level: f64,
    limit: f64,
    per_second: f64,
    at: Instant,
}

impl Bucket {
    fn full(limit: f64, per_second: f64) -> Self {
        Self {
            level: limit,
            limit,
            per_second,
            at: Instant::now(),
        }
    }

    fn fill(&mut self) -> bool {
        let now = Instant::now();
        if self.per_second.is_finite() {
            let more = self.per_second * (now - self.at).as_secs_f64();
            self.level = (self.level + more).min(self.limit);
        }
        self.at = now;
        self.level >= 1.0
    }

    fn take(&mut self) {
        self.level -= 1.0;
    }
}

/// An environment that has a call. It is free again when this is dropped.
#[derive(Debug)]
pub struct Busy {
    environments: Arc<Environments>,
    /// The number of the environment.
    pub number: usize,
    /// Whether it has just been started for this call.
    pub is_cold: bool,
    _place: Option<OwnedSemaphorePermit>,
}

/// Lambda doesn't take the call: a limit is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled;

impl Environments {
    /// Environments of which none has been started, except so many that are ready.
    pub fn new(limits: Limits, ready: usize) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                idle: (0..ready).collect(),
                started: ready,
                busy: 0,
                most_busy: 0,
                growth: Bucket::full(limits.burst, limits.growth),
                calls: Bucket::full(limits.calls_per_second, limits.calls_per_second),
            }),
            limits,
            places: Arc::new(Semaphore::new(limits.concurrency)),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Takes an environment for a synchronous call, as Cognito makes it.
    pub fn take(self: &Arc<Self>) -> Result<Busy, Throttled> {
        let mut state = self.state();
        if !state.calls.fill() {
            return Err(Throttled);
        }
        let busy = self.start(&mut state)?;
        state.calls.take();
        Ok(busy)
    }

    /// Takes an environment for an asynchronous call, which waits in Lambda's queue.
    pub async fn wait(self: &Arc<Self>) -> Busy {
        let place = Arc::clone(&self.places).acquire_owned().await.unwrap();
        let mut busy = self.start(&mut self.state()).expect("a place is free");
        busy._place = Some(place);
        busy
    }

    fn start(self: &Arc<Self>, state: &mut State) -> Result<Busy, Throttled> {
        let idle = state.idle.pop_back();
        let (number, is_cold) = match idle {
            Some(number) => (number, false),
            None => {
                if state.started >= self.limits.concurrency || !state.growth.fill() {
                    return Err(Throttled);
                }
                state.growth.take();
                state.started += 1;
                (state.started - 1, true)
            }
        };
        state.busy += 1;
        state.most_busy = state.most_busy.max(state.busy);
        Ok(Busy {
            environments: Arc::clone(self),
            number,
            is_cold,
            _place: None,
        })
    }

    /// How many had a call at the same time.
    pub fn most_busy(&self) -> usize {
        self.state().most_busy
    }

    /// How many were started.
    pub fn started(&self) -> usize {
        self.state().started
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.environments.state();
        state.busy -= 1;
        state.idle.push_back(self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{
        task::JoinSet,
        time::{sleep, sleep_until},
    };

    use super::*;
    use crate::random::Random;

    /// Servers, and the load: the mean number of calls that would be served at a time.
    const SERVERS: usize = 10;
    const LOAD: f64 = 8.0;
    const SERVICE: Duration = Duration::from_millis(500);
    const CALLS: u64 = 60_000;

    /// Runs a future on a clock of its own.
    fn simulate<F: Future>(run: F) -> F::Output {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(run)
    }

    /// Calls that come independently of each other, and what each returns.
    async fn calls<T, F>(
        call: impl Fn(Arc<Environments>, Random) -> F,
    ) -> (Vec<T>, Arc<Environments>, Duration)
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let environments = Environments::new(Limits::only_concurrency(SERVERS), 0);
        let begin = Instant::now();
        let (mut arrivals, mut next) = (Random::new(1, &[]), begin);
        let mut running = JoinSet::new();
        for number in 0..CALLS {
            next += arrivals.exponential(SERVICE.div_f64(LOAD));
            sleep_until(next).await;
            running.spawn(call(Arc::clone(&environments), Random::new(2, &[number])));
        }
        let results = running.join_all().await;
        (results, environments, begin.elapsed())
    }

    /// The probability that all servers are busy, where calls are refused then: Erlang's formula B.
    fn erlang_b() -> f64 {
        (1..=SERVERS).fold(1.0, |blocked, servers| {
            LOAD * blocked / (servers as f64 + LOAD * blocked)
        })
    }

    /// The probability that a call waits, where calls wait: Erlang's formula C.
    fn erlang_c() -> f64 {
        let blocked = erlang_b();
        let utilization = LOAD / SERVERS as f64;
        blocked / (1.0 - utilization * (1.0 - blocked))
    }

    #[track_caller]
    fn assert_near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 0.05, "{found}, not {expected}");
    }

    #[test]
    fn calls_are_throttled_as_often_as_erlang_says() {
        let (taken, environments, time) = simulate(calls(
            async |environments: Arc<Environments>, mut random: Random| {
                let Ok(_busy) = environments.take() else {
                    return None;
                };
                let time = random.exponential(SERVICE);
                sleep(time).await;
                Some(time)
            },
        ));
        let throttled = taken.iter().filter(|taken| taken.is_none()).count();
        assert_near(throttled as f64 / CALLS as f64, erlang_b());
        assert_eq!(
            (environments.most_busy(), environments.started()),
            (SERVERS, SERVERS)
        );
        // Little's law: what is busy on average is the rate of the calls that are taken times their duration.
        let busy: Duration = taken.into_iter().flatten().sum();
        assert_near(busy.as_secs_f64() / time.as_secs_f64(), LOAD * (1.0 - erlang_b()));
    }

    #[test]
    fn waiting_calls_wait_as_long_as_erlang_says() {
        let (waits, ..) = simulate(calls(
            async |environments: Arc<Environments>, mut random: Random| {
                let begin = Instant::now();
                let _busy = environments.wait().await;
                let waited = begin.elapsed();
                sleep(random.exponential(SERVICE)).await;
                waited
            },
        ));
        let waited = waits.iter().filter(|wait| !wait.is_zero()).count();
        assert_near(waited as f64 / CALLS as f64, erlang_c());
        let mean = waits.iter().sum::<Duration>().as_secs_f64() / CALLS as f64;
        assert_near(mean, erlang_c() * SERVICE.as_secs_f64() / (SERVERS as f64 - LOAD));
    }

    #[test]
    fn environments_grow_by_a_burst_and_then_by_a_rate() {
        simulate(async {
            let limits = Limits {
                burst: 5.0,
                growth: 2.0,
                ..Limits::only_concurrency(100)
            };
            let environments = Environments::new(limits, 1);
            let mut busy = Vec::new();
            let mut take = async |seconds| {
                sleep(Duration::from_secs(seconds)).await;
                let before = busy.len();
                busy.extend(std::iter::from_fn(|| environments.take().ok()));
                busy.len() - before
            };
            // One is ready, and five are new.
            assert_eq!(take(0).await, 6);
            assert_eq!((take(1).await, take(2).await), (2, 4));
            // What isn't used isn't kept beyond the burst.
            assert_eq!(take(60).await, 5);
            assert_eq!(busy.iter().filter(|busy| busy.is_cold).count(), 16);
        });
    }

    #[test]
    fn a_function_takes_ten_calls_a_second_for_each_unit() {
        simulate(async {
            let environments = Environments::new(Limits::of_aws(3), 3);
            let calls = || std::iter::from_fn(|| environments.take().ok()).take(1000).count();
            assert_eq!(calls(), 30);
            sleep(Duration::from_millis(500)).await;
            assert_eq!(calls(), 15);
        });
    }

    #[test]
    fn a_free_environment_is_used_again() {
        simulate(async {
            let environments = Environments::new(Limits::only_concurrency(2), 0);
            let first = environments.take().unwrap();
            assert!(first.is_cold);
            drop(first);
            let again = environments.take().unwrap();
            assert!(!again.is_cold && again.number == 0);
            let other = environments.take().unwrap();
            assert!(other.is_cold);
            assert_eq!(environments.take().unwrap_err(), Throttled);
        });
    }
}
