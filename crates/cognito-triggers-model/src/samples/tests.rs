//! The samples are complete events in order, and the table describes them correctly.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Sample, all, find};

/// The name of the trigger in its sources, what follows the underscore there, and the routes that take them.
const SOURCES: &[(&str, &str, &str)] = &[
    (
        "PreSignUp",
        "SignUp AdminCreateUser ExternalProvider",
        "pre_sign_up",
    ),
    ("CustomMessage", MESSAGES, "custom_message"),
    (
        "PostConfirmation",
        "ConfirmSignUp ConfirmForgotPassword",
        "post_confirmation",
    ),
    ("PreAuthentication", "Authentication", "pre_authentication"),
    ("PostAuthentication", "Authentication", "post_authentication"),
    ("DefineAuthChallenge", "Authentication", "define_auth_challenge"),
    ("CreateAuthChallenge", "Authentication", "create_auth_challenge"),
    (
        "VerifyAuthChallengeResponse",
        "Authentication",
        "verify_auth_challenge_response",
    ),
    (
        "TokenGeneration",
        "HostedAuth Authentication NewPasswordChallenge AuthenticateDevice RefreshTokens",
        "pre_token_generation_v1 pre_token_generation_v2 pre_token_generation_v3",
    ),
    ("TokenGeneration", "ClientCredentials", "pre_token_generation_v3"),
    ("UserMigration", "Authentication ForgotPassword", "user_migration"),
    ("CustomSMSSender", MESSAGES, "custom_sms_sender"),
    ("CustomEmailSender", MESSAGES, "custom_email_sender"),
    (
        "CustomEmailSender",
        "AccountTakeOverNotification",
        "custom_email_sender",
    ),
    ("InboundFederation", "ExternalProvider", "inbound_federation"),
];
const MESSAGES: &str =
    "SignUp AdminCreateUser ResendCode ForgotPassword UpdateUserAttribute VerifyUserAttribute Authentication";

/// The path of a sample's file, from its source and variant: `pre_sign_up/sign-up.validation-data.json`.
fn file(sample: &Sample) -> String {
    let (_, name) = sample.source.split_once('_').unwrap();
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    let variant = sample
        .variant
        .map(|variant| format!(".{variant}"))
        .unwrap_or_default();
    format!("{}/{kebab}{variant}.json", sample.route)
}

fn parse(sample: &Sample) -> Value {
    serde_json::from_str(sample.json).unwrap_or_else(|error| panic!("{}: {error}", file(sample)))
}

#[test]
fn files_and_rows_are_the_same_samples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut files = BTreeSet::new();
    for route in fs::read_dir(&root).unwrap() {
        let route = route.unwrap();
        for sample in fs::read_dir(route.path()).unwrap() {
            let name = sample.unwrap().file_name();
            files.insert(format!("{}/{}", route.file_name().display(), name.display()));
        }
    }
    for sample in all() {
        let file = file(sample);
        assert_eq!(
            fs::read_to_string(root.join(&file)).unwrap(),
            sample.json,
            "the row of {file} includes another file"
        );
        assert!(files.remove(&file), "{file} has two rows");
    }
    assert!(files.is_empty(), "add a row for {files:?}");
}

#[test]
fn every_source_has_a_plain_sample_for_each_version() {
    let (mut sources, mut pairs) = (BTreeSet::new(), BTreeSet::new());
    for (trigger, names, routes) in SOURCES {
        for name in names.split(' ') {
            let source = format!("{trigger}_{name}");
            for route in routes.split(' ') {
                let mut samples = all().filter(|s| s.route.as_str() == route && s.source == source);
                assert_eq!(
                    samples.next().map(|s| s.variant),
                    Some(None),
                    "{source} in {route}: the plain one comes first"
                );
                assert!(
                    samples.all(|s| s.variant.is_some()),
                    "{source} in {route}: two plain ones"
                );
                pairs.insert((route, source.clone()));
            }
            sources.insert(source);
        }
    }
    assert_eq!(sources.len(), 41);
    for sample in all() {
        let known = pairs.contains(&(sample.route.as_str(), sample.source.to_owned()));
        assert!(known, "{} doesn't come to {}", sample.source, sample.route);
    }
}

#[test]
fn every_sample_is_a_whole_event_of_its_route() {
    for sample in all() {
        let (event, file) = (parse(sample), file(sample));
        assert_eq!(event["triggerSource"], sample.source, "{file}");
        assert_eq!(event["version"], sample.version(), "{file}");
        assert_eq!(event["region"], "eu-central-1", "{file}");
        assert_eq!(
            event["userPoolId"], "eu-central-1_Tr1gg3rs0",
            "{file}: all samples belong to one pool"
        );
        let is_named = sample.variant != Some("without-user-name");
        assert_eq!(event["userName"].is_string(), is_named, "{file}");
        assert!(
            event["callerContext"]
                .as_object()
                .unwrap()
                .contains_key("awsSdkVersion"),
            "{file}"
        );
        assert!(event["request"].is_object(), "{file}");
        // A custom sender's event has no `response`, because Cognito ignores the answer.
        let is_sender = sample.route.is_custom_sender();
        assert_eq!(
            event.get("response").is_some_and(Value::is_object),
            !is_sender,
            "{file}"
        );
        assert_eq!(
            event.as_object().unwrap().len(),
            6 + usize::from(is_named) + usize::from(!is_sender),
            "{file}: a key too many"
        );
    }
}

#[test]
fn responses_are_filled_in_as_cognito_does() {
    for sample in all() {
        let Some(Value::Object(response)) = parse(sample).get("response").cloned() else {
            continue;
        };
        let empty = |value: &Value| value.is_null() || *value == false || *value == serde_json::json!({});
        assert!(response.values().all(empty), "{}: {response:?}", file(sample));
    }
}

#[test]
fn every_row_has_a_fact_and_its_source() {
    for sample in all() {
        let file = file(sample);
        assert!(
            sample.fact.ends_with('.') && !sample.fact.ends_with(".."),
            "{file}: {}",
            sample.fact
        );
        assert!(sample.link.starts_with("https://"), "{file}: {}", sample.link);
        assert!(
            sample.json.ends_with("}\n") && sample.json.starts_with("{\n  \""),
            "{file} isn't formatted"
        );
        for path in sample.unread {
            let key = path
                .split('.')
                .try_fold(&parse(sample), |value, key| value.get(key))
                .cloned();
            assert!(key.is_some(), "{file} has no {path}");
        }
    }
}

#[test]
fn samples_are_found_by_source_and_variant() {
    let sample = find("TokenGeneration_RefreshTokens", None, None).unwrap();
    assert_eq!(
        (sample.route.as_str(), sample.lambda_version()),
        ("pre_token_generation_v1", "V1_0")
    );
    let sample = find(
        "TokenGeneration_RefreshTokens",
        Some("V3_0"),
        Some("client-metadata"),
    )
    .unwrap();
    assert_eq!(sample.route.as_str(), "pre_token_generation_v3");
    assert_eq!(
        find("TokenGeneration_ClientCredentials", Some("V2_0"), None),
        None
    );
    assert_eq!(find("PreSignUp_SignUp", None, Some("no-such-variant")), None);
}
