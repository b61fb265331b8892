//! Which texts become placeholders, and which stay.

use serde_json::json;

use super::super::parts::{Part, parts};
use super::*;

fn replaced(names: &mut Names, origin: Origin, mut value: Value) -> Value {
    names.mark(origin, &mut value);
    names.finish(&mut value);
    value
}

#[test]
fn the_same_secret_has_the_same_placeholder() {
    let mut names = Names::default();
    let request = json!({
        "Password": "Passw0rd!", "Username": "ana", "Session": "s-1", "SRP_A": "0a1b2c",
        "ClientMetadata": { "note": "it is Passw0rd!, or Passw0rd" },
    });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, request),
        json!({
            "Password": "{{password-1}}", "Username": "ana", "Session": "{{session-3}}", "SRP_A": "{{srp-a-2}}",
            "ClientMetadata": { "note": "it is {{password-1}}, or Passw0rd" },
        })
    );
    let again = json!({ "AuthParameters": { "PASSWORD": "Passw0rd!" }, "PreviousPassword": "Passw0rd" });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, again),
        json!({ "AuthParameters": { "PASSWORD": "{{password-1}}" }, "PreviousPassword": "{{password-4}}" })
    );
}

#[test]
fn a_longer_secret_wins_over_one_in_it() {
    let mut names = Names::default();
    let (short, long) = (names.name("code", "123456"), names.name("session", "x123456y"));
    assert_eq!(
        names.text("1234567 ax123456yb 12345"),
        format!("1234567 a{long}b 12345")
    );
    assert_eq!(
        names.text("+15551234567, 0123456, 123456.7"),
        format!("+15551234567, 0123456, {short}.7")
    );
    assert_eq!(names.text("ü123456ü"), format!("ü{short}ü"));
}

#[test]
fn numbers_and_nested_values_have_placeholders_too() {
    let mut names = Names::default();
    let event = json!({ "request": { "challengeAnswer": 7, "privateChallengeParameters": { "a": ["7", null], "b": true } } });
    assert_eq!(
        replaced(&mut names, Origin::RecordedTrigger, event),
        json!({ "request": {
            "challengeAnswer": "{{answer-1}}",
            "privateChallengeParameters": { "a": ["{{answer-1}}", null], "b": "{{answer-2}}" },
        } })
    );
}

#[test]
fn a_pattern_of_the_player_stands_for_itself() {
    let names = Names::default();
    assert_eq!(names.compared("a ${any} $${hex} ${x}"), "a $${any} $$${hex} ${x}");
    assert_eq!(names.text("${any}"), "${any}", "it is sent as it is");
}

#[test]
fn what_looks_like_a_placeholder_stands_for_itself() {
    let names = Names::default();
    for text in ["{{password-1}}", "{{", "a{{{b}}}", "{{{{x}}}}", "}}{{"] {
        let written = names.text(text);
        let read: String = parts(&written)
            .iter()
            .map(|part| match part {
                Part::Text(text) => *text,
                Part::Secret(_) => "secret",
            })
            .collect();
        assert_eq!(read, text, "{written}");
    }
}

#[test]
fn secrets_in_names_of_members_are_replaced() {
    let mut names = Names::default();
    let request = json!({
        "Password": "Passw0rd!", "UserAttributes": [],
        "ClientMetadata": { "Passw0rd!": "1", "x Passw0rd!": "2", "{{x-1}}": "3", "Bearer abc": "4", "plain": "5" },
    });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, request),
        json!({
            "Password": "{{password-3}}", "UserAttributes": [],
            "ClientMetadata": {
                "{{password-3}}": "1", "x {{password-3}}": "2", "{{{{x-1}}": "3", "{{secret-2}}": "{{secret-1}}", "plain": "5",
            },
        })
    );
    // What Cognito calls its own members is no secret, even if it is a password.
    let event = json!({ "request": { "password": "userAttributes", "userAttributes": { "email": "userAttributes" } } });
    assert_eq!(
        replaced(&mut names, Origin::RecordedTrigger, event),
        json!({ "request": { "password": "{{password-4}}", "userAttributes": { "email": "{{password-4}}" } } })
    );
}

#[test]
fn names_of_cases_stay_apart() {
    let mut names = Names::plain();
    let event = json!({ "request": { "password": "rosebud", "userAttributes": { "rosebud": "1", "password-1": "2" } } });
    assert_eq!(
        replaced(&mut names, Origin::Trigger, event),
        json!({ "request": { "password": "password-1", "userAttributes": { "password-1-2": "1", "password-1": "2" } } })
    );
}

#[test]
fn secrets_in_texts_with_json_or_a_form_are_replaced() {
    let mut names = Names::default();
    let request = json!({
        "Password": "Pa\"ss 1",
        "ClientMetadata": {
            "json": "{ \"otp\": 12, \"a\": \"{{x}}\", \"inner\": \"{\\\"pin\\\":\\\"ab\\\"}\" }",
            "known": "{\"a\":\"Pa\\\"ss 1\"} Pa%22ss%201", "form": "x=1&pin=ab",
        },
    });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, request),
        json!({
            "Password": "{{password-3}}",
            "ClientMetadata": {
                "json": "{ \"otp\": {{code-2}}, \"a\": \"{{{{x}}\", \"inner\": \"{\\\"pin\\\":\\\"{{secret-1}}\\\"}\" }",
                "known": "{\"a\":\"{{password-3}}\"} {{password-3}}", "form": "x=1&pin={{secret-1}}",
            },
        })
    );
}
