//! Replaces secrets in the records of triggers and calls, for the development endpoints, the console and logs.
//!
//! | where | what is a secret |
//! |---|---|
//! | anywhere | members with the names of Cognito's secrets: passwords, tokens, answers to challenges, sessions |
//! | requests and answers of the API | codes, secrets of app clients, and other members of the service model |
//! | what an app sends, and forms | members whose names sound like a secret |
//! | anywhere | texts that are a signed token, or begin with `Bearer`, also as the name of a member |
//!
//! A text that has JSON or a form inside is looked at in the same way: `embedded` replaces only the secrets in it, or the whole text if
//! it looks like JSON with a secret and can't be read.
//!
//! Attributes aren't secrets here, because a developer looks at users of their own making. Passwords are forgotten altogether:
//! nobody gets one, not even with `secrets=true`.

mod embedded;

use serde_json::{Value, json};

use self::embedded::Embedded;
pub(crate) use self::embedded::Found;
use self::embedded::rules::{Kind, Rules};
use crate::member_names::rename;

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
const SECRETS_OF_CALLS: [&str; 13] = [
    "clientsecret",
    "code",
    "confirmationcode",
    "csrf",
    "devicesecretverifierconfig",
    "newpassword",
    "previouspassword",
    "privatekey",
    "proposedpassword",
    "secret",
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

/// What an app answers to the challenges that ask for a factor. These are no secrets, although their member is called `ANSWER`.
pub(crate) const CHOICES: [&str; 8] = [
    "EMAIL_MFA",
    "EMAIL_OTP",
    "PASSWORD",
    "PASSWORD_SRP",
    "SMS_MFA",
    "SMS_OTP",
    "SOFTWARE_TOKEN_MFA",
    "WEB_AUTHN",
];

/// What stands in place of a secret.
pub(crate) const HIDDEN: &str = "***";

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
    fn has_secret(self, plain: &str, kind: Kind) -> bool {
        let is_recorded = matches!(
            self,
            Self::RecordedTrigger | Self::RecordedCall | Self::RecordedForm
        );
        is_secret(plain, kind)
            || (self.is_call() && SECRETS_OF_CALLS.contains(&plain))
            || (is_recorded && SECRETS_OF_RECORDINGS.contains(&plain))
    }

    /// Whether the members of a member are judged by the parts of their names.
    fn has_map(self, plain: &str) -> bool {
        FROM_APPS.contains(&plain) || (self.is_call() && MAPS_OF_CALLS.contains(&plain))
    }
}

impl Rules for Origin {
    fn is_secret(&self, name: &str, kind: Kind, is_sent: bool) -> bool {
        self.has_secret(&plain(name), kind) || (is_sent && sounds_secret(name))
    }

    fn has_sent(&self, name: &str) -> bool {
        self.has_map(&plain(name))
    }

    fn is_secret_text(&self, text: &str) -> bool {
        is_token(text)
    }
}

/// The rules for passwords, which nobody gets.
struct Passwords;

impl Rules for Passwords {
    fn is_secret(&self, name: &str, kind: Kind, _is_sent: bool) -> bool {
        // Most names are shorter, and needn't be copied.
        kind == Kind::Text && name.len() >= "password".len() && plain(name).contains("password")
    }

    fn has_sent(&self, _name: &str) -> bool {
        false
    }

    fn is_secret_text(&self, _text: &str) -> bool {
        false
    }
}

/// What is done with the secrets of a value.
pub(crate) trait Replace {
    /// Replaces a secret. `name` is that of its member.
    fn value(&mut self, name: &str, secret: &mut Value);

    /// Returns what stands for a secret within a text. `name` is that of its member or parameter.
    fn part(&mut self, name: &str, found: &Found<'_>) -> String;

    /// Whether the rest of a text stays JSON, so that what stands for a number gets quotes.
    fn quotes_numbers(&self) -> bool {
        true
    }

    /// Makes a value of a text in which secrets were replaced.
    fn replaced_text(&mut self, replaced: String) -> Value {
        Value::String(replaced)
    }

    /// Returns the new name of a member whose name is a secret; `None` to keep it.
    fn member_name(&mut self, name: &str) -> Option<String>;
}

/// Writes `***`.
struct Hide;

impl Replace for Hide {
    fn value(&mut self, _name: &str, secret: &mut Value) {
        hide(secret);
    }

    fn part(&mut self, _name: &str, _found: &Found<'_>) -> String {
        HIDDEN.to_owned()
    }

    fn member_name(&mut self, _name: &str) -> Option<String> {
        Some(HIDDEN.to_owned())
    }
}

/// Replaces the secrets in the event or the answer of a trigger, at any depth.
pub(crate) fn redact(value: &mut Value) {
    for_each_secret(Origin::Trigger, value, &mut Hide);
}

/// Replaces the secrets in the request or the answer of a call of the API, at any depth.
pub(crate) fn redact_call(value: &mut Value) {
    for_each_secret(Origin::Call, value, &mut Hide);
}

/// Replaces the secrets in the form of an OAuth endpoint or a page, whose names are judged by their parts.
pub(crate) fn redact_form(value: &mut Value) {
    walk(Origin::Call, value, true, &mut Hide);
}

/// Writes `***`, and leaves the names of members.
struct HideValues;

impl Replace for HideValues {
    fn value(&mut self, name: &str, secret: &mut Value) {
        Hide.value(name, secret);
    }

