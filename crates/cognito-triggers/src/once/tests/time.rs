//! Marks and records that expire, and clocks that differ.

use std::{sync::Arc, time::Duration};

use cognito_triggers_model::{Event, secret::Secret, triggers::CustomEmailSender};

use super::support::{Counter, call_at, confirmation, kind, noon};
use crate::once::{
    Claim, Claimed, Finish, IfUnknown, MemoryStore, Once, Release, Store, StoreErrorKind, Token,
};

#[tokio::test(start_paused = true)]
async fn a_record_is_forgotten_when_its_time_is_up() {
    let (once, counter, event) = (
        Once::in_memory().unwrap(),
        Counter::default(),
        confirmation("ana"),
    );
    let effect = once.effect("count").keep(Duration::from_secs(30));
    for (after, expected) in [(0, Some(1)), (29, None), (30, Some(2)), (59, None)] {
        let context = call_at(noon() + Duration::from_secs(after));
        assert_eq!(
            effect.run(&context, &event, counter.count()).await.unwrap(),
            expected,
            "after {after} s"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn senders_are_remembered_longer_than_other_triggers() {
    let (once, counter) = (Once::in_memory().unwrap(), Counter::default());
    let code = Event::<CustomEmailSender>::from_json(
        r#"{"triggerSource":"CustomEmailSender_SignUp","request":{"code":"AYADe"}}"#,
    )
    .unwrap();
    for (seconds, expected) in [(0, Some(1)), (6 * 3600, None), (7 * 3600, Some(2))] {
        let context = call_at(noon() + Duration::from_secs(seconds));
        assert_eq!(
            once.effect("mail")
                .run(&context, &code, counter.count())
                .await
                .unwrap(),
            expected
        );
    }
    let event = confirmation("ana");
    for (seconds, expected) in [(0, Some(3)), (29, None), (30, Some(4))] {
        let context = call_at(noon() + Duration::from_secs(seconds));
        assert_eq!(
            once.effect("mail")
                .run(&context, &event, counter.count())
                .await
                .unwrap(),
            expected
        );
    }
}

/// A call begins, and dies in the middle of its effect; another one begins this much later, by its own clock.
async fn second_call(
    later: Duration,
    skew: Duration,
    then: IfUnknown,
) -> (Result<Option<u32>, &'static str>, Duration) {
    let (once, counter, event) = (
        Once::in_memory().unwrap(),
        Counter::default(),
        confirmation("ana"),
    );
    let effect = once.effect("count").clock_skew(skew).if_unknown(then);
    let first = call_at(noon());
    let dies = effect.run(&first, &event, std::future::pending::<crate::Result<u32>>());
    assert!(
        tokio::time::timeout(Duration::from_millis(1), dies)
            .await
            .is_err()
    );
    let second = call_at(noon() + later);
    let before = tokio::time::Instant::now();
    let answer = effect.run(&second, &event, counter.count()).await;
    (answer.map_err(|error| kind(&error)), before.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_mark_expires_with_its_call_and_the_allowance_for_clocks() {
    // The first call had 4.5 seconds, and the allowance is one more.
    let second = Duration::from_secs(1);
    let (answer, waited) = second_call(Duration::from_secs(5), second, IfUnknown::Repeat).await;
    assert_eq!(answer, Ok(Some(1)));
    assert!(
        waited >= Duration::from_millis(500) && waited < Duration::from_millis(800),
        "{waited:?}"
    );
    let (answer, waited) = second_call(Duration::from_millis(5500), second, IfUnknown::Repeat).await;
    assert_eq!((answer, waited), (Ok(Some(1)), Duration::ZERO));
    // A clock that is behind waits in vain, and repeats nothing.
    let (answer, _) = second_call(Duration::ZERO, second, IfUnknown::Repeat).await;
    assert_eq!(answer, Err("InProgress"));
    let (answer, waited) = second_call(Duration::from_secs(20), second, IfUnknown::Refuse).await;
    assert_eq!((answer, waited), (Err("Unknown"), Duration::ZERO));
}

/// A clock that is ahead by up to the allowance doesn't take over from a call that still runs.
#[tokio::test(start_paused = true)]
async fn clocks_that_differ_by_the_allowance_repeat_nothing() {
    for (ahead, effects) in [(0, 1), (900, 1), (3000, 2)] {
        let (once, counter, event) = (
            Once::in_memory().unwrap(),
            Counter::default(),
            confirmation("ana"),
        );
        let effect = once.effect("count").clock_skew(Duration::from_secs(1));
        let slow = async {
            tokio::time::sleep(Duration::from_millis(4400)).await;
            counter.count().await
        };
        let first = effect_at(0, &effect, &event, slow);
        let second = async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            effect_at(3000 + ahead, &effect, &event, counter.count()).await
        };
        let (first, second) = tokio::join!(first, second);
        // Beyond the allowance the second call takes over: the stated exception. Both still have one answer.
        assert_eq!(counter.total(), effects, "{ahead} ms ahead");
        assert_eq!(first, second, "{ahead} ms ahead");
    }
}

async fn effect_at<E: Into<crate::Error>>(
    milliseconds: u64,
    effect: &crate::once::Effect,
    event: &Event<cognito_triggers_model::triggers::PostConfirmation>,
    run: impl Future<Output = Result<u32, E>>,
) -> u32 {
    let context = call_at(noon() + Duration::from_millis(milliseconds));
    effect.answer(&context, event, run).await.unwrap()
}

#[tokio::test]
async fn a_late_owner_changes_nothing() {
    let store = MemoryStore::new();
    let [first, second] = [(); 2].map(|()| Token::random().unwrap());
    let at = |seconds| noon() + Duration::from_secs(seconds);
    let claim = |token, now| Claim {
        key: "key",
        token,
        now,
        lease_until: now + Duration::from_secs(5),
        expires: at(60),
        take_over: true,
    };
    assert!(matches!(
        store.claim(&claim(first, at(0))).await,
        Ok(Claimed::Taken)
    ));
    assert!(matches!(
        store.claim(&claim(second, at(1))).await,
        Ok(Claimed::Busy { .. })
    ));
    assert!(matches!(
        store.claim(&claim(second, at(5))).await,
        Ok(Claimed::Taken)
    ));
    let finish = |token, answer| Finish {
        key: "key",
        token,
        answer,
        expires: at(60),
    };
    assert!(!store.finish(&finish(first, None)).await.unwrap());
    assert!(
        !store
            .release(&Release {
                key: "key",
                token: first
            })
            .await
            .unwrap()
    );
    let answer = Secret::new("json:2");
    assert!(store.finish(&finish(second, Some(&answer))).await.unwrap());
    // The late one neither overwrites nor removes it, and its owner can't give back what is done.
    assert!(!store.finish(&finish(first, None)).await.unwrap());
    assert!(
        !store
            .release(&Release {
                key: "key",
                token: second
            })
            .await
            .unwrap()
    );
    match store.claim(&claim(first, at(6))).await.unwrap() {
        Claimed::Done { answer: Some(answer) } => assert_eq!(answer.expose(), "json:2"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_full_store_forgets_only_what_is_done() {
    let store = Arc::new(MemoryStore::with_capacity(2));
    let claim = |key, expires| Claim {
        key,
        token: Token::random().unwrap(),
        now: noon(),
        lease_until: noon() + Duration::from_secs(5),
        expires: noon() + Duration::from_secs(expires),
        take_over: true,
    };
    let done = claim("done", 60);
    store.claim(&done).await.unwrap();
    let Claim {
        key, token, expires, ..
    } = done;
    assert!(
        store
            .finish(&Finish {
                key,
                token,
                answer: None,
                expires
            })
            .await
            .unwrap()
    );
    store.claim(&claim("one", 60)).await.unwrap();
    store.claim(&claim("two", 30)).await.unwrap();
    assert_eq!(store.len(), 2);
    let error = store.claim(&claim("three", 60)).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Full);
    let later = Claim {
        now: noon() + Duration::from_secs(30),
        ..claim("three", 90)
    };
    assert!(matches!(store.claim(&later).await, Ok(Claimed::Taken)));
    assert_eq!(store.len(), 2);
}
