//! The placeholders that stand for secrets: `{{password-1}}`, `{{session-3}}`, `{{password-1|url}}`.

mod prints;

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};

use serde_json::{Map, Value};

use self::prints::{Print, Prints};
use super::known_names::{is_known, is_known_value};
use super::parts::escaped;
use crate::member_names::rename;
use crate::redact::{Found, Origin, Replace, for_each_secret, is_token, plain};
use crate::spelling::{Spellings, other_spellings};

/// Shorter secrets are replaced only where they are known to be one: they occur in other texts by chance.
const SHORTEST: usize = 4;

/// What the player reads as a pattern where it compares, so that a text that has it needs one more `$`.
const PATTERNS: [&str; 4] = ["${any}", "${digits}", "${hex}", "${uuid}"];

/// The members of a request that name what it is about. They can't become secrets by what the call did.
const KEPT: [&str; 3] = ["username", "clientid", "userpoolid"];

/// How many lengths secrets with the same end may have. A text with an end that has more is replaced as a whole: otherwise one request
/// could make each later text take minutes.
const MOST_LENGTHS: usize = 64;

/// The lengths of secrets with the same end. Most have one, which needs no memory of its own.
#[derive(Debug)]
struct Lengths {
    first: usize,
    others: Vec<usize>,
    /// Whether there are more lengths than these.
    is_crowded: bool,
}

impl Lengths {
    fn iter(&self) -> impl Iterator<Item = usize> {
        [self.first].into_iter().chain(self.others.iter().copied())
    }

    fn add(&mut self, length: usize) {
        if self.iter().any(|known| known == length) {
            return;
        }
        if self.others.len() + 1 < MOST_LENGTHS {
            self.others.push(length);
            return;
        }
        self.is_crowded = true;
        // The shortest one decides which texts are replaced as a whole.
        self.first = self.first.min(length);
    }
}

/// What a text that was hashed is.
#[derive(Clone, Copy, Debug)]
struct Known {
    kind: &'static str,
    number: usize,
    /// How it writes the secret: `|url`. Empty for the secret itself.
    spelling: &'static str,
}

/// The placeholders of one recording.
///
/// Two steps replace the secrets of a value, because a secret may be known from a later part of the same call.
///
/// A recording may have any number of secrets, so none is kept as text: each takes the same few bytes, some 200, and so does each other way to write it.
#[derive(Debug)]
pub(crate) struct Names {
    /// The number of the latest secret.
    latest: usize,
    /// Each secret, also as it is written in JSON and in a URL.
    of: HashMap<Print, Known>,
    /// The lengths of the secrets that are replaced anywhere, by their last bytes.
    by_end: HashMap<[u8; SHORTEST], Lengths>,
    prints: Prints,
    hasher: RandomState,
    /// The only member of an object that stands for a placeholder until all texts are replaced. It is random, so no input has it.
    mark: String,
    /// Whether placeholders have no braces, and nothing is escaped.
    is_plain: bool,
}

