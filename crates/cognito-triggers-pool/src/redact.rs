//! Replaces secrets in the records of triggers and calls, for the development endpoints, the console and logs.
//!
//! | where | what is a secret |
//! |---|---|
//! | anywhere | members with the names of Cognito's secrets: passwords, tokens, answers to challenges, sessions |
//! | requests and answers of the API | codes, secrets of app clients, and other members of the service model |
//! | what an app sends, and forms | members whose names sound like a secret |
//! | anywhere | texts that are a signed token, or begin with `Bearer` |
//!
//! Attributes aren't secrets here, because a developer looks at users of their own making. Passwords are forgotten altogether:
//! nobody gets one, not even with `secrets=true`.

use serde_json::{Value, json};

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
const FROM_APPS: [&str; 3] = ["clientmetadata", "validationdata", FORM_METADATA];

/// The member of the token endpoint that has what an app sends, as the text of a JSON object.
const FORM_METADATA: &str = "awsclientmetadata";

/// Parts of names that mark a secret in what an app sends, in lowercase.
const SECRET_PARTS: [&str; 7] = [
    "apikey",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "secret",
    "token",
];

/// Words of names that mark a secret in what an app sends, in lowercase. `SMS_OTP_CODE` has two of them.
const SECRET_WORDS: [&str; 13] = [
    "answer",
    "authorization",
    "bearer",
    "code",
    "credential",
    "credentials",
    "jwt",
    "otp",
    "pass",
    "pin",
    "pw",
    "pwd",
    "signature",
];

/// Members of requests and answers of the API whose values are secrets, in addition to [`SECRETS`].
///
/// In events, `code` is encrypted, and a `token` is a name that an app chose.
const SECRETS_OF_CALLS: [&str; 12] = [
    "clientsecret",
    "code",
    "confirmationcode",
    "csrf",
    "devicesecretverifierconfig",
    "newpassword",
    "previouspassword",
    "privatekey",
    "proposedpassword",
    "secretcode",
    "temporarypassword",
    "token",
];

/// Members of requests and answers whose members are judged by the parts of their names, in addition to [`FROM_APPS`].
const MAPS_OF_CALLS: [&str; 3] = ["authparameters", "challengeresponses", "challengeparameters"];

/// Members of calls and events that are secrets in a recording only, in addition to those of calls: the values of SRP, codes of
/// authenticator apps, passkeys, and the encrypted code of a custom sender. Whoever looks at their own pool may see them, a
/// file that is kept must not have them.
const SECRETS_OF_RECORDINGS: [&str; 7] = [
    "code",
    "credential",
    "credentialcreationoptions",
    "salt",
    "srpa",
    "srpb",
    "usercode",
];

/// Where a value comes from, which decides what is a secret in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The event or the answer of a trigger.
    Trigger,
    /// The request or the answer of a call.
    Call,
    /// The same of a trigger, for a recording.
    RecordedTrigger,
    /// The same of a call, for a recording.
    RecordedCall,
    /// The form of an endpoint or a page, for a recording.
    RecordedForm,
}

impl Origin {
    /// Whether secrets have the names that they have in calls.
    fn is_call(self) -> bool {
        matches!(self, Self::Call | Self::RecordedCall | Self::RecordedForm)
    }

    /// Whether a member is a secret because of its name. `plain` is the name in lowercase.
    fn has_secret(self, plain: &str, value: &Value) -> bool {
        let is_recorded = matches!(
            self,
            Self::RecordedTrigger | Self::RecordedCall | Self::RecordedForm
        );
        is_secret(plain, value)
            || (self.is_call() && SECRETS_OF_CALLS.contains(&plain))
            || (is_recorded && SECRETS_OF_RECORDINGS.contains(&plain))
    }

    /// Whether the members of a member are judged by the parts of their names.
    fn has_map(self, plain: &str) -> bool {
        FROM_APPS.contains(&plain) || (self.is_call() && MAPS_OF_CALLS.contains(&plain))
    }
}

