//! Replaces secrets in the record of a trigger, for `GET /_dev/events` and for logs.

use serde_json::{Value, json};

use super::record::TriggerRecord;

/// Members whose values are secrets, in lowercase and without `_` and `-`.
///
/// They include `challengeMetadata` because AWS's example of passwordless sign-in keeps the code in it. The tokens,
/// `SECRET_HASH` and `PASSWORD` can only occur in what an app sends as `ClientMetadata` or `ValidationData`.
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

/// Members that hold what an app sends. The app chooses the names of their members, so parts of the names decide what is a
/// secret.
const FROM_APPS: [&str; 2] = ["clientmetadata", "validationdata"];

/// Parts of names that mark a secret in what an app sends, in lowercase.
const SECRET_PARTS: [&str; 5] = ["password", "passwd", "passcode", "secret", "token"];

/// Words of names that mark a secret in what an app sends, in lowercase. `SMS_OTP_CODE` has two of them.
const SECRET_WORDS: [&str; 5] = ["answer", "code", "otp", "pin", "pwd"];

impl TriggerRecord {
    /// The record with `***` in place of every secret in the event and in the answer.
    ///
    /// Secrets are passwords, tokens, answers to challenges, private challenge parameters and challenge metadata. In
    /// `clientMetadata` and `validationData`, they also include members whose names contain `password`, `secret` or
    /// `token`, or have a word such as `answer`, `code` or `otp`.
    ///
    /// Names of members and `null` aren't replaced. Neither are the code of a custom sender, which is encrypted,
    /// `codeParameter`, which is a placeholder, the attributes of users, and [`error`](Self::error), whose text may come from
    /// a function.
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
                let plain = plain(name);
                if is_secret(&plain, member) {
                    hide(member);
                } else {
                    if FROM_APPS.contains(&plain.as_str()) {
                        redact_sent(member);
                    }
                    redact(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}

/// Replaces the members of an app's map whose names look like those of secrets.
fn redact_sent(map: &mut Value) {
    let members = map.as_object_mut().into_iter().flatten();
    members
        .filter(|(name, _)| sounds_secret(name))
        .for_each(|(_, member)| hide(member));
}

/// A name in lowercase, without `_` and `-`.
fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-'], "")
}

/// Whether a member is a secret. `session` is one only as a string: as an array it lists the challenges so far. `idToken` as an
/// object has the claims of an identity provider, and not its signed token.
fn is_secret(plain: &str, value: &Value) -> bool {
    let is_claims = plain == "idtoken" && value.is_object();
    (SECRETS.contains(&plain) && !is_claims) || (plain == "session" && value.is_string())
}

/// Whether a name that an app chose looks like that of a secret: `NEW_PASSWORD`, `SMS_OTP_CODE`, `userAnswer` or `code2`.
fn sounds_secret(name: &str) -> bool {
    let plain = plain(name);
    SECRET_PARTS.iter().any(|part| plain.contains(part))
        || words(name)
            .iter()
            .any(|word| SECRET_WORDS.contains(&word.as_str()))
}

/// Splits a name into words, in lowercase: at characters that aren't letters, and before an uppercase letter that follows a
/// lowercase one.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in name.chars() {
        if !letter.is_alphabetic() || (letter.is_uppercase() && after_small) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphabetic()) {
            word.extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase();
    }
    words
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
    #[test]
    fn names_of_apps_are_judged_by_their_parts() {
        let secrets = [
            "ANSWER",
            "NEW_PASSWORD",
            "currentPassword",
            "SMS_OTP_CODE",
            "EMAIL_OTP",
            "userAnswer",
            "code2",
            "verification-code",
            "client.secret",
            "captchaTOKEN",
            "DeviceToken",
            "db_PASS_WORD",
            "pin",
        ];
        let harmless = [
            "lang",
            "spinner",
            "footprint",
            "encoder",
            "answered_by",
            "codec",
            "keypinned",
            "session_length",
        ];
        for map in ["clientMetadata", "validationData"] {
            for (names, shown) in [(&secrets[..], "***"), (&harmless[..], "p")] {
                for name in names {
                    let mut event = json!({ "request": { map: { *name: "p" } } });
                    redact(&mut event);
                    assert_eq!(event["request"][map][name], shown, "{map}.{name}");
                }
            }
        }
        // Elsewhere, only whole names are compared.
        let mut event =
            json!({ "request": { "code": "sealed", "userAttributes": { "custom:token_count": "5" } } });
        let before = event.clone();
        redact(&mut event);
        assert_eq!(event, before);
    }
}
