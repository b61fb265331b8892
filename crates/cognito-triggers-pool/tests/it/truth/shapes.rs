//! The format of events: keys, types and nulls for each source, from captured events and AWS's documentation.
//!
//! For each `triggerSource`, `events.json` has the types in `request` and the `response` that Cognito sends. `strings` is an
//! object of strings, `stored` is one with `sub` and `cognito:user_status`, `results` is an array of challenge results, and
//! `parts` is an object of objects of strings, and `groups` is the object with the user's groups. `?` means that the key may be absent, and `|null` that the value may be
//! null. The event of a custom sender has no `response`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cognito_triggers_model::samples;
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    sources: Vec<String>,
    /// The version of the event, for the token trigger, which has several.
    version: Option<String>,
    request: Map<String, Value>,
    response: Option<Value>,
}

static SHAPES: LazyLock<Vec<Shape>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../truth/events.json")).unwrap());

const ENVELOPE: [&str; 7] = [
    "callerContext",
    "region",
    "request",
    "triggerSource",
    "userName",
    "userPoolId",
    "version",
];

/// How an event differs from the format of its source.
pub(crate) fn problems(event: &Value) -> Vec<String> {
    let text = |key: &str| event[key].as_str().unwrap_or_default();
    let (source, version) = (text("triggerSource"), text("version"));
    let shape = SHAPES.iter().find(|shape| {
        let version_fits = shape
            .version
            .as_ref()
            .is_none_or(|versions| versions.contains(version));
        version_fits && shape.sources.iter().any(|name| name == source)
    });
    let Some(shape) = shape else {
        return vec![format!("{source} isn't in the table of events")];
    };
    let mut problems = Vec::new();
    let mut keys: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
    let found = event.get("response");
    keys.retain(|key| *key != "response");
    keys.sort_unstable();
    if keys != ENVELOPE {
        problems.push(format!("the keys of {source} are {keys:?}"));
    }
    if shape.version.is_none() && version != "1" {
        problems.push(format!("the version of {source} is {version:?}"));
    }
    if found != shape.response.as_ref() {
        problems.push(format!(
            "response of {source} is {found:?}, not {:?}",
            shape.response
        ));
    }
    let context = event["callerContext"].as_object().unwrap();
    let client = context.get("clientId");
    if context.len() != 2
        || !context["awsSdkVersion"].is_string()
        || !client.is_some_and(|client| client.is_string() || client.is_null())
    {
        problems.push(format!("callerContext of {source} is {context:?}"));
    }
    let request = event["request"].as_object().unwrap();
    for key in request.keys().filter(|key| !shape.request.contains_key(*key)) {
        problems.push(format!("request of {source} has {key}"));
    }
    for (key, kind) in &shape.request {
        let kind = kind.as_str().unwrap();
        let fits = match request.get(key) {
            None => kind.starts_with('?'),
            Some(Value::Null) => kind.ends_with("null"),
            Some(value) => is(value, kind.trim_start_matches('?').trim_end_matches("|null")),
        };
        if !fits {
            problems.push(format!("{key} of {source} is {:?}, not {kind}", request.get(key)));
        }
    }
    problems
}

fn is(value: &Value, kind: &str) -> bool {
    let strings = || {
        value
            .as_object()
            .is_some_and(|map| map.values().all(Value::is_string))
    };
    match kind {
        "string" => value.is_string(),
        "bool" => value.is_boolean(),
        "list" => value
            .as_array()
            .is_some_and(|list| list.iter().all(Value::is_string)),
        "strings" => strings(),
        "stored" => strings() && value.get("sub").is_some() && value.get("cognito:user_status").is_some(),
        "parts" => value
            .as_object()
            .is_some_and(|parts| parts.values().all(|part| is(part, "strings"))),
        "results" => value.as_array().is_some_and(|list| list.iter().all(is_result)),
        "groups" => {
            let keys: Vec<_> = value.as_object().into_iter().flat_map(Map::keys).collect();
            keys == ["groupsToOverride", "iamRolesToOverride", "preferredRole"]
        }
        _ => false,
    }
}

