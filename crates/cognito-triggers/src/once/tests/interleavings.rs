//! Every order in which two or three calls can go on, with crashes and expired marks, over a store in memory.
//!
//! A call stops before each step of the store, before the effect, and after its record. At each stop the explorer chooses
//! which call goes on, which one dies, or that more time passes than a mark lasts. It runs all choices, one run for each.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context as TaskContext, Poll, Wake, Waker},
    time::Duration,
};

use super::support::{call_at, confirmation, kind, noon, once};
use crate::once::{Claim, Claimed, Finish, IfStoreFails, IfUnknown, MemoryStore, Release, Store, StoreError};

/// Stops once, so that the explorer can choose.
async fn stop() {
    let mut stopped = false;
    poll_fn(|task| {
        if stopped {
            return Poll::Ready(());
        }
        stopped = true;
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A store that stops before each step and after a record.
#[derive(Default)]
struct Stopping {
    store: MemoryStore,
    /// How many effects were recorded by a call that still held its mark.
    recorded: Mutex<u32>,
}

impl Store for Stopping {
    async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
        stop().await;
        self.store.claim(claim).await
    }

    async fn finish(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        stop().await;
        let finished = self.store.finish(finish).await?;
        *self.recorded.lock().unwrap() += u32::from(finished);
        stop().await;
        Ok(finished)
    }

    async fn release(&self, release: &Release<'_>) -> Result<bool, StoreError> {
        stop().await;
        self.store.release(release).await
    }

    fn is_private(&self) -> bool {
        true
    }
}

/// What the explorer may do in one run.
#[derive(Clone, Copy)]
struct Limits {
    callers: usize,
    crashes: usize,
    /// How often more time may pass than a mark lasts.
    expiries: usize,
    if_unknown: IfUnknown,
}

/// How one run ended.
#[derive(Debug, Default)]
struct Run {
    effects: u32,
    recorded: u32,
    crashes: usize,
    expiries: usize,
    /// The answers of the calls that didn't die, or the names of their errors.
    answers: Vec<Result<u32, &'static str>>,
    schedule: String,
}

/// The choices of a run: those to repeat, and behind them always the first one.
#[derive(Default)]
struct Choices {
    taken: Vec<(usize, usize)>,
    next: usize,
}

impl Choices {
    fn choose(&mut self, options: usize) -> usize {
        if self.next == self.taken.len() {
            self.taken.push((0, options));
        }
        let (choice, of) = self.taken[self.next];
        assert_eq!(of, options, "a run isn't repeatable");
        self.next += 1;
        choice
    }

    /// Goes to the next run. False after the last one.
    fn advance(&mut self) -> bool {
        self.next = 0;
        while let Some((choice, options)) = self.taken.pop() {
            if choice + 1 < options {
                self.taken.push((choice + 1, options));
                return true;
            }
        }
        false
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

type Caller<'a> = Pin<Box<dyn Future<Output = Result<u32, &'static str>> + 'a>>;

async fn run(limits: Limits, choices: &mut Choices) -> Run {
    let store = Arc::new(Stopping::default());
    let effect = once(Arc::clone(&store))
        .effect("count")
        .keyed_by(["ana"])
        .if_unknown(limits.if_unknown)
        .if_store_fails(IfStoreFails::Refuse);
    let (event, effects) = (confirmation("ana"), Cell::new(0));
    let start = tokio::time::Instant::now();
    let call = async || {
        // Its five seconds begin when it does.
        let context = call_at(noon() + start.elapsed());
        let count = async {
            stop().await;
            effects.set(effects.get() + 1);
            Ok::<_, std::fmt::Error>(effects.get())
        };
        let answer = effect.answer(&context, &event, count).await;
        answer.map_err(|error| kind(&error))
    };
    let mut callers: Vec<Option<(Caller<'_>, Arc<Woken>)>> = (0..limits.callers)
        .map(|_| {
            Some((
                Box::pin(call()) as Caller<'_>,
                Arc::new(Woken(AtomicBool::new(true))),
            ))
        })
        .collect();
    let mut run = Run::default();
    let schedule = RefCell::new(String::new());
    while callers.iter().any(Option::is_some) {
        let ready = |index: &usize| {
            callers[*index]
                .as_ref()
                .is_some_and(|(_, woken)| woken.0.load(Ordering::SeqCst))
        };
        let ready: Vec<usize> = (0..limits.callers).filter(ready).collect();
        // A call that dies while it sleeps is one that dies before its next step.
        let mortal = if run.crashes < limits.crashes {
            ready.clone()
        } else {
            Vec::new()
        };
        let may_expire = usize::from(run.expiries < limits.expiries);
        let waits = usize::from(ready.is_empty());
        if waits + may_expire == 1 && ready.is_empty() {
            tokio::time::advance(Duration::from_millis(400)).await;
            continue;
        }
        let choice = choices.choose(ready.len() + mortal.len() + may_expire + waits);
        if let Some(&index) = ready.get(choice) {
            schedule.borrow_mut().push_str(&format!(" {index}"));
            let (caller, woken) = callers[index].as_mut().unwrap();
            woken.0.store(false, Ordering::SeqCst);
            let waker = Waker::from(Arc::clone(woken));
            if let Poll::Ready(answer) = caller.as_mut().poll(&mut TaskContext::from_waker(&waker)) {
                run.answers.push(answer);
                callers[index] = None;
            }
        } else if let Some(&index) = mortal.get(choice - ready.len()) {
            schedule.borrow_mut().push_str(&format!(" {index} dies"));
            callers[index] = None;
            run.crashes += 1;
        } else if choice - ready.len() - mortal.len() < may_expire {
            schedule.borrow_mut().push_str(" expiry");
            tokio::time::advance(Duration::from_secs(6)).await;
            run.expiries += 1;
        } else {
            tokio::time::advance(Duration::from_millis(400)).await;
        }
    }
    drop(callers);
    run.effects = effects.get();
    run.recorded = *store.recorded.lock().unwrap();
    run.schedule = schedule.into_inner();
    run
}

/// Explores all runs, and returns their number and how many of them had more than one effect.
fn explore(limits: Limits, check: impl Fn(&Run)) -> (usize, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let (mut choices, mut runs, mut doubled) = (Choices::default(), 0, 0);
    loop {
        let run = runtime.block_on(run(limits, &mut choices));
        check(&run);
        runs += 1;
        doubled += usize::from(run.effects > 1);
        if !choices.advance() {
            return (runs, doubled);
        }
    }
}

fn limits(callers: usize, crashes: usize, expiries: usize, if_unknown: IfUnknown) -> Limits {
    Limits {
        callers,
        crashes,
        expiries,
        if_unknown,
    }
}

#[test]
fn without_crashes_there_is_one_effect_and_one_answer() {
    for callers in [2, 3] {
        let (runs, doubled) = explore(limits(callers, 0, 0, IfUnknown::Repeat), |run| {
            assert_eq!((run.effects, run.recorded), (1, 1), "{run:?}");
            assert_eq!(run.answers, vec![Ok(1); callers], "{run:?}");
        });
        assert!(runs > 10 && doubled == 0, "{runs} runs");
    }
}

/// Whatever dies or expires, one effect is recorded at most, and all answers are the recorded one.
fn check_repeated(run: &Run) {
    assert!(run.recorded <= 1, "{run:?}");
    // Each further effect has a reason: a call that died, or whose mark expired.
    assert!(run.effects as usize <= 1 + run.crashes + run.expiries, "{run:?}");
    let mut answers: Vec<u32> = run.answers.iter().copied().filter_map(Result::ok).collect();
    answers.dedup();
    assert!(answers.len() <= 1 || run.expiries > 0, "{run:?}");
    assert!(
        run.answers
            .iter()
            .all(|answer| matches!(answer, Ok(_) | Err("InProgress"))
                || (run.expiries > 0 && *answer == Err("Store"))),
        "{run:?}"
    );
}

#[test]
fn a_crash_repeats_an_effect_only_if_its_record_is_missing() {
    // Within the time of one call no mark expires, so there is no second effect.
    let (runs, doubled) = explore(limits(2, 1, 0, IfUnknown::Repeat), check_repeated);
    assert!(runs > 100 && doubled == 0, "{runs} runs, {doubled} doubled");
    let (runs, doubled) = explore(limits(2, 1, 1, IfUnknown::Repeat), check_repeated);
    assert!(runs > 500 && doubled > 0, "{runs} runs, {doubled} doubled");
}

#[test]
fn refusing_what_is_unknown_never_repeats_an_effect() {
    for limits in [
        limits(2, 1, 1, IfUnknown::Refuse),
        limits(2, 2, 1, IfUnknown::Refuse),
    ] {
        let (runs, doubled) = explore(limits, |run| {
            assert!(run.effects <= 1 && run.recorded <= 1, "{run:?}");
            let fits = |answer: &Result<u32, &str>| {
                matches!(answer, Ok(1) | Err("InProgress" | "Unknown" | "Store"))
            };
            assert!(run.answers.iter().all(fits), "{run:?}");
        });
        assert!(runs > 500 && doubled == 0, "{runs} runs");
    }
}
