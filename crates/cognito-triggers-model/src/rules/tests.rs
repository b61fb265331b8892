//! Every rule with an answer that breaks it and one that keeps it, and what holds for all rules.

mod echo;
mod examples;
mod inputs;

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::triggers::DEFINITIONS;

/// A sample event: `pre_sign_up/sign-up`.
pub(super) fn sample(name: &str) -> Value {
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples");
    let json = fs::read_to_string(samples.join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&json).unwrap()
}

fn samples() -> Vec<(String, Value)> {
    let mut samples = Vec::new();
    for definition in DEFINITIONS {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("samples")
            .join(definition.route.as_str());
        for file in fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            let name = format!(
                "{}/{}",
                definition.route,
                file.file_stem().unwrap().to_str().unwrap()
            );
            samples.push((name.clone(), sample(&name)));
        }
    }
    assert!(samples.len() > 100, "{}", samples.len());
    samples
}

/// What the caller sees: the exception, or that the call continues or isn't known.
pub(super) fn outcome_name(event: &Value, answer: &Value) -> &'static str {
    match answer_outcome(event, answer) {
        AnswerOutcome::Continues => "continues",
        AnswerOutcome::Fails { exception, .. } => exception,
        AnswerOutcome::Unknown { .. } => "unknown",
    }
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn every_rule_has_a_bad_and_a_good_example() {
    let examples = examples::all();
    let shown: Vec<_> = examples.iter().map(|example| example.code).collect();
    let rules: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
    for code in &rules {
        assert!(shown.contains(code), "no example for {code}");
    }
    for example in &examples {
        let examples::Example {
            code,
            event,
            breaks,
            keeps,
        } = example;
        assert!(rules.contains(code), "no rule {code}");
        let broken = check(event, breaks);
        let finding = broken.iter().find(|finding| finding.rule.code == *code);
        let finding = finding.unwrap_or_else(|| panic!("{code} isn't found in {breaks:#}: {broken:?}"));
        assert!(
            !finding.message.is_empty() && !finding.message.ends_with('.'),
            "{finding}"
        );
        let kept = check(event, keeps);
        assert!(!codes(&kept).contains(code), "{code} is found in {keeps:#}");
    }
}

#[test]
fn every_row_of_the_table_is_complete() {
    let mut codes = BTreeSet::new();
    for rule in RULES {
        let Rule {
            code,
            sentence,
            consequence,
            link,
            routes,
            ..
        } = rule;
        assert!(codes.insert(code), "{code} occurs twice");
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
        assert!(
            sentence.ends_with('.') && consequence.ends_with(['.', '`']),
            "{code}"
        );
        assert!(link.starts_with("https://"), "{code}: {link}");
        for route in *routes {
            assert!(
                DEFINITIONS.iter().any(|definition| definition.route == *route),
                "{code}: {route}"
            );
        }
    }
}

#[test]
fn an_event_returned_unchanged_breaks_no_rule() {
    for (name, event) in samples() {
        let mut found = check(&event, &event);
        // Two triggers have to decide something, and the nulls that Cognito sends don't.
        found.retain(|finding| !matches!(finding.rule.code, "define-nothing-decided" | "verify-no-verdict"));
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn checking_any_answer_does_not_panic() {
    let odd = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5),
        json!(""),
        json!("text"),
        json!([]),
        json!({}),
        json!([null, {"a": [1]}]),
        json!({"a": {"b": null}}),
        json!({"": "\u{0}"}),
    ];
    for (name, event) in samples() {
        for value in &odd {
            check(&event, value);
            check(value, &event);
            for answer in replaced(&event, value) {
                for finding in check(&event, &answer) {
                    assert!(!finding.to_string().is_empty(), "{name}");
                }
                check(&answer, &event);
            }
        }
    }
}

/// The JSON with each of its values replaced in turn.
fn replaced(json: &Value, value: &Value) -> Vec<Value> {
    let children: Vec<(String, &Value)> = match json {
        Value::Object(map) => map.iter().map(|(key, child)| (key.clone(), child)).collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(index, child)| (index.to_string(), child))
            .collect(),
        _ => Vec::new(),
    };
    let mut all = vec![value.clone()];
    for (key, child) in children {
        for changed in replaced(child, value) {
            let mut whole = json.clone();
            match &mut whole {
                Value::Object(map) => drop(map.insert(key.clone(), changed)),
                Value::Array(list) => list[key.parse::<usize>().unwrap()] = changed,
                _ => unreachable!("only these have children"),
            }
            all.push(whole);
        }
    }
    all
}

#[test]
fn findings_quote_no_value() {
    const SECRET: &str = "s3cr3t-6b1f";
    for mut example in examples::all() {
        // Every string of the event and the answer now contains the secret.
        mark(&mut example.breaks, SECRET);
        mark(&mut example.event["request"], SECRET);
        for finding in check(&example.event, &example.breaks) {
            assert!(!finding.to_string().contains(SECRET), "{finding}");
        }
    }
}

/// Appends a text to every string.
fn mark(json: &mut Value, text: &str) {
    match json {
        Value::String(value) => value.push_str(text),
        Value::Array(list) => list.iter_mut().for_each(|value| mark(value, text)),
        Value::Object(map) => map.values_mut().for_each(|value| mark(value, text)),
        _ => {}
    }
}

