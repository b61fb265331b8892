//! Marks the secrets of events, so that they can be found in logs and errors.

use serde_json::Value;

/// The beginning of every marked string.
pub(crate) const MARK: &str = "SECRET";

/// Fields of a request with secrets or personal data. Every string in them is marked.
const SECRET: [&str; 14] = [
    "password",
    "code",
    "challengeAnswer",
    "privateChallengeParameters",
    "challengeMetadata",
    "access_token",
    "id_token",
    "refresh_token",
    "idToken",
    "userInfo",
    "samlResponse",
    "userAttributes",
    "clientMetadata",
    "validationData",
];

/// The event with a mark in place of each secret and of the user name.
pub(crate) fn marked(json: &str) -> String {
    let mut event: Value = serde_json::from_str(json).unwrap();
    event["userName"] = format!("{MARK}-user-name").into();
    mark_in(&mut event["request"]);
    let marked = event.to_string();
    assert!(marked.contains(MARK), "{marked}");
    marked
}

fn mark_in(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                if SECRET.contains(&name.as_str()) {
                    mark_all(name, inner);
                } else {
                    mark_in(inner);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(mark_in),
        _ => (),
    }
}

fn mark_all(name: &str, value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, inner)| mark_all(name, inner)),
        Value::Array(list) => list.iter_mut().for_each(|inner| mark_all(name, inner)),
        // Not personal data: the action that Cognito takes.
        Value::String(_) if name == "ACCOUNT_TAKE_OVER_ACTION" => (),
        // Null and the empty string stay, because they have a meaning of their own.
        Value::String(text) if !text.is_empty() => *text = format!("{MARK}-{name}"),
        _ => (),
    }
}
