//! The users, one task each, and what is counted.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use cognito_triggers::model::Route;
use tokio::{
    task::{JoinSet, LocalSet},
    time::{Instant, sleep_until},
};

use crate::{
    cognito::{Failure, Way, call_trigger},
    effect::{Memories, Memory},
    environments::{Environments, Limits},
    quotas,
    random::{Random, Time},
};

/// A trigger of a sign-in.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its route.
    pub route: Route,
    /// How long its handler takes, without what it sends.
    pub handler: Time,
    /// How long the service takes that sends a code, if the handler sends one.
    pub sends: Option<Time>,
    /// How long the user takes before it.
    pub user: Time,
}

/// A run: users, limits and times.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What all that is random comes from.
    pub seed: u64,
    /// How many users begin to sign in in a second.
    pub sign_ins_per_second: f64,
    /// For how long users come.
    pub lasts: Duration,
    /// The triggers of a sign-in.
    pub steps: Vec<Step>,
    /// The limits of the function.
    pub limits: Limits,
    /// How many environments there are before the first user.
    pub ready: usize,
    /// How long an environment takes to start.
    pub cold_start: Time,
    /// The way between Cognito and the function.
    pub way: Way,
    /// How often Cognito calls at most.
    pub calls: u32,
    /// What the effects are remembered in.
    pub memory: Memory,
}

/// What was counted.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Calls that Lambda took.
    pub calls: u64,
    /// Calls that started an environment.
    pub cold_starts: u64,
    /// Calls that Cognito gave up after five seconds.
    pub timed_out: u64,
    /// Calls that Lambda didn't take.
    pub throttled: u64,
    /// Codes that were sent, by user.
    pub sent: BTreeMap<u64, u32>,
    /// Sign-ins that failed, by reason.
    pub failed: BTreeMap<Failure, u64>,
    /// How long each trigger took for Cognito, all its calls together.
    pub waits: Vec<Duration>,
    /// Users.
    pub sign_ins: u64,
}

/// Everything that the tasks of a run share.
pub struct World {
    /// The settings.
    pub scenario: Scenario,
    /// The function's environments.
    pub environments: Arc<Environments>,
    /// What the effects are remembered in.
    pub memories: Memories,
    counts: Mutex<Counts>,
}

impl World {
    /// Changes what is counted.
    pub fn count(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.counts.lock().unwrap());
    }
}

/// What a run was like.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was counted.
    pub counts: Counts,
    /// How many environments had a call at the same time.
    pub most_busy: usize,
}

impl Report {
    /// The share of sign-ins that failed for one of these reasons.
    pub fn failed(&self, reasons: &[Failure]) -> f64 {
        let failed: u64 = reasons
            .iter()
            .filter_map(|reason| self.counts.failed.get(reason))
            .sum();
        failed as f64 / self.counts.sign_ins as f64
    }

