//! The placeholders that stand for secrets: `{{password-1}}`, `{{session-3}}`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use serde_json::{Map, Value};

use crate::redact::{Origin, for_each_secret, plain};

/// Shorter secrets are replaced only where they are known to be one: they occur in other texts by chance.
const SHORTEST: usize = 4;

/// What the player reads as a pattern where it compares, so that a text that has it needs one more `$`.
const PATTERNS: [&str; 4] = ["${any}", "${digits}", "${hex}", "${uuid}"];

/// The members of a request that name what it is about. They can't become secrets by what the call did.
const KEPT: [&str; 3] = ["username", "clientid", "userpoolid"];

/// Two hashes of a secret: enough to know it again, and too little to read it.
type Print = (u64, u64);

/// The placeholders of one recording.
///
/// Two steps replace the secrets of a value, because a secret may be known from a later part of the same call.
///
/// A recording may have any number of secrets, so none is kept as text: each takes the same few bytes.
#[derive(Debug)]
pub(crate) struct Names {
    /// The kind and the number of each secret.
    of: HashMap<Print, (&'static str, usize)>,
    /// The lengths of the secrets that are replaced anywhere, by their last bytes.
    by_end: HashMap<[u8; SHORTEST], Vec<usize>>,
    hashers: (RandomState, RandomState),
    /// The only member of an object that stands for a placeholder until all texts are replaced. It is random, so no input has it.
    mark: String,
    /// Whether placeholders have no braces, and nothing is escaped.
    is_plain: bool,
}

impl Default for Names {
    fn default() -> Self {
        let hashers = (RandomState::new(), RandomState::new());
        let mark = format!(
            "\0{:016x}{:016x}",
            hashers.0.hash_one("mark"),
            hashers.1.hash_one("mark")
        );
        Self {
            of: HashMap::new(),
            by_end: HashMap::new(),
            hashers,
            mark,
            is_plain: false,
        }
    }
}

impl Names {
    /// Placeholders without braces, for values that nobody reads placeholders in.
    pub(crate) fn plain() -> Self {
        Self {
            is_plain: true,
            ..Self::default()
        }
    }

    /// Replaces the secrets that the names of members tell by marks, which [`finish`](Self::finish) replaces.
    pub(crate) fn mark(&mut self, origin: Origin, value: &mut Value) {
        for_each_secret(origin, value, &mut |name, secret| {
            self.mark_all(kind_of(name), secret)
        });
    }

