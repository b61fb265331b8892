//! Events whose secrets can be recognized wherever they turn up.

use serde_json::Value;

/// What every secret begins with.
pub(crate) const MARK: &str = "SECRET";

/// Fields of a request that are secret, or somebody's data: every string in them.
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

/// The event with a mark in place of each secret and of the user's name.
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
        // Cognito's own word for what it does about a sign-in.
        Value::String(_) if name == "ACCOUNT_TAKE_OVER_ACTION" => (),
        // Null stays null, and an empty text is there for a reason.
        Value::String(text) if !text.is_empty() => *text = format!("{MARK}-{name}"),
        _ => (),
    }
}
