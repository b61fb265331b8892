//! What comes in over the wire goes out again: routed, read, answered, and nothing of it lost.

#[path = "wire/golden.rs"]
mod golden;
#[path = "wire/null.rs"]
mod null;
#[path = "wire/properties.rs"]
mod properties;
#[path = "wire/support.rs"]
mod support;
#[path = "wire/unread.rs"]
mod unread;

use cognito_triggers::samples;
use support::{Call, Caller};

/// Cuts an event in front of and behind the value of its `response`. The samples are indented by two spaces and end
/// with `response`, so this needs no JSON reader that could share an error with the one under test.
fn around_response(json: &str) -> (&str, &str) {
    let key = "\n  \"response\": ";
    let start = json.find(key).expect("a response") + key.len();
    (&json[..start], "\n}\n")
}

#[test]
fn every_sample_is_routed_and_comes_back_as_it_was_received() {
    for router in [support::defaults, support::full] {
        let caller = Caller::new(router());
        for sample in samples::all() {
            let name = support::name(sample);
            let (answer, calls) = caller.call(sample.json.as_bytes());
            let call = Call {
                route: sample.route.as_str(),
                source: sample.source.to_owned(),
                known: true,
            };
            assert_eq!(calls, [call], "{name}");

            let answer = answer.unwrap_or_else(|refusal| panic!("{name}: {}", refusal.detail()));
            let answer = std::str::from_utf8(answer.as_bytes()).unwrap();
            if sample.route.is_custom_sender() {
                assert_eq!(answer, sample.json, "{name}: the event goes back as it came");
                continue;
            }
            let (before, after) = around_response(sample.json);
            assert!(
                answer.starts_with(before) && answer.ends_with(after),
                "{name}: {answer}"
            );
            let response = &answer[before.len()..answer.len() - after.len()];
            let response: serde_json::Value = serde_json::from_str(response).unwrap();
            assert!(response.is_object(), "{name}: {response}");
        }
    }
}

#[test]
fn the_samples_are_all_there() {
    assert_eq!(samples::all().count(), 155);
}

#[test]
fn a_default_answer_is_what_cognito_filled_in_itself() {
    // Cognito says by its own nulls and falses what an untouched answer is. Two triggers have none: a verdict
    // and the way of a sign-in are always said.
    let caller = Caller::new(support::defaults());
    for sample in samples::all().filter(|sample| !sample.route.is_custom_sender()) {
        if ["define_auth_challenge", "verify_auth_challenge_response"].contains(&sample.route.as_str()) {
            continue;
        }
        let received: serde_json::Value = serde_json::from_str(sample.json).unwrap();
        let answer = caller.call(sample.json.as_bytes()).0.unwrap();
        let mut answer: serde_json::Value = serde_json::from_slice(answer.as_bytes()).unwrap();
        if sample.variant == Some("before-enable-sms-mfa") {
            // A null for a key that this old event didn't have yet.
            let response = answer["response"].as_object_mut().unwrap();
            assert_eq!(response.remove("enableSMSMFA"), Some(serde_json::Value::Null));
        }
        assert_eq!(answer, received, "{}", support::name(sample));
    }
}