    fn part(&mut self, name: &str, found: &Found<'_>) -> String {
        Hide.part(name, found)
    }

    fn member_name(&mut self, _name: &str) -> Option<String> {
        None
    }
}

/// Replaces everything that a recording has placeholders for, at any depth, except in the names of members.
pub(crate) fn hide_recorded(value: &mut Value) {
    for_each_secret(Origin::RecordedCall, value, &mut HideValues);
}

/// Replaces each secret once, at any depth. What is in a secret is part of it.
pub(crate) fn for_each_secret(origin: Origin, value: &mut Value, replace: &mut dyn Replace) {
    walk(origin, value, origin == Origin::RecordedForm, replace);
}

/// `is_sent` says whether an app has chosen the names of the value's members, whose parts then decide.
fn walk(origin: Origin, value: &mut Value, is_sent: bool, replace: &mut dyn Replace) {
    match value {
        Value::String(text) if is_token(text) => replace.value("jwt", value),
        Value::String(text) => {
            let quotes_numbers = replace.quotes_numbers();
            let mut part = |name: &str, found: &Found<'_>| replace.part(name, found);
            let replaced = Embedded::new(&origin, quotes_numbers, &mut part).replace(text, is_sent);
            if let Some(replaced) = replaced {
                *value = replace.replaced_text(replaced);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let is_unread = is_sent && plain(name) == FORM_METADATA && !read_object(member);
                if is_unread || origin.is_secret(name, kind(member), is_sent) {
                    if !is_choice(name, member) {
                        replace.value(name, member);
                    }
                } else {
                    walk(origin, member, is_sent || origin.has_sent(name), replace);
                }
            }
            rename(members, &mut |name| {
                is_token(name).then(|| replace.member_name(name)).flatten()
            });
        }
        Value::Array(items) => {
            for item in items {
                let secret = pair(item).filter(|(name, _)| is_sent && sounds_secret(name));
                let done = secret.map(|(name, value)| {
                    replace.value(&name, value);
                    std::mem::take(value)
                });
                // It may have other members.
                walk(origin, item, is_sent, replace);
                if let (Some(done), Some(place)) = (done, item.get_mut("Value")) {
                    *place = done;
                }
            }
        }
        _ => {}
    }
}

/// Whether a member has the chosen factor, and not a secret.
fn is_choice(name: &str, value: &Value) -> bool {
    name == "ANSWER" && value.as_str().is_some_and(|answer| CHOICES.contains(&answer))
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::String(_) => Kind::Text,
        Value::Object(_) => Kind::Object,
        _ => Kind::Other,
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
///
/// ```
/// use cognito_triggers_pool::recording::is_token;
///
/// assert!(is_token("Bearer abc") && is_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."));
/// ```
pub fn is_token(text: &str) -> bool {
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

/// The name and the value of an element of an array of `Name` and `Value`.
fn pair(item: &mut Value) -> Option<(String, &mut Value)> {
    let name = item.get("Name")?.as_str()?.to_owned();
    Some((name, item.get_mut("Value")?))
}

/// Replaces every password, at any depth, also in a text that has JSON or a form inside. The pool keeps none, not even for those who
/// may see secrets.
///
/// A password is a string whose name contains `password`.
pub(crate) fn forget_passwords(value: &mut Value) {
    match value {
        Value::String(text) => {
            let mut hidden = |_: &str, _: &Found<'_>| HIDDEN.to_owned();
            if let Some(replaced) = Embedded::new(&Passwords, true, &mut hidden).replace(text, false) {
                *text = replaced;
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if Passwords.is_secret(name, kind(member), false) {
                    hide(member);
                }
                forget_passwords(member);
            }
        }
        Value::Array(items) => {
            for item in items {
                if let Some((_, value)) =
                    pair(item).filter(|(name, value)| Passwords.is_secret(name, kind(value), false))
                {
                    hide(value);
                }
                forget_passwords(item);
            }
        }
        _ => {}
    }
}

/// A name in lowercase, without `_` and `-`.
pub(crate) fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-'], "")
}

/// Whether a member is a secret. `session` is one only as a string: as an array it lists the challenges so far. `idToken` as an
/// object has the claims of an identity provider, and not its signed token.
fn is_secret(plain: &str, kind: Kind) -> bool {
    let is_claims = plain == "idtoken" && kind == Kind::Object;
    (SECRETS.contains(&plain) && !is_claims) || (plain == "session" && kind == Kind::Text)
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

/// Replaces a secret. An object keeps the names of its members that are none themselves.
fn hide(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            members.values_mut().for_each(hide);
            rename(members, &mut |name| is_token(name).then(|| HIDDEN.to_owned()));
        }
        _ => *value = json!(HIDDEN),
    }
}

#[cfg(test)]
mod tests;
