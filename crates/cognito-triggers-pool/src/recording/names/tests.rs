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
                "known": "{\"a\":\"{{password-3|json}}\"} {{password-3|url}}", "form": "x=1&pin={{secret-1}}",
            },
        })
    );
}

#[test]
fn a_secret_that_is_written_otherwise_is_known() {
    for (secret, written, suffix) in [
        ("Pässw0rd", "P\\u00e4ssw0rd", "|ascii"),
        ("ab!cd", "ab%21cd", "|url"),
        ("a/b c", "a%2fb%20c", "|url-lower"),
        ("a/b c", "a%2Fb+c", "|form"),
        ("é it's!", "%C3%A9%20it's!", "|uri"),
        ("a\"bc", "a\\\"bc", "|json"),
        ("a\"bc", "a\\\\\\\"bc", "|json|json"),
    ] {
        let mut names = Names::default();
        names.name("password", secret);
        let text = format!("<{written}>");
        assert_eq!(
            names.text(&text),
            format!("<{{{{password-1{suffix}}}}}>"),
            "{written}"
        );
        let mut plain = Names::plain();
        plain.name("password", secret);
        assert_eq!(plain.text(&text), "<password-1>");
    }
}

#[test]
fn a_secret_is_known_after_a_url_had_it_encoded() {
    let mut names = Names::default();
    let request = json!({ "ClientMetadata": {
        "back": "https://a.example/?pin=ab%21cd&pin=x%79z%2F", "later": "it is ab!cd, xyz/ or x%79z%2F",
        "inner": "{\"a\":\"{\\\"pin\\\":\\\"q\\\\\\\"uux\\\"}\"}",
    } });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, request),
        json!({ "ClientMetadata": {
            "back": "https://a.example/?pin={{secret-1|url}}&pin={{secret-2|url}}",
            "later": "it is {{secret-1}}, {{secret-2}} or {{secret-2|url}}",
            "inner": "{\"a\":\"{\\\"pin\\\":\\\"{{secret-3|json|json}}\\\"}\"}",
        } })
    );
    // A password that looks like another secret in a URL is its own.
    let password = json!({ "Password": "ab%21cd" });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, password),
        json!({ "Password": "{{password-4}}" })
    );
    let again = json!({ "Password": "ab%21cd", "ClientMetadata": { "x": "?pin=ab%21cd" } });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, again),
        json!({ "Password": "{{password-4}}", "ClientMetadata": { "x": "?pin={{password-4}}" } })
    );
}

#[test]
fn json_that_cannot_be_read_has_one_placeholder() {
    let mut names = Names::default();
    let request =
        json!({ "ClientMetadata": { "j": "{\"Bearer abc\":1}", "k": "{\"password\":\"hunter2\"" } });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, request),
        json!({ "ClientMetadata": { "j": "{\"{{secret-1}}\":{{secret-2}}}", "k": "{{secret-3}}" } })
    );
}

#[test]
fn a_chosen_factor_is_no_secret() {
    let mut names = Names::default();
    for answer in ["PASSWORD", "EMAIL_OTP", "EMAIL_MFA"] {
        let request =
            json!({ "ChallengeName": "SELECT_CHALLENGE", "ChallengeResponses": { "ANSWER": answer } });
        assert_eq!(
            replaced(&mut names, Origin::RecordedCall, request.clone()),
            request
        );
    }
    let request =
        json!({ "ChallengeResponses": { "ANSWER": "blue" }, "ClientMetadata": { "note": "a PASSWORD" } });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, request),
        json!({ "ChallengeResponses": { "ANSWER": "{{answer-1}}" }, "ClientMetadata": { "note": "a PASSWORD" } })
    );
}

#[test]
fn values_of_the_api_stay_whatever_a_secret_is() {
    let mut names = Names::default();
    names.name("answer", "EMAIL");
    names.name("password", "AUTH");
    let request = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "DeliveryMedium": "EMAIL", "note": "by EMAIL" });
    assert_eq!(
        replaced(&mut names, Origin::RecordedCall, request),
        json!({ "AuthFlow": "USER_PASSWORD_AUTH", "DeliveryMedium": "EMAIL", "note": "by {{answer-1}}" })
    );
}

/// Both would never end if each length were looked at, at each place, and each part were read again.
#[test]
fn hostile_secrets_do_not_take_forever() {
    let mut names = Names::default();
    for length in 4..1004 {
        names.name("code", &"a".repeat(length));
    }
    let text = format!("x{}", "a".repeat(131_072));
    let whole = names.text(&text);
    assert!(
        whole.starts_with("{{text-") && whole.ends_with("}}") && whole.len() < 40,
        "{whole}"
    );
    assert_eq!(names.text(&text), whole);
    assert_ne!(names.text(&format!("{text}a")), whole);
    assert_eq!(names.text(&"a".repeat(1003)), "{{code-1000}}");
    assert_eq!(names.text("aaa, and bcde"), "aaa, and bcde");

    let mut names = Names::default();
    for length in 0..10 {
        names.name("code", &"1".repeat(20_000 + length));
    }
    assert_eq!(names.text(&"1".repeat(100_000)), "1".repeat(100_000));
    let mut names = Names::default();
    for length in 0..10 {
        names.name("code", &"b".repeat(20_000 + length));
    }
    let found = names.text(&"b".repeat(100_000));
    assert_eq!(found.matches("{{code-10}}").count(), 4, "the longest one wins");
}
