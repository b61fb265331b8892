//! Several calls for one key.

use std::{
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

use super::support::{Counter, LIMIT, call_at, confirmation, kind, noon, once};
use crate::{
    context::Context,
    error::Result,
    once::{IfUnknown, MaybeDone, MemoryStore, Once},
};

#[test]
fn of_64_threads_one_does_it_and_all_get_its_answer() {
    const CALLERS: usize = 64;
    let store = Arc::new(MemoryStore::new());
    for round in 0..20 {
        let user = format!("user-{round}");
        let (counter, start) = (Arc::new(Counter::default()), Arc::new(Barrier::new(CALLERS)));
        let callers = (0..CALLERS).map(|_| {
            let (once, counter) = (once(Arc::clone(&store)), Arc::clone(&counter));
            let (start, user) = (Arc::clone(&start), user.clone());
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread();
                let runtime = { runtime }.enable_time().build().unwrap();
                runtime.block_on(async {
                    let (context, event) = (
                        Context::builder(()).time_limit(LIMIT).build(),
                        confirmation(&user),
                    );
                    start.wait();
                    let effect = async {
                        tokio::task::yield_now().await;
                        counter.count().await
                    };
                    once.effect("count")
                        .answer(&context, &event, effect)
                        .await
                        .unwrap()
                })
            })
        });
        let callers: Vec<_> = callers.collect();
        let answers: Vec<u32> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
        assert_eq!(answers, [1; CALLERS], "round {round}");
        assert_eq!(counter.total(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_gets_the_first_answer_and_a_run_gets_none() {
    let (once, counter) = (Once::in_memory().unwrap(), Counter::default());
    let (context, event) = (call_at(noon()), confirmation("ana"));
    let answer = once.effect("answer");
    assert_eq!(answer.answer(&context, &event, counter.count()).await.unwrap(), 1);
    assert_eq!(answer.answer(&context, &event, counter.count()).await.unwrap(), 1);

    let run = once.effect("run");
    assert_eq!(run.run(&context, &event, counter.count()).await.unwrap(), Some(2));
    assert_eq!(run.run(&context, &event, counter.count()).await.unwrap(), None);
    // No answer was kept, so there is none to give again.
    let error = run.answer(&context, &event, counter.count()).await.unwrap_err();
    assert_eq!(kind(&error), "NoAnswer");

    let of_another = confirmation("emil");
    assert_eq!(
        run.run(&context, &of_another, counter.count()).await.unwrap(),
        Some(3)
    );
    assert_eq!(counter.total(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_second_call_waits_for_the_first() {
    let (once, counter) = (Once::in_memory().unwrap(), Counter::default());
    let (effect, event) = (once.effect("slow"), confirmation("ana"));
    let context = call_at(noon());
    let slow = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        counter.count().await
    };
    let first = effect.answer(&context, &event, slow);
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        effect
            .answer(&call_at(context.now()), &event, counter.count())
            .await
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!((first.unwrap(), second.unwrap(), counter.total()), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_second_call_gives_up_before_its_own_deadline() {
    let (once, event) = (Once::in_memory().unwrap(), confirmation("ana"));
    let (effect, context) = (once.effect("endless"), call_at(noon()));
    let endless = effect.run(&context, &event, std::future::pending::<Result<()>>());
    let second = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let shorter = Context::builder(())
            .clock(context.now())
            .time_limit(LIMIT / 2)
            .build();
        let error = effect
            .run(&shorter, &event, async { Ok::<_, std::fmt::Error>(()) })
            .await
            .unwrap_err();
        assert_eq!(kind(&error), "InProgress");
        assert!(shorter.remaining() > Duration::from_millis(200));
    };
    tokio::select! {
        _ = endless => unreachable!(),
        () = second => (),
    }
}

#[tokio::test(start_paused = true)]
async fn after_an_error_the_next_call_tries_again() {
    let (once, counter) = (Once::in_memory().unwrap(), Counter::default());
    let (effect, event, context) = (once.effect("mail"), confirmation("ana"), call_at(noon()));
    let fails = async { Err::<u32, _>("the mail server is down") };
    let error = effect.run(&context, &event, fails).await.unwrap_err();
    assert_eq!(error.to_string(), "the mail server is down");
    assert_eq!(
        effect.run(&context, &event, counter.count()).await.unwrap(),
        Some(1)
    );
}

#[tokio::test(start_paused = true)]
async fn what_may_have_happened_is_repeated_only_if_it_may_be() {
    for (then, expected) in [
        (IfUnknown::Repeat, Ok(Some(1))),
        (IfUnknown::Refuse, Err("Unknown")),
    ] {
        let (once, counter) = (Once::in_memory().unwrap(), Counter::default());
        let (effect, event, context) = (
            once.effect("mail").if_unknown(then),
            confirmation("ana"),
            call_at(noon()),
        );
        let lost = async { Err::<u32, _>(MaybeDone::new("the answer was lost")) };
        let error = effect.run(&context, &event, lost).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "it is unknown whether it happened: the answer was lost"
        );
        let again = effect.run(&context, &event, counter.count()).await;
        assert_eq!(again.map_err(|error| kind(&error)), expected);
        assert_eq!(counter.total(), u32::from(then == IfUnknown::Repeat));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_no_longer_than_it_may() {
    let (once, event) = (Once::in_memory().unwrap(), confirmation("ana"));
    let (effect, context) = (
        once.effect("endless").wait_at_most(Duration::ZERO),
        call_at(noon()),
    );
    let endless = effect.run(&context, &event, std::future::pending::<Result<()>>());
    let second = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let before = tokio::time::Instant::now();
        let ok = async { Ok::<_, std::fmt::Error>(()) };
        let error = effect.run(&call_at(context.now()), &event, ok).await.unwrap_err();
        assert_eq!((kind(&error), before.elapsed()), ("InProgress", Duration::ZERO));
    };
    tokio::select! {
        _ = endless => unreachable!(),
        () = second => (),
    }
}
