//! The placeholders that stand for secrets: `{{password-1}}`, `{{session-3}}`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use serde_json::{Map, Value};

use super::known_names::is_known;
use super::parts::escaped;
use crate::form::encoded;
use crate::member_names::rename;
use crate::redact::{Origin, Replace, for_each_secret, is_token, plain};

/// Shorter secrets are replaced only where they are known to be one: they occur in other texts by chance.
const SHORTEST: usize = 4;

/// What the player reads as a pattern where it compares, so that a text that has it needs one more `$`.
const PATTERNS: [&str; 4] = ["${any}", "${digits}", "${hex}", "${uuid}"];

/// The members of a request that name what it is about. They can't become secrets by what the call did.
const KEPT: [&str; 3] = ["username", "clientid", "userpoolid"];

/// Two hashes of a secret: enough to know it again, and too little to read it.
type Print = (u64, u64);

/// The lengths of secrets with the same end. Most have one, which needs no memory of its own.
#[derive(Debug)]
struct Lengths {
    first: usize,
    others: Vec<usize>,
}

/// The placeholders of one recording.
///
/// Two steps replace the secrets of a value, because a secret may be known from a later part of the same call.
///
/// A recording may have any number of secrets, so none is kept as text: each takes the same few bytes, some 150.
#[derive(Debug)]
pub(crate) struct Names {
    /// The number of the latest secret.
    latest: usize,
    /// The kind and the number of each secret, also as it is written in JSON and in a URL.
    of: HashMap<Print, (&'static str, usize)>,
    /// The lengths of the secrets that are replaced anywhere, by their last bytes.
    by_end: HashMap<[u8; SHORTEST], Lengths>,
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
            latest: 0,
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
        for_each_secret(origin, value, self);
    }

    /// Replaces a secret by a mark: a text or a number, or each of those in an object or an array.
    pub(crate) fn mark_all(&mut self, kind: &'static str, secret: &mut Value) {
        let text = match &mut *secret {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.mark_all(kind, item));
                return;
            }
            Value::Object(members) => {
                for (name, member) in members {
                    if is_token(name) {
                        self.name("secret", name);
                    }
                    self.mark_all(kind, member);
                }
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
                Some(Value::Array(parts)) => *value = Value::String(self.finished_parts(parts, text_of)),
                Some(name) => *value = name.take(),
                None => {
                    members
                        .values_mut()
                        .for_each(|member| self.finish_with(member, text_of));
                    // A name is no value with a pattern, so nothing but a secret changes it.
                    rename(members, &mut |name| (!is_known(name)).then(|| self.text(name)));
                }
            },
            _ => {}
        }
    }

    /// A text in which placeholders stand between marks.
    fn finished_parts(&self, parts: &[Value], text_of: &dyn Fn(&str) -> String) -> String {
        let text = parts.first().and_then(Value::as_str).unwrap_or_default();
        let parts = text.split(self.text_mark()).enumerate();
        let finished = parts.map(|(index, part)| match index % 2 {
            0 => text_of(part),
            _ => part.to_owned(),
        });
        finished.collect()
    }

    /// What stands on both sides of a placeholder in a text, until the rest of it is finished. JSON writes it as it is.
    fn text_mark(&self) -> &str {
        self.mark.trim_start_matches('\0')
    }

    /// The placeholder of a secret. A new one gets the next number.
    pub(crate) fn name(&mut self, kind: &'static str, secret: &str) -> String {
        if let Some((kind, number)) = self.of.get(&self.print(secret)) {
            return self.placeholder(kind, *number);
        }
        self.latest += 1;
        let number = self.latest;
        self.remember(secret, kind, number);
        // The same secret, as a text with JSON or a URL inside has it.
        let in_json = Value::from(secret).to_string();
        let in_json = in_json.get(1..in_json.len() - 1).unwrap_or_default();
        for written in [in_json, &encoded(secret)] {
            if written != secret && written.len() >= SHORTEST && secret.len() >= SHORTEST {
                self.remember(written, kind, number);
            }
        }
        self.placeholder(kind, number)
    }

    fn remember(&mut self, written: &str, kind: &'static str, number: usize) {
        let print = self.print(written);
        self.of.entry(print).or_insert((kind, number));
        let Some(end) = written.as_bytes().last_chunk::<SHORTEST>() else {
            return;
        };
        let length = written.len();
        let lengths = self.by_end.entry(*end).or_insert(Lengths {
            first: length,
            others: Vec::new(),
        });
        if lengths.first != length && !lengths.others.contains(&length) {
            lengths.others.push(length);
        }
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
            for length in [&lengths.first].into_iter().chain(&lengths.others) {
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
        escaped(text)
    }
}

impl Replace for Names {
    fn value(&mut self, name: &str, secret: &mut Value) {
        self.mark_all(kind_of(name), secret);
    }

    fn part(&mut self, name: &str, secret: &str) -> String {
        let placeholder = self.name(kind_of(name), secret);
        format!("{0}{placeholder}{0}", self.text_mark())
    }

    fn quotes_numbers(&self) -> bool {
        // A placeholder stands for what is written there, and the player writes that again.
        self.is_plain
    }

    fn replaced_text(&mut self, replaced: String) -> Value {
        let mark = self.mark.clone();
        Value::Object(Map::from_iter([(
            mark,
            Value::Array(vec![Value::String(replaced)]),
        )]))
    }

    fn member_name(&mut self, name: &str) -> Option<String> {
        // It is replaced with all other secrets in names.
        self.name("secret", name);
        None
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

#[cfg(test)]
mod tests;
