//! Replaces secrets in the record of a trigger, for `GET /_dev/events` and for logs.

use serde_json::{Value, json};

use super::record::TriggerRecord;

/// Members whose values are secrets, in lowercase and without `_` and `-`.
///
/// `challengeMetadata` is one of them because AWS's example of a sign-in without a password keeps the code in it. The
/// tokens, `SECRET_HASH` and `PASSWORD` can only occur in what an app sends as `ClientMetadata` or `ValidationData`.
const SECRETS: [&str; 8] = [
    "password",
    "challengeanswer",
    "privatechallengeparameters",
    "challengemetadata",
    "secrethash",
    "accesstoken",
    "idtoken",
    "refreshtoken",
];

impl TriggerRecord {
    /// The record with `***` in place of every secret in the event and in the answer.
    ///
    /// Secrets are passwords, tokens, answers to challenges, private challenge parameters and challenge metadata. Names
    /// stay, and so does `null`. A code of a custom sender is sealed, and `codeParameter` is a placeholder, so both stay
    /// too. Attributes of users stay, and so does [`error`](Self::error), whose text a function may have written.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        redact(&mut self.event);
        self.answer.iter_mut().for_each(redact);
        self
    }
}

/// Replaces the secrets of a value, at any depth.
fn redact(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match is_secret(name, member) {
                    true => hide(member),
                    false => redact(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}

/// Whether a member is a secret. `session` is one only as a string: as an array it lists the challenges so far.
fn is_secret(name: &str, value: &Value) -> bool {
    let plain = name.to_ascii_lowercase().replace(['_', '-'], "");
    SECRETS.contains(&plain.as_str()) || (plain == "session" && value.is_string())
}

/// Replaces a secret. An object keeps the names of its members.
fn hide(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Object(members) => members.values_mut().for_each(hide),
        _ => *value = json!("***"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_at_any_depth() {
        let mut event = json!({
            "request": {
                "password": "p", "challengeAnswer": 7, "privateChallengeParameters": {"a": "p", "b": ["p"], "c": null},
                "session": [{"challengeName": "CUSTOM_CHALLENGE", "challengeMetadata": "CODE-p"}],
                "clientMetadata": {"SECRET_HASH": "p", "Session": "p", "access-token": "p", "session_length": "5"},
                "code": "sealed", "codeParameter": "{####}", "usernameParameter": null,
            },
            "response": {"privateChallengeParameters": null},
        });
        redact(&mut event);
        let expected = json!({
            "request": {
                "password": "***", "challengeAnswer": "***",
                "privateChallengeParameters": {"a": "***", "b": "***", "c": null},
                "session": [{"challengeName": "CUSTOM_CHALLENGE", "challengeMetadata": "***"}],
                "clientMetadata": {"SECRET_HASH": "***", "Session": "***", "access-token": "***", "session_length": "5"},
                "code": "sealed", "codeParameter": "{####}", "usernameParameter": null,
            },
            "response": {"privateChallengeParameters": null},
        });
        assert_eq!(event, expected);
    }
}