    /// Replaces a secret by a mark: a text or a number, or each of those in an object or an array.
    pub(crate) fn mark_all(&mut self, kind: &'static str, secret: &mut Value) {
        let text = match &mut *secret {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.mark_all(kind, item));
                return;
            }
            Value::Object(members) => {
                members
                    .values_mut()
                    .for_each(|member| self.mark_all(kind, member));
                return;
            }
            Value::Null => return,
            Value::String(text) if text.is_empty() => return,
            Value::String(text) => std::mem::take(text),
            other => other.to_string(),
        };
        let name = self.name(kind, &text);
        *secret = self.marked(name);
    }

    /// An object that [`finish`](Self::finish) replaces by this text.
    fn marked(&self, text: String) -> Value {
        Value::Object(Map::from_iter([(self.mark.clone(), Value::String(text))]))
    }

    /// Finishes what names the user, the client and the pool of a request, before the call adds secrets of its own.
    ///
    /// A function that has the user's name among its private parameters would make a secret of it, and a player couldn't make the
    /// call.
    pub(crate) fn keep_subject(&self, request: &mut Value) {
        for place in ["", "/AuthParameters", "/ChallengeResponses"] {
            let members = request.pointer_mut(place).and_then(Value::as_object_mut);
            for (name, member) in members.into_iter().flatten() {
                if KEPT.contains(&plain(name).as_str())
                    && let Value::String(text) = member
                {
                    *member = self.marked(self.text(text));
                }
            }
        }
    }

    /// Replaces marks by their placeholders, and all known secrets in every other text of what is sent again.
    pub(crate) fn finish(&self, value: &mut Value) {
        self.finish_with(value, &|text| self.text(text));
    }

    /// The same for what is compared, where a pattern such as `${any}` has to stand for itself.
    pub(crate) fn finish_compared(&self, value: &mut Value) {
        self.finish_with(value, &|text| self.compared(text));
    }

    fn finish_with(&self, value: &mut Value, text_of: &dyn Fn(&str) -> String) {
        match value {
            Value::String(text) => *text = text_of(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.finish_with(item, text_of)),
            Value::Object(members) => match members.get_mut(&self.mark) {
                Some(name) => *value = name.take(),
                None => members
                    .values_mut()
                    .for_each(|member| self.finish_with(member, text_of)),
            },
            _ => {}
        }
    }

    /// The placeholder of a secret. A new one gets the next number.
    pub(crate) fn name(&mut self, kind: &'static str, secret: &str) -> String {
        let next = self.of.len() + 1;
        let (kind, number) = *self.of.entry(self.print(secret)).or_insert((kind, next));
        if number == next
            && let Some(end) = secret.as_bytes().last_chunk::<SHORTEST>()
        {
            let lengths = self.by_end.entry(*end).or_default();
            if !lengths.contains(&secret.len()) {
                lengths.push(secret.len());
            }
        }
        self.placeholder(kind, number)
    }

    fn placeholder(&self, kind: &str, number: usize) -> String {
        if self.is_plain {
            format!("{kind}-{number}")
        } else {
            format!("{{{{{kind}-{number}}}}}")
        }
    }

    fn print(&self, secret: &str) -> Print {
        let (first, second) = &self.hashers;
        (first.hash_one(secret), second.hash_one(secret))
    }

    /// The same for a text that is compared, in which a pattern such as `${any}` stands for itself.
    pub(crate) fn compared(&self, text: &str) -> String {
        let mut text = self.text(text);
        if !self.is_plain && text.contains("${") {
            for pattern in PATTERNS {
                text = text.replace(pattern, &format!("${pattern}"));
            }
        }
        text
    }

    /// A text that isn't a secret itself, with placeholders for the secrets in it.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut found = Vec::new();
        for (index, end) in text.as_bytes().windows(SHORTEST).enumerate() {
            let Some(lengths) = <[u8; SHORTEST]>::try_from(end)
                .ok()
                .and_then(|end| self.by_end.get(&end))
            else {
                continue;
            };
            let until = index + SHORTEST;
            for length in lengths {
                let Some(begin) = until.checked_sub(*length) else {
                    continue;
                };
                let secret = text.get(begin..until);
                if let Some(secret) = secret.filter(|secret| !is_in_number(text, begin, secret))
                    && let Some((kind, number)) = self.of.get(&self.print(secret))
                {
                    found.push((begin, until, *kind, *number));
                }
            }
        }
        // The one that begins first wins, and of those the longest.
        found.sort_by_key(|(begin, end, ..)| (*begin, Reverse(*end)));
        let mut replaced = String::new();
        let mut done = 0;
        for (begin, end, kind, number) in found {
            if begin < done {
                continue;
            }
            replaced.push_str(&self.escaped(text.get(done..begin).unwrap_or_default()));
            replaced.push_str(&self.placeholder(kind, number));
            done = end;
        }
        replaced.push_str(&self.escaped(text.get(done..).unwrap_or_default()));
        replaced
    }

    /// A text that reads as itself, although it may look like a placeholder.
    fn escaped(&self, text: &str) -> String {
        if self.is_plain {
            return text.to_owned();
        }
        text.replace("{{", "{{{{")
    }
}

/// Whether a secret that begins here consists of digits and is a part of a longer number: a code also occurs in a telephone number by
/// chance.
fn is_in_number(text: &str, begin: usize, secret: &str) -> bool {
    let is_digit = |index: Option<usize>| {
        index
            .and_then(|index| text.as_bytes().get(index))
            .is_some_and(u8::is_ascii_digit)
    };
    secret.bytes().all(|byte| byte.is_ascii_digit())
        && (is_digit(begin.checked_sub(1)) || is_digit(Some(begin + secret.len())))
}

/// What a secret is, by the name of its member: the first part of the placeholder.
fn kind_of(name: &str) -> &'static str {
    let plain = plain(name);
    let has = |part: &str| plain.contains(part);
    match plain.as_str() {
        "session" => "session",
        "accesstoken" => "access-token",
        "idtoken" => "id-token",
        "refreshtoken" | "token" => "refresh-token",
        "passwordclaimsignature" => "signature",
        "srpa" => "srp-a",
        "srpb" => "srp-b",
        "salt" => "salt",
        "secretcode" => "authenticator-secret",
        "credential" | "credentialcreationoptions" | "credentialrequestoptions" => "passkey",
        "devicesecretverifierconfig" => "device-verifier",
        _ if has("secretblock") => "secret-block",
        _ if has("password") || has("passwd") || has("passphrase") => "password",
        _ if has("secrethash") => "secret-hash",
        _ if has("clientsecret") => "client-secret",
        _ if has("answer") || has("challenge") => "answer",
        _ if has("code") || has("otp") => "code",
        _ => "secret",
    }
}

