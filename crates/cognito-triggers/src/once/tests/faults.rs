//! A store that is slow, throttled or gone, or whose answers get lost, at each of its steps.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::support::{Counter, call_at, confirmation, kind, noon, once};
use crate::once::{
    Claim, Claimed, Finish, IfStoreFails, IfUnknown, MemoryStore, Release, Store, StoreError, StoreErrorKind,
};

/// What goes wrong with one step of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// The step isn't done, and the store says so.
    Refused(StoreErrorKind),
    /// The step is done, and its answer is lost.
    AnswerLost,
    /// The step never ends.
    Hangs,
}

/// A store in memory whose steps go wrong in this order, and then work.
struct Faulty {
    store: MemoryStore,
    faults: Mutex<Vec<Fault>>,
    steps: Mutex<Vec<&'static str>>,
}

impl Faulty {
    fn new(faults: impl IntoIterator<Item = Fault>) -> Arc<Self> {
        let mut faults: Vec<_> = faults.into_iter().collect();
        faults.reverse();
        Arc::new(Self {
            store: MemoryStore::new(),
            faults: Mutex::new(faults),
            steps: Mutex::default(),
        })
    }

    async fn step<T>(
        &self,
        name: &'static str,
        step: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.steps.lock().unwrap().push(name);
        let fault = self.faults.lock().unwrap().pop().unwrap_or(Fault::None);
        match fault {
            Fault::None => step.await,
            Fault::Refused(kind) => Err(StoreError::new(kind, "refused")),
            Fault::AnswerLost => {
                step.await?;
                Err(StoreError::new(
                    StoreErrorKind::Unavailable,
                    "the connection broke",
                ))
            }
            Fault::Hangs => std::future::pending().await,
        }
    }
}

impl Store for Faulty {
    async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
        self.step("claim", self.store.claim(claim)).await
    }

    async fn finish(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        self.step("finish", self.store.finish(finish)).await
    }

    async fn release(&self, release: &Release<'_>) -> Result<bool, StoreError> {
        self.step("release", self.store.release(release)).await
    }

    fn is_private(&self) -> bool {
        true
    }
}

const TRANSIENT: [Fault; 5] = [
    Fault::Refused(StoreErrorKind::Throttled),
    Fault::Refused(StoreErrorKind::Unavailable),
    Fault::Refused(StoreErrorKind::TimedOut),
    Fault::AnswerLost,
    Fault::Hangs,
];

