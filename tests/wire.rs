//! Events as bytes: each is routed, read and answered, and the answer repeats every byte outside of `response`.

mod golden;
mod null;
mod properties;
mod support;
mod unread;

use cognito_triggers::samples;
use support::{Call, Caller};

/// The text of an event before and after the value of its `response`. The samples are indented by two spaces and end with
/// `response`, so this needs no JSON parser, which could share an error with the one under test.
fn around_response(json: &str) -> (&str, &str) {
    let key = "\n  \"response\": ";
    let start = json.find(key).expect("a response") + key.len();
    (&json[..start], "\n}\n")
}

#[test]
fn answers_repeat_every_byte_outside_of_response() {
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
                assert_eq!(answer, sample.json, "{name}: the answer is the event, unchanged");
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
fn there_are_155_samples() {
    assert_eq!(samples::all().count(), 155);
}

#[test]
fn default_answers_equal_the_response_in_the_event() {
    // Cognito sends a `response` with null and false, which is what an unchanged answer has. For two triggers there is no
    // such answer, because the function always has to decide.
    let caller = Caller::new(support::defaults());
    for sample in samples::all().filter(|sample| !sample.route.is_custom_sender()) {
        if ["define_auth_challenge", "verify_auth_challenge_response"].contains(&sample.route.as_str()) {
            continue;
        }
        let received: serde_json::Value = serde_json::from_str(sample.json).unwrap();
        let answer = caller.call(sample.json.as_bytes()).0.unwrap();
        let mut answer: serde_json::Value = serde_json::from_slice(answer.as_bytes()).unwrap();
        if sample.variant == Some("before-enable-sms-mfa") {
            // The answer has null for a key that this older event lacks.
            let response = answer["response"].as_object_mut().unwrap();
            assert_eq!(response.remove("enableSMSMFA"), Some(serde_json::Value::Null));
        }
        assert_eq!(answer, received, "{}", support::name(sample));
    }
}