impl Default for Names {
    fn default() -> Self {
        let hasher = RandomState::new();
        let mark = format!(
            "\0{:016x}{:016x}",
            hasher.hash_one("mark"),
            hasher.hash_one("end")
        );
        Self {
            latest: 0,
            of: HashMap::new(),
            by_end: HashMap::new(),
            prints: Prints::new(&hasher),
            hasher,
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
            Value::String(text) if is_known_value(text) => {}
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
        let known = self.known(kind, secret);
        self.placeholder(known, "")
    }

    fn known(&mut self, kind: &'static str, secret: &str) -> Known {
        let print = self.prints.of(secret);
        if let Some(known) = self.of.get(&print).filter(|known| known.spelling.is_empty()) {
            return *known;
        }
        self.latest += 1;
        let known = Known {
            kind,
            number: self.latest,
            spelling: "",
        };
        // It may be how another one is written, which comes second.
        self.of.insert(print, known);
        self.remember_length(secret);
        if secret.len() >= SHORTEST {
            for (spelling, written) in other_spellings(secret) {
                self.remember(&written, Known { spelling, ..known });
            }
        }
        known
    }

    /// Remembers another way to write a secret.
    fn remember(&mut self, written: &str, known: Known) {
        if written.len() >= SHORTEST {
            let print = self.prints.of(written);
            self.of.entry(print).or_insert(known);
            self.remember_length(written);
        }
    }

    fn remember_length(&mut self, written: &str) {
        let Some(end) = written.as_bytes().last_chunk::<SHORTEST>() else {
            return;
        };
        let length = written.len();
        let lengths = self.by_end.entry(*end).or_insert(Lengths {
            first: length,
            others: Vec::new(),
            is_crowded: false,
        });
        lengths.add(length);
    }

    fn placeholder(&self, known: Known, spelling: &str) -> String {
        let Known { kind, number, .. } = known;
        if self.is_plain {
            format!("{kind}-{number}")
        } else {
            format!("{{{{{kind}-{number}{spelling}}}}}")
        }
    }

    /// What stands in place of a text in which there may be too many secrets to look for. The same text has the same.
    fn whole(&self, text: &str) -> String {
        match self.of.get(&self.prints.of(text)) {
            Some(known) => self.placeholder(*known, known.spelling),
            None if self.is_plain => "text-0".to_owned(),
            None => format!("{{{{text-{:016x}}}}}", self.hasher.hash_one(text)),
        }
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
        let Some(found) = self.found(text) else {
            return self.whole(text);
        };
        let mut replaced = String::new();
        let mut done = 0;
        for (begin, (end, known)) in found {
            if begin < done {
                continue;
            }
            replaced.push_str(&self.escaped(text.get(done..begin).unwrap_or_default()));
            replaced.push_str(&self.placeholder(known, known.spelling));
            done = end;
        }
        replaced.push_str(&self.escaped(text.get(done..).unwrap_or_default()));
        replaced
    }

    /// The longest secret at each place of a text where one begins, with its end. `None` if there are too many to look for.
    fn found(&self, text: &str) -> Option<BTreeMap<usize, (usize, Known)>> {
        let mut found = BTreeMap::new();
        let mut parts = None;
        let bytes = text.as_bytes();
        // Where the digits that end here begin.
        let mut digits = 0;
        for (index, byte) in bytes.iter().enumerate() {
            let end = index + 1;
            if !byte.is_ascii_digit() {
                digits = end;
            }
            let last = bytes.get(..end).and_then(<[u8]>::last_chunk::<SHORTEST>);
            let Some(lengths) = last.and_then(|last| self.by_end.get(last)) else {
                continue;
            };
            if lengths.is_crowded && lengths.iter().any(|length| length <= end) {
                return None;
            }
            let parts = parts.get_or_insert_with(|| self.prints.parts(text));
            let goes_on = bytes.get(end).is_some_and(u8::is_ascii_digit);
            for begin in lengths.iter().filter_map(|length| end.checked_sub(length)) {
                // A part of a longer number: a code also occurs in a telephone number by chance.
                let is_in_number = digits <= begin && (digits < begin || goes_on);
                if is_in_number {
                    continue;
                }
                if let Some(known) = parts.print(begin, end).and_then(|print| self.of.get(&print)) {
                    // A later end is that of a longer one.
                    found.insert(begin, (end, *known));
                }
            }
        }
        Some(found)
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

    fn part(&mut self, name: &str, found: &Found<'_>) -> String {
        let kind = kind_of(name);
        // What looks encoded may be a secret that is known as it stands here.
        let as_written = self.of.get(&self.prints.of(found.written));
        let is_known = as_written.is_some_and(|known| known.spelling.is_empty());
        let (secret, own) = match found.own {
            Some(_) if is_known => (found.written, None),
            own => (found.value, own),
        };
        let known = self.known(kind, secret);
        if let Some(own) = own {
            let spelling = own.suffix();
            self.remember(found.written, Known { spelling, ..known });
        }
        let spelling = Spellings::new(own, found.above).suffix(secret);
        let placeholder = self.placeholder(known, &spelling);
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

/// What a secret is, by the name of its member: the first part of the placeholder.
fn kind_of(name: &str) -> &'static str {
    // As GetClientToken has it. Apps write theirs otherwise.
    if name == "Secret" {
        return "client-secret";
    }
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