#[tokio::test(start_paused = true)]
async fn one_transient_fault_at_any_step_changes_nothing() {
    for fault in TRANSIENT {
        for at in 0..2 {
            let mut faults = [Fault::None; 2];
            faults[at] = fault;
            // The fault hits the claim or, behind it, the record.
            let store = Faulty::new(faults);
            let (effect, counter) = (once(Arc::clone(&store)).effect("count"), Counter::default());
            let effect = effect.if_store_fails(IfStoreFails::Refuse);
            let event = confirmation("ana");
            for _ in 0..3 {
                let answer = effect.answer(&call_at(noon()), &event, counter.count()).await;
                assert_eq!(answer.unwrap(), 1, "{fault:?} at {at}");
            }
            assert_eq!(counter.total(), 1, "{fault:?} at {at}");
            let steps = store.steps.lock().unwrap().clone();
            let first: &[_] = if at == 0 {
                &["claim", "claim", "finish"]
            } else {
                &["claim", "finish", "finish"]
            };
            assert_eq!(steps[..3], *first, "{fault:?} at {at}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_gone_refuses_or_runs_as_the_team_says() {
    let lasting = [
        StoreErrorKind::Denied,
        StoreErrorKind::Missing,
        StoreErrorKind::Full,
        StoreErrorKind::Other,
    ];
    let lasting = lasting.map(Fault::Refused);
    for fault in TRANSIENT.into_iter().chain(lasting) {
        let event = confirmation("ana");
        let gone = || {
            once(Faulty::new(vec![fault; 100]))
                .effect("count")
                .store_timeout(Duration::from_millis(200))
        };

        let (refuse, counter) = (gone().if_store_fails(IfStoreFails::Refuse), Counter::default());
        let error = refuse
            .run(&call_at(noon()), &event, counter.count())
            .await
            .unwrap_err();
        assert_eq!((kind(&error), counter.total()), ("Store", 0), "{fault:?}");

        // The default of post confirmation: an error would undo nothing.
        for effect in [gone(), gone().if_store_fails(IfStoreFails::Run)] {
            let counter = Counter::default();
            let context = call_at(noon());
            let before = tokio::time::Instant::now();
            assert_eq!(
                effect.run(&context, &event, counter.count()).await.unwrap(),
                Some(1),
                "{fault:?}"
            );
            // The store may cost its time limit before the effect, and a quarter of it behind.
            assert!(
                before.elapsed() <= Duration::from_millis(260),
                "{fault:?}: {:?}",
                before.elapsed()
            );
        }
    }
}

/// The claim was written although its answer was lost: refusing gives the key back, so that the next call isn't held up.
#[tokio::test(start_paused = true)]
async fn a_refusing_call_leaves_no_mark_behind() {
    let faults = [Fault::AnswerLost; 6].into_iter().chain([Fault::Hangs]);
    let store = Faulty::new(faults);
    let (effect, counter) = (once(Arc::clone(&store)).effect("count"), Counter::default());
    let effect = effect
        .if_store_fails(IfStoreFails::Refuse)
        .if_unknown(IfUnknown::Refuse)
        .store_timeout(Duration::from_millis(50));
    let event = confirmation("ana");
    assert!(
        effect
            .run(&call_at(noon()), &event, counter.count())
            .await
            .is_err()
    );
    store.faults.lock().unwrap().clear();
    assert_eq!(store.steps.lock().unwrap().last(), Some(&"release"));
    assert_eq!(
        effect
            .run(&call_at(noon()), &event, counter.count())
            .await
            .unwrap(),
        Some(1)
    );
}

/// The stated exception: the effect happened, its record didn't, and the mark has expired.
#[tokio::test(start_paused = true)]
async fn an_unrecorded_effect_is_repeated_after_its_mark_or_refused() {
    for (then, expected) in [(IfUnknown::Repeat, Ok(2)), (IfUnknown::Refuse, Err("Unknown"))] {
        let faults = [Fault::None]
            .into_iter()
            .chain([Fault::Refused(StoreErrorKind::Denied)]);
        let (effect, counter) = (once(Faulty::new(faults)).effect("count"), Counter::default());
        let (effect, event, first) = (effect.if_unknown(then), confirmation("ana"), call_at(noon()));
        assert_eq!(effect.answer(&first, &event, counter.count()).await.unwrap(), 1);
        // 5.5 seconds after the first call began, its mark has expired.
        tokio::time::advance(Duration::from_secs(5)).await;
        let answer = effect
            .answer(&call_at(first.now()), &event, counter.count())
            .await;
        assert_eq!(answer.map_err(|error| kind(&error)), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_waited_does_not_run_when_the_store_fails() {
    let store = Faulty::new([]);
    let (effect, event) = (once(Arc::clone(&store)).effect("count"), confirmation("ana"));
    let (context, counter) = (call_at(noon()), Counter::default());
    let endless = effect.run(&context, &event, std::future::pending::<crate::Result<u32>>());
    let second = async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        // The first claim of this call works; what follows doesn't.
        let fault = Fault::Refused(StoreErrorKind::Denied);
        *store.faults.lock().unwrap() = vec![fault, fault, Fault::None];
        let error = effect
            .run(&call_at(context.now()), &event, counter.count())
            .await
            .unwrap_err();
        assert_eq!((kind(&error), counter.total()), ("Store", 0));
    };
    tokio::select! {
        _ = endless => unreachable!(),
        () = second => (),
    }
}
