//! What counts as a retry, and what a reader of the store learns.

use std::collections::HashSet;

use cognito_triggers_model::{
    Event,
    triggers::{UserMigration, VerifyAuthChallengeResponse},
};

use super::support::{Counter, call_at, confirmation, kind, noon, once};
use crate::once::{MemoryStore, Once};

#[test]
fn a_key_says_pool_source_and_effect_and_nobody_s_name() {
    let once = once(MemoryStore::new());
    let key = once.effect("welcome mail").key(&confirmation("ana")).unwrap();
    let start = "eu-central-1_a1B2c3D4e/PostConfirmation_ConfirmSignUp/welcome/";
    let digits = key.as_str().strip_prefix(start).unwrap();
    assert!(
        digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit()),
        "{digits}"
    );
    assert_eq!(format!("{key:?}"), format!("Key({start}{}…)", &digits[..8]));
}

#[test]
fn pool_user_source_request_and_effect_tell_calls_apart() {
    let once = once(MemoryStore::new());
    let key = |json: String| {
        let event = Event::<cognito_triggers_model::triggers::PostConfirmation>::from_json(json).unwrap();
        once.effect("welcome").key(&event).unwrap().as_str().to_owned()
    };
    let event = |pool: &str, user: &str, source: &str, attribute: &str| {
        format!(
            r#"{{"triggerSource":"PostConfirmation_{source}","userPoolId":"{pool}","userName":{user},
                "request":{{"userAttributes":{{"sub":"{attribute}"}}}}}}"#
        )
    };
    let events = [
        event("p", r#""u""#, "ConfirmSignUp", "1"),
        event("q", r#""u""#, "ConfirmSignUp", "1"),
        event("p", r#""v""#, "ConfirmSignUp", "1"),
        event("p", "null", "ConfirmSignUp", "1"),
        event("p", r#""u""#, "ConfirmForgotPassword", "1"),
        event("p", r#""u""#, "ConfirmSignUp", "2"),
    ];
    let keys: HashSet<_> = events.iter().cloned().map(key).collect();
    assert_eq!(keys.len(), events.len());
    let names: HashSet<_> = ["welcome", "welcome mail", "Welcome"]
        .map(|name| once.effect(name).key(&confirmation("ana")).unwrap())
        .into();
    assert_eq!(names.len(), 3);
    // A retry is another request of Lambda with another response slot; neither is in the key.
    let retry = events[0].replace(r#""userPoolId""#, r#""version":"1","response":null,"userPoolId""#);
    assert_eq!(key(retry), key(events[0].clone()));
}

#[test]
fn another_secret_gives_another_key() {
    let event = confirmation("ana");
    let key = |once: &Once| once.effect("welcome").key(&event).unwrap();
    assert_eq!(key(&once(MemoryStore::new())), key(&once(MemoryStore::new())));
    assert_ne!(key(&once(MemoryStore::new())), key(&Once::in_memory().unwrap()));
}

/// The answer to a right password must not be given to a wrong one.
#[tokio::test(start_paused = true)]
async fn an_answer_that_a_secret_decides_is_for_that_secret_only() {
    let (once, counter, context) = (Once::in_memory().unwrap(), Counter::default(), call_at(noon()));
    let migration = |password: &str| {
        Event::<UserMigration>::from_json(format!(
            r#"{{"triggerSource":"UserMigration_Authentication","userName":"ana","request":{{"password":{password}}}}}"#
        ))
        .unwrap()
    };
    let (right, wrong) = (migration(r#""right""#), migration(r#""wrong""#));
    let effect = once.effect("migrate");
    assert_eq!(effect.key(&right).unwrap(), effect.key(&wrong).unwrap());
    let error = effect
        .answer(&context, &right, counter.count())
        .await
        .unwrap_err();
    assert_eq!(kind(&error), "SecretDecides");
    assert!(
        error.to_string().contains("`migrate`") && counter.total() == 0,
        "{error}"
    );

    let effect = effect.including_secrets();
    assert_eq!(effect.answer(&context, &right, counter.count()).await.unwrap(), 1);
    assert_eq!(effect.answer(&context, &wrong, counter.count()).await.unwrap(), 2);
    assert_eq!(effect.answer(&context, &right, counter.count()).await.unwrap(), 1);

    // A forgotten password has none to leave out.
    let forgotten = once
        .effect("look up")
        .answer(&context, &migration("null"), counter.count())
        .await;
    assert_eq!(forgotten.unwrap(), 3);

    let verify = Event::<VerifyAuthChallengeResponse>::from_json(
        r#"{"triggerSource":"VerifyAuthChallengeResponse_Authentication","request":{"challengeAnswer":"481516"}}"#,
    );
    let error = once
        .effect("verify")
        .answer(&context, &verify.unwrap(), counter.count())
        .await
        .unwrap_err();
    assert_eq!(kind(&error), "SecretDecides");
}

#[tokio::test(start_paused = true)]
async fn parts_of_the_team_replace_the_request() {
    let (once, counter, context) = (Once::in_memory().unwrap(), Counter::default(), call_at(noon()));
    let (ana, emil) = (confirmation("ana"), confirmation("emil"));
    let keyed = |parts: [&'static str; 2]| once.effect("count").keyed_by(parts);
    assert_eq!(
        keyed(["pool", "9f2d"])
            .run(&context, &ana, counter.count())
            .await
            .unwrap(),
        Some(1)
    );
    assert_eq!(
        keyed(["pool", "9f2d"])
            .run(&context, &emil, counter.count())
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        keyed(["poo", "l9f2d"])
            .run(&context, &emil, counter.count())
            .await
            .unwrap(),
        Some(2)
    );
    let key = keyed(["pool", "9f2d"]).key(&ana).unwrap();
    assert!(
        key.as_str().starts_with("parts/count/") && !key.as_str().contains("9f2d"),
        "{key:?}"
    );
}