#[test]
fn senders_and_unknown_triggers_have_few_rules() {
    let sender = sample("custom_email_sender/sign-up");
    assert!(check(&sender, &json!(null)).is_empty());
    let mut event = sample("pre_sign_up/sign-up");
    event["triggerSource"] = json!("NewTrigger_NewSource");
    let mut answer = event.clone();
    answer["response"] = json!({"anything": [1, 2]});
    assert!(check(&event, &answer).is_empty());
    answer.as_object_mut().unwrap().remove("userPoolId");
    assert_eq!(codes(&check(&event, &answer)), ["answer-without-header"]);
}

#[test]
fn one_missing_header_field_is_uncertain_and_all_are_certain() {
    let event = sample("post_confirmation/confirm-sign-up");
    let certainties = |keys: &[&str]| {
        let mut answer = event.clone();
        for key in keys {
            answer.as_object_mut().unwrap().remove(*key);
        }
        let findings = check(&event, &answer).into_iter();
        findings.map(|finding| finding.certainty).collect::<BTreeSet<_>>()
    };
    assert_eq!(certainties(&["userPoolId"]), [Certainty::Uncertain].into());
    assert_eq!(
        certainties(&["version", "region", "userPoolId", "userName"]),
        [Certainty::Uncertain].into()
    );
    assert_eq!(
        certainties(&["version", "region", "userPoolId", "userName", "callerContext"]),
        [Certainty::Certain].into()
    );
}

#[test]
fn a_value_between_the_two_limits_is_uncertain() {
    let event = sample("user_migration/authentication");
    let certainty = |value: String| {
        let mut answer = event.clone();
        answer["response"]["userAttributes"] = json!({"email": "emil@example.com", "custom:bio": value});
        let findings = check(&event, &answer).into_iter();
        let mut found = findings.filter(|finding| finding.rule.code == "attribute-too-long");
        found.next().map(|finding| finding.certainty)
    };
    assert_eq!(certainty("a".repeat(2048)), None);
    assert_eq!(certainty("é".repeat(1500)), Some(Certainty::Uncertain));
    assert_eq!(certainty("😀".repeat(513)), Some(Certainty::Uncertain));
    assert_eq!(certainty("a".repeat(2049)), Some(Certainty::Certain));
}

#[test]
fn ignored_fields_are_only_warnings() {
    let event = sample("pre_sign_up/admin-create-user");
    let mut answer = event.clone();
    answer["response"] = json!({"autoConfirmUser": true, "autoVerifyEmail": true, "autoVerifyPhone": true});
    let findings = check(&event, &answer);
    assert_eq!(findings.len(), 3);
    for finding in &findings {
        assert_eq!(finding.certainty, Certainty::Uncertain, "{finding}");
    }
}

#[test]
fn a_response_field_of_the_event_is_known() {
    for (name, path) in [
        ("pre_sign_up/sign-up", "autoEnrolPasskey"),
        ("post_authentication/authentication", "riskDecision"),
        ("custom_message/sign-up", "replyTo"),
    ] {
        let mut event = sample(name);
        event["response"][path] = json!(null);
        let mut answer = event.clone();
        answer["response"][path] = json!(true);
        assert!(
            !codes(&check(&event, &answer)).contains(&"response-field-unknown"),
            "{name}"
        );
        answer["response"]["ofTheFunction"] = json!(true);
        assert!(
            codes(&check(&event, &answer)).contains(&"response-field-unknown"),
            "{name}"
        );
    }
}

#[test]
fn a_typed_answer_is_checked_as_its_json() {
    use crate::{triggers::PreSignUp, triggers::pre_sign_up};
    let json = sample("pre_sign_up/sign-up.phone-only").to_string();
    let event = crate::event::Event::<PreSignUp>::from_json(json).unwrap();
    let response = |auto_verify_email| pre_sign_up::Response {
        auto_verify_email,
        ..Default::default()
    };
    assert_eq!(
        codes(&event.check(&response(true))),
        ["auto-verify-without-attribute", "auto-verify-without-confirm"]
    );
    assert!(event.check(&response(false)).is_empty());
}

#[test]
fn no_key_of_an_answer_changes_how_it_is_parsed() {
    let event = sample("pre_token_generation_v2/authenticate-device").to_string();
    let mut answer: Value = serde_json::from_str(&event).unwrap();
    answer["response"] = json!({ "claimsAndScopeOverrideDetails": { "idTokenGeneration": { "claimsToAddOrOverride": {
        "KEY": "[1]",
        "sub": "somebody else",
    } } } });
    let answer = answer
        .to_string()
        .replace("\"KEY\"", "\"$serde_json::private::RawValue\"");
    let found = check_answer(
        crate::route::Route::PreTokenGenerationV2,
        &event.into(),
        answer.as_bytes(),
    );
    assert!(codes(&found).contains(&"claim-reserved"), "{found:?}");
}

#[test]
fn no_key_of_an_event_changes_what_the_rules_find() {
    const KEY: &str = "$serde_json::private::RawValue";
    let expected = ["auto-verify-without-attribute", "auto-verify-without-confirm"];
    for member in ["clientMetadata", "validationData", "userAttributes"] {
        for key in [KEY.to_owned(), KEY.replacen('$', "\\u0024", 1)] {
            for text in [r#"{\"email\":\"ana@example.com\"}"#, "not json", ""] {
                let mut event = sample("pre_sign_up/sign-up.phone-only");
                event["request"][member] = json!({ "KEY": "TEXT" });
                let event = event.to_string().replace("KEY", &key).replace("TEXT", text);
                let answer = event.replace(r#""autoVerifyEmail":false"#, r#""autoVerifyEmail":true"#);
                let event = event.into();
                let found = check_answer(crate::route::Route::PreSignUp, &event, answer.as_bytes());
                assert_eq!(codes(&found), expected, "{answer}");
            }
        }
    }
}
