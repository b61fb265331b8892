//! What functions do to the `request` that they return.

use serde_json::{Value, json};

use super::{codes, sample};
use crate::rules::{Certainty, check};

/// A change of `request`.
type Change = fn(&mut Value);

/// The findings for an answer whose `request` was changed: code, path and certainty.
fn found(name: &str, change: Change) -> Vec<(&'static str, String, Certainty)> {
    let event = sample(name);
    let mut answer = event.clone();
    change(&mut answer["request"]);
    let ignored = ["define-nothing-decided", "verify-no-verdict"];
    check(&event, &answer)
        .into_iter()
        .filter(|finding| !ignored.contains(&finding.rule.code))
        .map(|finding| (finding.rule.code, finding.path, finding.certainty))
        .collect()
}

fn remove(json: &mut Value, key: &str) {
    json.as_object_mut().unwrap().remove(key);
}

const LOSES: &str = "answer-loses-request";
const TYPE: &str = "answer-changes-request-type";

/// Source: the PHP runtime bref writes `{}` as `[]` (brefphp/bref#1727).
#[test]
fn a_request_that_is_not_an_object_counts_as_missing() {
    for change in [
        |request: &mut Value| *request = json!([]),
        |request: &mut Value| *request = json!(null),
        |request: &mut Value| *request = json!("{}"),
    ] {
        assert_eq!(
            found("pre_authentication/authentication", change),
            [("answer-without-request", "request".to_owned(), Certainty::Certain)]
        );
    }
}

#[test]
fn lost_values_are_found_at_any_depth() {
    let cases: [(&str, Change, &str); 7] = [
        ("pre_authentication/authentication", |r| *r = json!({}), "request"),
        (
            "pre_authentication/authentication",
            |r| r["userAttributes"] = json!(null),
            "request.userAttributes",
        ),
        (
            "post_authentication/authentication",
            |r| remove(r, "userAttributes"),
            "request.userAttributes",
        ),
        (
            "pre_sign_up/sign-up",
            |r| remove(&mut r["userAttributes"], "email"),
            "request.userAttributes.email",
        ),
        (
            "define_auth_challenge/authentication.right-answer",
            |r| r["session"] = json!([]),
            "request.session",
        ),
        (
            "pre_token_generation_v1/authentication.groups",
            |r| r["groupConfiguration"] = json!({}),
            "request.groupConfiguration",
        ),
        (
            "inbound_federation/external-provider",
            |r| r["attributes"]["userInfo"] = json!(null),
            "request.attributes.userInfo",
        ),
    ];
    for (name, change, path) in cases {
        assert_eq!(
            found(name, change),
            [(LOSES, path.to_owned(), Certainty::Uncertain)],
            "{name}"
        );
    }
}

#[test]
fn another_json_type_is_found_at_any_depth() {
    let cases: [(&str, Change, &str); 5] = [
        (
            "pre_authentication/authentication",
            |r| r["userAttributes"] = json!([]),
            "request.userAttributes",
        ),
        (
            "pre_sign_up/external-provider",
            |r| r["validationData"] = json!([]),
            "request.validationData",
        ),
        (
            "post_authentication/authentication",
            |r| r["newDeviceUsed"] = json!("false"),
            "request.newDeviceUsed",
        ),
        (
            "define_auth_challenge/authentication.right-answer",
            |r| r["session"][0]["challengeResult"] = json!(1),
            "request.session[0].challengeResult",
        ),
        (
            "verify_auth_challenge_response/authentication",
            |r| r["privateChallengeParameters"] = json!([]),
            "request.privateChallengeParameters",
        ),
    ];
    for (name, change, path) in cases {
        assert_eq!(
            found(name, change),
            [(TYPE, path.to_owned(), Certainty::Uncertain)],
            "{name}"
        );
    }
}

/// Functions with typed events do this, and they work in production.
#[test]
fn typed_answers_have_no_findings() {
    let cases: [(&str, Change); 5] = [
        ("pre_sign_up/sign-up", |r| r["validationData"] = json!({})),
        ("create_auth_challenge/authentication", |r| {
            r["more"] = json!(null);
        }),
        ("custom_message/sign-up", |r| remove(r, "linkParameter")),
        ("define_auth_challenge/authentication.user-not-found-false", |r| {
            remove(r, "userNotFound");
        }),
        ("user_migration/authentication", |r| {
            r["userAttributes"] = json!({})
        }),
    ];
    for (name, change) in cases {
        assert_eq!(found(name, change), [], "{name}");
    }
}

/// One report says that Cognito refuses them, so they are found, and other added nulls aren't.
#[test]
fn a_null_for_an_absent_member_is_a_warning() {
    let name = "post_confirmation/confirm-sign-up.client-id-absent";
    let event = sample(name);
    let mut answer = event.clone();
    answer["request"]["clientMetadata"] = json!(null);
    answer["callerContext"]["clientId"] = json!(null);
    let found = check(&event, &answer).into_iter();
    let found: Vec<_> = found
        .filter(|finding| finding.rule.code == "answer-adds-null")
        .map(|finding| (finding.path, finding.certainty))
        .collect();
    let warned = |path: &str| (path.to_owned(), Certainty::Uncertain);
    assert_eq!(
        found,
        [warned("request.clientMetadata"), warned("callerContext.clientId")]
    );

    let sent = |name: &str| codes(&check(&sample(name), &sample(name))).contains(&"answer-adds-null");
    assert!(!sent("post_confirmation/confirm-sign-up.client-id-null"));
    assert!(!sent("custom_email_sender/sign-up"));
}

#[test]
fn a_changed_attribute_is_found_once() {
    let event = sample("pre_sign_up/sign-up");
    let mut answer = event.clone();
    answer["request"]["userAttributes"]["email"] = json!("other@example.com");
    assert_eq!(codes(&check(&event, &answer)), ["answer-changes-attributes"]);
}