/// A part of a text in a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// These characters.
    Text(&'a str),
    /// The placeholder with this name, such as `password-1`.
    Secret(&'a str),
}

/// Splits a text of a recording into its parts.
///
/// ```
/// use cognito_triggers_pool::recording::{Part, parts};
///
/// assert_eq!(parts("code {{code-2}}"), [Part::Text("code "), Part::Secret("code-2")]);
/// assert_eq!(parts("{{{{name}}"), [Part::Text("{{"), Part::Text("name}}")]);
/// ```
#[must_use]
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        parts.push(Part::Text(before));
        if let Some(literal) = after.strip_prefix("{{") {
            parts.push(Part::Text("{{"));
            rest = literal;
        } else if let Some((name, more)) = after.split_once("}}") {
            parts.push(Part::Secret(name));
            rest = more;
        } else {
            // Written by hand perhaps; it stands for itself.
            parts.push(Part::Text("{{"));
            rest = after;
        }
    }
    parts.push(Part::Text(rest));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

/// A value of a recording with `***` in place of each placeholder.
pub(crate) fn without_placeholders(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let part = |part: &Part<'_>| match part {
                Part::Text(text) => (*text).to_owned(),
                Part::Secret(_) => "***".to_owned(),
            };
            parts(text).iter().map(part).collect::<String>().into()
        }
        Value::Array(items) => items.iter().map(without_placeholders).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), without_placeholders(value)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn replaced(names: &mut Names, origin: Origin, mut value: Value) -> Value {
        names.mark(origin, &mut value);
        names.finish(&mut value);
        value
    }

    #[test]
    fn the_same_secret_has_the_same_placeholder() {
        let mut names = Names::default();
        let request = json!({
            "Password": "Passw0rd!", "Username": "ana", "Session": "s-1", "SRP_A": "0a1b2c",
            "ClientMetadata": { "note": "it is Passw0rd!, or Passw0rd" },
        });
        assert_eq!(
            replaced(&mut names, Origin::RecordedCall, request),
            json!({
                "Password": "{{password-1}}", "Username": "ana", "Session": "{{session-3}}", "SRP_A": "{{srp-a-2}}",
                "ClientMetadata": { "note": "it is {{password-1}}, or Passw0rd" },
            })
        );
        let again = json!({ "AuthParameters": { "PASSWORD": "Passw0rd!" }, "PreviousPassword": "Passw0rd" });
        assert_eq!(
            replaced(&mut names, Origin::RecordedCall, again),
            json!({ "AuthParameters": { "PASSWORD": "{{password-1}}" }, "PreviousPassword": "{{password-4}}" })
        );
    }

    #[test]
    fn a_longer_secret_wins_over_one_in_it() {
        let mut names = Names::default();
        let (short, long) = (names.name("code", "123456"), names.name("session", "x123456y"));
        assert_eq!(
            names.text("1234567 ax123456yb 12345"),
            format!("1234567 a{long}b 12345")
        );
        assert_eq!(
            names.text("+15551234567, 0123456, 123456.7"),
            format!("+15551234567, 0123456, {short}.7")
        );
        assert_eq!(names.text("ü123456ü"), format!("ü{short}ü"));
    }

    #[test]
    fn numbers_and_nested_values_have_placeholders_too() {
        let mut names = Names::default();
        let event = json!({ "request": { "challengeAnswer": 7, "privateChallengeParameters": { "a": ["7", null], "b": true } } });
        assert_eq!(
            replaced(&mut names, Origin::RecordedTrigger, event),
            json!({ "request": {
                "challengeAnswer": "{{answer-1}}",
                "privateChallengeParameters": { "a": ["{{answer-1}}", null], "b": "{{answer-2}}" },
            } })
        );
    }

    #[test]
    fn a_pattern_of_the_player_stands_for_itself() {
        let names = Names::default();
        assert_eq!(names.compared("a ${any} $${hex} ${x}"), "a $${any} $$${hex} ${x}");
        assert_eq!(names.text("${any}"), "${any}", "it is sent as it is");
    }

    #[test]
    fn what_looks_like_a_placeholder_stands_for_itself() {
        let names = Names::default();
        for text in ["{{password-1}}", "{{", "a{{{b}}}", "{{{{x}}}}", "}}{{"] {
            let written = names.text(text);
            let read: String = parts(&written)
                .iter()
                .map(|part| match part {
                    Part::Text(text) => *text,
                    Part::Secret(_) => "secret",
                })
                .collect();
            assert_eq!(read, text, "{written}");
        }
    }
}