/// Whether this is an element of a challenge session.
fn is_result(value: &Value) -> bool {
    let metadata = value.get("challengeMetadata");
    value["challengeName"].is_string()
        && value["challengeResult"].is_boolean()
        && metadata.is_some_and(|metadata| metadata.is_null() || metadata.is_string())
        && value.as_object().is_some_and(|result| result.len() == 3)
}

/// The sources of the table.
pub(crate) fn sources() -> Vec<&'static str> {
    SHAPES
        .iter()
        .flat_map(|shape| shape.sources.iter().map(String::as_str))
        .collect()
}

// Captured events of AWS have this format, so one of each kind tests the table.
#[test]
fn a_captured_event_has_the_form_of_its_source() {
    let event = json!({
        "version": "1", "triggerSource": "CustomMessage_AdminCreateUser", "region": "eu-west-2",
        "userPoolId": "eu-west-2_EXAMPLE27", "userName": "00000000-0000-4000-8000-000000000027",
        "callerContext": { "awsSdkVersion": "aws-sdk-js-2.1639.0", "clientId": "CLIENT_ID_NOT_APPLICABLE" },
        "request": {
            "userAttributes": {
                "sub": "00000000-0000-4000-8000-000000000027", "email_verified": "true",
                "cognito:user_status": "FORCE_CHANGE_PASSWORD", "email": "user@example.com",
            },
            "codeParameter": "{####}", "linkParameter": "{##Click Here##}", "usernameParameter": "{username}",
        },
        "response": { "smsMessage": null, "emailMessage": null, "emailSubject": null },
    });
    assert_eq!(problems(&event), Vec::<String>::new());
    let mut event = event;
    event["request"]["usernameParameter"] = Value::Null;
    event["request"]["userAttributes"]["email_verified"] = json!(true);
    event["response"] = json!({});
    assert_eq!(problems(&event).len(), 3);
}

/// Sources that have samples but aren't in the table: those that the pool doesn't fire, and some that the row of another
/// source covers.
const NOT_IN_THE_TABLE: [&str; 8] = [
    "CustomEmailSender_AccountTakeOverNotification",
    "CustomEmailSender_ResendCode",
    "CustomEmailSender_VerifyUserAttribute",
    "CustomSMSSender_AdminCreateUser",
    "CustomSMSSender_ForgotPassword",
    "CustomSMSSender_ResendCode",
    "CustomSMSSender_UpdateUserAttribute",
    "CustomSMSSender_VerifyUserAttribute",
];

/// Variants of samples with a different format, which Cognito was seen to send or AWS documents.
const OTHER_FORMS: [(&str, &str); 11] = [
    ("CustomMessage_AdminCreateUser", "without-link-parameter"),
    ("CustomMessage_SignUp", "without-username-parameter"),
    ("PostAuthentication_Authentication", "without-new-device-used"),
    ("PostConfirmation_ConfirmSignUp", "client-id-absent"),
    ("PreAuthentication_Authentication", "without-user-attributes"),
    // The format is the same in both versions.
    ("TokenGeneration_Authentication", "group-configuration-null"),
    ("TokenGeneration_Authentication", "group-configuration-null"),
    ("TokenGeneration_ClientCredentials", "without-user-name"),
    ("UserMigration_Authentication", "before-enable-sms-mfa"),
    ("UserMigration_ForgotPassword", "password-empty"),
    ("UserMigration_ForgotPassword", "password-null"),
];

#[test]
fn a_sample_has_the_form_of_its_source() {
    let in_the_table = sources();
    let mut others = BTreeSet::new();
    let mut other_forms = Vec::new();
    for sample in samples::all() {
        if !in_the_table.contains(&sample.source) {
            others.insert(sample.source);
            continue;
        }
        let event = serde_json::from_str(sample.json).unwrap();
        let found = problems(&event);
        match sample.variant {
            Some(variant) if !found.is_empty() => other_forms.push((sample.source, variant)),
            _ => assert_eq!(found, Vec::<String>::new()),
        }
    }
    other_forms.sort_unstable();
    assert_eq!(others, BTreeSet::from(NOT_IN_THE_TABLE));
    assert_eq!(other_forms, OTHER_FORMS);
}