    /// The time within which this share of the triggers were answered or given up.
    pub fn wait(&self, quantile: f64) -> Duration {
        let waits = &self.counts.waits;
        let at = (waits.len() as f64 * quantile) as usize;
        waits
            .get(at.min(waits.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    }

    /// The users who got more than one code.
    pub fn sent_twice(&self) -> u64 {
        self.counts.sent.values().filter(|sent| **sent > 1).count() as u64
    }
}

/// Runs a scenario on a clock of its own.
pub fn run(scenario: &Scenario) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    LocalSet::new().block_on(&runtime, run_here(scenario.clone()))
}

async fn run_here(scenario: Scenario) -> Report {
    let world = Arc::new(World {
        environments: Environments::new(scenario.limits, scenario.ready),
        memories: Memories::new(scenario.memory),
        counts: Mutex::default(),
        scenario,
    });
    let (begin, lasts) = (Instant::now(), world.scenario.lasts);
    let mut arrivals = Random::new(world.scenario.seed, &[]);
    let mean = Duration::from_secs_f64(1.0 / world.scenario.sign_ins_per_second);
    let mut users = JoinSet::new();
    let mut next = begin;
    for user in 0.. {
        next += arrivals.exponential(mean);
        if next - begin >= lasts {
            break;
        }
        sleep_until(next).await;
        users.spawn_local(sign_in(Arc::clone(&world), user));
    }
    while let Some(ended) = users.join_next().await {
        ended.expect("no panic");
    }
    let mut counts = std::mem::take(&mut *world.counts.lock().unwrap());
    counts.waits.sort_unstable();
    Report {
        counts,
        most_busy: world.environments.most_busy(),
    }
}

/// One user.
async fn sign_in(world: Arc<World>, user: u64) {
    world.count(|counts| counts.sign_ins += 1);
    let mut random = Random::new(world.scenario.seed, &[user, u64::MAX]);
    for (number, step) in world.scenario.steps.iter().enumerate() {
        tokio::time::sleep(step.user.draw(&mut random)).await;
        let begin = Instant::now();
        let called = call_trigger(&world, user, number).await;
        world.count(|counts| counts.waits.push(begin.elapsed()));
        if let Err(failure) = called {
            world.count(|counts| *counts.failed.entry(failure).or_default() += 1);
            return;
        }
    }
}

impl Scenario {
    /// Users who sign in with a function that is warm, in a region without trouble.
    pub fn new(sign_ins_per_second: f64, steps: Vec<Step>, concurrency: usize) -> Self {
        Self {
            seed: 20_261_127,
            sign_ins_per_second,
            lasts: Duration::from_secs(12),
            steps,
            limits: Limits::of_aws(concurrency),
            ready: concurrency,
            cold_start: Time::log_normal(250, 1000),
            way: Way {
                usual: Time::log_normal(5, 30),
                slow: None,
            },
            calls: quotas::COGNITO_CALLS,
            memory: Memory::Shared,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::custom_sign_in;

    fn scenario() -> Scenario {
        let steps = custom_sign_in(Time::log_normal(120, 800));
        let mut scenario = Scenario::new(50.0, steps, 1000);
        scenario.lasts = Duration::from_secs(10);
        scenario
    }

    #[test]
    fn a_warm_function_answers_everybody() {
        let report = run(&scenario());
        let counts = &report.counts;
        assert!((400..600).contains(&counts.sign_ins), "{}", counts.sign_ins);
        assert_eq!(counts.calls, 6 * counts.sign_ins);
        assert_eq!(
            (counts.cold_starts, counts.timed_out, counts.throttled),
            (0, 0, 0)
        );
        assert_eq!(counts.sent.len() as u64, counts.sign_ins);
        assert_eq!((report.sent_twice(), counts.failed.len()), (0, 0));
    }

    #[test]
    fn two_runs_have_the_same_users() {
        let (one, other) = (run(&scenario()), run(&scenario()));
        assert_eq!(one.counts.sent, other.counts.sent);
        assert_eq!(one.counts.waits, other.counts.waits);
        let others = run(&Scenario {
            seed: 1,
            ..scenario()
        });
        assert_ne!(one.counts.waits, others.counts.waits);
    }

    /// Every answer comes back after five seconds, so Cognito calls three times, and every call reaches the handler.
    #[test]
    fn a_call_without_an_answer_is_made_three_times() {
        let late = |memory| {
            let mut scenario = scenario();
            scenario.memory = memory;
            scenario.way.slow = Some((1.0, Time::Fixed(Duration::from_millis(2600))));
            scenario.steps.drain(..1);
            run(&scenario)
        };
        let (nothing, shared) = (late(Memory::Nothing), late(Memory::Shared));
        for report in [&nothing, &shared] {
            assert_eq!(report.counts.calls, 3 * report.counts.sign_ins);
            assert_eq!(report.counts.timed_out, 3 * report.counts.sign_ins);
            assert_eq!(
                report.counts.failed.keys().collect::<Vec<_>>(),
                [&Failure::TimedOut]
            );
        }
        assert!(nothing.counts.sent.values().all(|sent| *sent == 3));
        assert!(shared.counts.sent.values().all(|sent| *sent == 1));
        assert_eq!(shared.counts.sent.len() as u64, shared.counts.sign_ins);
    }

    #[test]
    fn a_handler_without_time_left_is_refused() {
        let mut scenario = scenario();
        scenario.steps = custom_sign_in(Time::Fixed(Duration::from_secs(20)));
        let report = run(&scenario);
        assert_eq!(
            report.counts.failed,
            [(Failure::Refused, report.counts.sign_ins)].into()
        );
        assert_eq!(report.counts.timed_out, 0);
    }

    #[test]
    fn a_function_that_is_full_throttles() {
        let mut scenario = scenario();
        scenario.limits = Limits::of_aws(1);
        scenario.ready = 1;
        let report = run(&scenario);
        assert!(
            report.failed(&[Failure::Throttled]) > 0.9,
            "{:?}",
            report.counts.failed
        );
    }
}