/// Replaces the secrets in the event or the answer of a trigger, at any depth.
pub(crate) fn redact(value: &mut Value) {
    for_each_secret(Origin::Trigger, value, &mut |_, secret| hide(secret));
}

/// Replaces the secrets in the request or the answer of a call of the API, at any depth.
pub(crate) fn redact_call(value: &mut Value) {
    for_each_secret(Origin::Call, value, &mut |_, secret| hide(secret));
}

/// Replaces the secrets in the form of an OAuth endpoint or a page, whose names are judged by their parts.
pub(crate) fn redact_form(value: &mut Value) {
    walk(Origin::Call, value, true, &mut |_, secret| hide(secret));
}

/// Replaces everything that a recording has placeholders for, at any depth, for a text that shows what a call did.
pub(crate) fn hide_recorded(value: &mut Value) {
    for_each_secret(Origin::RecordedCall, value, &mut |_, secret| hide(secret));
}

/// Calls `replace` once with the name and the value of each secret, at any depth. What is in a secret is part of it.
pub(crate) fn for_each_secret(origin: Origin, value: &mut Value, replace: &mut dyn FnMut(&str, &mut Value)) {
    walk(origin, value, origin == Origin::RecordedForm, replace);
}

/// `is_sent` says whether an app has chosen the names of the value's own members, whose parts then decide.
fn walk(origin: Origin, value: &mut Value, is_sent: bool, replace: &mut dyn FnMut(&str, &mut Value)) {
    match value {
        Value::String(text) if is_token(text) => replace("jwt", value),
        Value::Object(members) => {
            for (name, member) in members {
                let plain = plain(name);
                let is_unread = is_sent && plain == FORM_METADATA && !read_object(member);
                if is_unread || origin.has_secret(&plain, member) || (is_sent && sounds_secret(name)) {
                    replace(name, member);
                } else {
                    walk(origin, member, origin.has_map(&plain), replace);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                match pair(item) {
                    Some((name, value)) if is_sent && sounds_secret(&name) => replace(&name, value),
                    _ => walk(origin, item, false, replace),
                }
            }
        }
        _ => {}
    }
}

/// Replaces the text of a JSON object by the object. Returns whether the value is one now.
fn read_object(value: &mut Value) -> bool {
    if let Some(Ok(object)) = value.as_str().map(serde_json::from_str) {
        *value = object;
    }
    value.is_object()
}

/// Whether a text is a secret whatever its name is: a token in JSON, signed or encrypted, or what an `Authorization` header has.
fn is_token(text: &str) -> bool {
    let bearer = text
        .split_at_checked("Bearer ".len())
        .is_some_and(|(scheme, rest)| {
            scheme.eq_ignore_ascii_case("Bearer ") && !rest.is_empty() && !rest.contains(char::is_whitespace)
        });
    let is_part = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    // `{"` in Base64 begins with these letters.
    bearer
        || (text.starts_with("eyJ")
            && matches!(text.split('.').count(), 3 | 5)
            && text.split('.').all(is_part))
}

/// The names and values of a map, or of an array of `Name` and `Value`.
fn named(value: &mut Value) -> Vec<(String, &mut Value)> {
    match value {
        Value::Object(members) => members
            .iter_mut()
            .map(|(name, member)| (name.clone(), member))
            .collect(),
        Value::Array(items) => items.iter_mut().filter_map(pair).collect(),
        _ => Vec::new(),
    }
}

/// The name and the value of an element of an array of `Name` and `Value`.
fn pair(item: &mut Value) -> Option<(String, &mut Value)> {
    let name = item.get("Name")?.as_str()?.to_owned();
    Some((name, item.get_mut("Value")?))
}

/// Replaces every password, at any depth. The pool keeps none, not even for those who may see secrets.
///
/// A password is a string whose name contains `password`.
pub(crate) fn forget_passwords(value: &mut Value) {
    for (name, member) in named(value) {
        match member {
            Value::String(_) if plain(&name).contains("password") => hide(member),
            _ => {}
        }
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(forget_passwords),
        Value::Array(items) => items.iter_mut().for_each(forget_passwords),
        _ => {}
    }
}

/// A name in lowercase, without `_` and `-`.
pub(crate) fn plain(name: &str) -> String {
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
    fn secrets_of_calls_are_replaced() {
        let mut call = json!({
            "ClientId": "c", "Username": "ana", "Password": "p", "SecretHash": "p", "Session": "p", "ConfirmationCode": "p",
            "AuthParameters": {"USERNAME": "ana", "PASSWORD": "p", "DEVICE_KEY": "d", "SRP_A": "a"},
            "ChallengeResponses": {"ANSWER": "p", "SMS_MFA_CODE": "p"}, "ChallengeParameters": {"SECRET_BLOCK": "p", "SALT": "s"},
            "ValidationData": [{"Name": "inviteCode", "Value": "p"}, {"Name": "lang", "Value": "en"}],
            "AuthenticationResult": {"AccessToken": "p", "TokenType": "Bearer", "ExpiresIn": 3600},
            "UserPoolClient": {"ClientSecret": "p", "TokenValidityUnits": {"IdToken": "hours"}},
            "CodeDeliveryDetails": {"Destination": "a***"},
        });
        redact_call(&mut call);
        let text = call.to_string();
        assert!(!text.contains(r#""p""#), "{text}");
        for shown in ["ana", "\"d\"", "\"a\"", "\"s\"", "en", "Bearer", "3600", "a***"] {
            assert!(text.contains(shown), "{shown}: {text}");
        }
        let mut form = json!({ "username": "ana", "password": "p", "code_verifier": "p", "refresh_token": "p", "_csrf": "p" });
        redact_form(&mut form);
        assert_eq!(form["username"], "ana");
        assert!(!form.to_string().contains(r#""p""#), "{form}");
    }

    #[test]
    fn passwords_are_forgotten_at_any_depth() {
        let mut call = json!({
            "Password": "p", "TemporaryPassword": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 8}},
            "AuthParameters": {"PASSWORD": "p", "SECRET_HASH": "kept"},
            "ClientMetadata": {"oldPassword": "p"}, "ValidationData": [{"Name": "password", "Value": "p"}],
        });
        forget_passwords(&mut call);
        let text = call.to_string();
        assert!(!text.contains(r#""p""#), "{text}");
        assert!(
            text.contains("kept") && text.contains(r#""MinimumLength":8"#),
            "{text}"
        );
    }

    #[test]
    fn a_token_is_a_secret_under_any_name() {
        for token in [
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
            "Bearer abc",
            "eyJh.b.c.d.e-_",
        ] {
            let mut event =
                json!({ "request": { "userAttributes": { "custom:a": token }, "groups": [token] } });
            redact(&mut event);
            assert!(!event.to_string().contains(token), "{event}");
        }
        for text in [
            "Bearer",
            "bearer of news",
            "eyJ",
            "eyJh.b",
            "eyJh.b.ü",
            "Bearing b",
        ] {
            let mut event = json!({ "request": { "userAttributes": { "custom:a": text } } });
            redact(&mut event);
            assert_eq!(event["request"]["userAttributes"]["custom:a"], text);
        }
    }

    #[test]
    fn the_metadata_of_a_form_is_read() {
        let mut form = json!({ "aws_client_metadata": "{\"apiToken\":\"p\",\"lang\":\"en\"}" });
        redact_form(&mut form);
        assert_eq!(
            form,
            json!({ "aws_client_metadata": { "apiToken": "***", "lang": "en" } })
        );
        let mut form = json!({ "aws_client_metadata": "{\"apiToken\":\"p\"" });
        redact_form(&mut form);
        assert_eq!(form, json!({ "aws_client_metadata": "***" }));
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
            "passphrase",
            "apiKey",
            "x-api-key",
            "userPass",
            "pw",
            "jwt",
            "Authorization",
            "credentials",
            "request_signature",
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
            "compass",
            "passenger",
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
