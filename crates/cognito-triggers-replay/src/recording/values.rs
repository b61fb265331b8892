//! What the placeholders and ids of a recording stand for in this run.
//!
//! Two runs never have the same sessions, tokens, codes and ids. Instead of ignoring them, the first place that has one decides what it
//! stands for, and every later place must have the same. So a function that confuses two users is found.
//!
//! | in the recording | stands for |
//! |---|---|
//! | `{{session-3}}` | any value, and then always this one |
//! | `{{answer-2\|url}}` | the same as `{{answer-2}}`, written as in a URL |
//! | a UUID | any UUID, and then always this one |
//! | an id that the pool makes, in a member such as `ClientId` | any text, and then always this one, also as a part of an ARN |
//! | the URL of the pools | that of this run |
//! | everything else | itself |
//!
//! The names of members are read in the same way.
//!
//! Only what the pool writes teaches an id. A function that answers a UUID or a `ClientId` chooses it, so another one is a difference, and
//! the same holds for what people and functions put into attributes of their own and metadata.

mod hidden;
mod shown;

use std::collections::{BTreeMap, BTreeSet};

use cognito_triggers_pool::recording::{FreeNames, Part, Spellings, parts, spelled};
use serde_json::{Map, Value};

pub(super) use self::hidden::Hidden;
use super::pieces::{Piece, UUID, has_uuid, in_json, is_json, pieces, placeholder};
use crate::placeholder::is_uuid;

/// Members whose values the pool makes, and which aren't UUIDs.
const MADE: [&str; 9] = [
    "ClientId",
    "ClientSecretId",
    "DeviceGroupKey",
    "DeviceKey",
    "Id",
    "NextToken",
    "PaginationToken",
    "UserPoolId",
    "clientId",
];

/// Members of events with what apps and functions have chosen, whatever it looks like.
const CHOSEN: [&str; 5] = [
    "clientMetadata",
    "privateChallengeParameters",
    "publicChallengeParameters",
    "session",
    "validationData",
];

/// How many names of one object are learned. More of them stay unknown, which is a difference: telling them apart takes as many
/// comparisons as there are pairs.
const MOST_NAMES: usize = 256;

/// Who writes a value, which decides what it may teach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The pool: its ids differ in each run.
    Pool,
    /// A function, or someone who calls the pool. Only placeholders differ in each run.
    Function,
}

/// What the placeholders and ids of a recording stand for in this run. Each gets its value where it occurs first.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// By the name of the placeholder, without braces.
    secrets: BTreeMap<String, Value>,
    /// UUIDs, by those of the recording.
    uuids: BTreeMap<String, String>,
    /// Other texts that differ in each run, by those of the recording.
    others: BTreeMap<String, String>,
    /// Ids that are the same in each run, because the recording began with them.
    fixed: BTreeSet<String>,
    /// Secrets of this run for which the recording may have no placeholder.
    codes: BTreeSet<String>,
    /// The placeholders whose value someone gave, as it was when it was recorded.
    given: BTreeSet<String>,
}

impl Values {
    /// Values for a recording that began with these ids of pools and app clients.
    pub(super) fn new(fixed: BTreeSet<String>) -> Self {
        Self {
            fixed,
            ..Self::default()
        }
    }

    /// Says what a text of the recording stands for. It has no effect on a text that stands for itself.
    pub(super) fn set_other(&mut self, recorded: &str, now: &str) {
        if !recorded.is_empty() && recorded != now {
            self.others.insert(recorded.to_owned(), now.to_owned());
        }
    }

    /// Says what a placeholder stands for.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.secrets.insert(name.to_owned(), value.into());
    }

    /// Says what a placeholder stood for when it was recorded.
    pub(super) fn give(&mut self, name: &str, value: &str) {
        self.set(name, value);
        self.given.insert(name.to_owned());
    }

    /// Whether someone gave the value of a placeholder.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    /// What a placeholder stands for.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.secrets.get(name)
    }

    /// Remembers a secret of this run that no report may show.
    pub(super) fn hide_from_now(&mut self, secret: &str) {
        self.codes.insert(secret.to_owned());
    }

    /// Takes what isn't known yet from a value of this run.
    ///
    /// Values that don't fit together teach nothing: the comparison that follows reports them.
    pub(super) fn learn(&mut self, origin: Origin, recorded: &Value, now: &Value) {
        self.learn_member(origin, "", recorded, now);
    }

    /// `member` is the name of the member that has the value, or of the one that has the array with it.
    fn learn_member(&mut self, origin: Origin, member: &str, recorded: &Value, now: &Value) {
        match (recorded, now) {
            (Value::Object(recorded), Value::Object(now)) => {
                // An attribute of the API: `{"Name": "custom:tenant", "Value": "…"}`.
                let attribute = recorded.get("Name").and_then(Value::as_str);
                let origin = if attribute.is_some_and(is_chosen) {
                    Origin::Function
                } else {
                    origin
                };
                for (name, found) in self.learn_names(origin, recorded, now) {
                    let origin = if is_chosen(name) { Origin::Function } else { origin };
                    if let (Some(value), Some(now)) = (recorded.get(name), now.get(&found)) {
                        self.learn_member(origin, name, value, now);
                    }
                }
            }
            (Value::Array(recorded), Value::Array(now)) => {
                for (recorded, now) in recorded.iter().zip(now) {
                    self.learn_member(origin, member, recorded, now);
                }
            }
            (Value::String(recorded), now) => self.learn_text(origin, member, recorded, now),
            _ => {}
        }
    }

    /// The names of members in the recording, each with the one of this run.
    ///
    /// A name with something that isn't known yet stands for the only other name that fits. If several fit, or there are too many such
    /// names, nothing is learned.
    fn learn_names<'r>(
        &mut self,
        origin: Origin,
        recorded: &'r Map<String, Value>,
        now: &Map<String, Value>,
    ) -> Vec<(&'r String, String)> {
        let (mut found, mut waiting) = (Vec::new(), Vec::new());
        for name in recorded.keys() {
            let filled = self.fill_name(name, &mut BTreeSet::new());
            if now.contains_key(&filled) {
                found.push((name, filled));
            } else if *name != filled || name.contains("{{") || has_uuid(name) {
                waiting.push(name);
            }
        }
        if waiting.is_empty() || waiting.len() > MOST_NAMES {
            return found;
        }
        let taken: BTreeSet<_> = found.iter().map(|(_, name)| name.clone()).collect();
        let mut left: Vec<_> = now.keys().filter(|name| !taken.contains(*name)).collect();
        for name in waiting {
            let pieces = pieces(name);
            let mut fitting = left.iter().filter(|now| fits(&pieces, now));
            let (Some(only), None) = (fitting.next(), fitting.next()) else {
                continue;
            };
            let only = (*only).clone();
            self.learn_text(origin, "", name, &Value::from(only.as_str()));
            if self.fill_name(name, &mut BTreeSet::new()) == only {
                left.retain(|name| **name != only);
                found.push((name, only));
            }
        }
        found
    }

    /// Takes what a text stands for, which may be a value that isn't a text: a function may answer a number as its secret.
    fn learn_text(&mut self, origin: Origin, member: &str, recorded: &str, now: &Value) {
        if let [Part::Secret(name)] = parts(recorded).as_slice()
            && spelled(name).1.is_empty()
        {
            if !now.is_null() && !now.is_object() && !now.is_array() {
                self.secrets
                    .entry((*name).to_owned())
                    .or_insert_with(|| now.clone());
            }
            return;
        }
        let Some(now) = now.as_str() else { return };
        let is_made = origin == Origin::Pool && MADE.contains(&member) && !self.fixed.contains(recorded);
        if is_made && !has_uuid(recorded) {
            // Also one that is the same in this run: then another one is wrong later.
            if !recorded.is_empty() && !now.is_empty() {
                self.others
                    .entry(recorded.to_owned())
                    .or_insert_with(|| now.to_owned());
            }
            return;
        }
        self.learn_pieces(origin, recorded, now);
    }

    /// Walks through a text with placeholders and ids, as far as the rest of it is the same.
    ///
    /// In `Your code is {{code-4}}.` the code is what stands between the two texts. If the texts differ, nothing is learned from here on.
    fn learn_pieces(&mut self, origin: Origin, recorded: &str, now: &str) {
        let pieces = pieces(recorded);
        let is_json = is_json(recorded);
        let mut rest = now;
        let mut left = pieces.iter().peekable();
        while let Some(piece) = left.next() {
            match piece {
                Piece::Text(text) => {
                    let text = self.text(text);
                    let Some(after) = rest.strip_prefix(text.as_str()) else {
                        return;
                    };
                    rest = after;
                }
                Piece::Uuid(id) if origin == Origin::Function => {
                    let id = self.uuids.get(*id).map_or(*id, String::as_str);
                    let Some(after) = rest.strip_prefix(id) else {
                        return;
                    };
                    rest = after;
                }
                Piece::Uuid(id) => {
                    let Some((found, after)) =
                        rest.split_at_checked(UUID).filter(|(found, _)| is_uuid(found))
                    else {
                        return;
                    };
                    self.uuids
                        .entry((*id).to_owned())
                        .or_insert_with(|| found.to_owned());
                    rest = after;
                }
                Piece::Secret(name) => {
                    let (name, spellings) = spelled(name);
                    let known = self.secrets.get(name);
                    let known = known.map(|secret| written(secret, &spellings, is_json));
                    let end = match (known, left.peek()) {
                        (Some(known), _) if rest.starts_with(&known) => known.len(),
                        (Some(_), _) => return,
                        (None, None) => rest.len(),
                        (None, Some(Piece::Text(next))) => match rest.find(self.text(next).as_str()) {
                            Some(end) => end,
                            None => return,
                        },
                        // Two in a row can't be told apart.
                        (None, Some(_)) => return,
                    };
                    let (found, after) = rest.split_at(end);
                    let Some(secret) = read(found, &spellings, is_json) else {
                        return;
                    };
                    self.secrets.entry(name.to_owned()).or_insert(secret);
                    rest = after;
                }
            }
        }
    }

    /// A value of the recording as it is in this run. Adds the placeholders that aren't known to `unknown`, and leaves them.
    ///
    /// If two names of members become the same, the second one stays as the recording has it.
    pub(super) fn fill(&self, recorded: &Value, unknown: &mut BTreeSet<String>) -> Value {
        self.with_texts(recorded, &mut |text| self.fill_text(text, unknown))
    }

    /// A value with other texts, and with the names of members as in this run.
    fn with_texts(&self, recorded: &Value, text_of: &mut dyn FnMut(&str) -> Value) -> Value {
        match recorded {
            Value::String(text) => text_of(text),
            Value::Array(items) => items.iter().map(|item| self.with_texts(item, text_of)).collect(),
            Value::Object(members) => {
                let (mut filled, mut free) = (Map::new(), FreeNames::default());
                for (name, value) in members {
                    let value = self.with_texts(value, text_of);
                    let now = self.fill_name(name, &mut BTreeSet::new());
                    let now = if filled.contains_key(&now) {
                        name.clone()
                    } else {
                        now
                    };
                    filled.insert(free.name(&filled, now), value);
                }
                Value::Object(filled)
            }
            other => other.clone(),
        }
    }

    /// Adds the placeholders in the names of members that aren't known.
    pub(super) fn unknown_names(&self, recorded: &Value, unknown: &mut BTreeSet<String>) {
        match recorded {
            Value::Array(items) => items.iter().for_each(|item| self.unknown_names(item, unknown)),
            Value::Object(members) => {
                for (name, value) in members {
                    self.fill_name(name, unknown);
                    self.unknown_names(value, unknown);
                }
            }
            _ => {}
        }
    }

    fn fill_name(&self, recorded: &str, unknown: &mut BTreeSet<String>) -> String {
        match self.fill_text(recorded, unknown) {
            Value::String(name) => name,
            other => other.to_string(),
        }
    }

    fn fill_text(&self, recorded: &str, unknown: &mut BTreeSet<String>) -> Value {
        if let [Part::Secret(name)] = parts(recorded).as_slice()
            && let Some(value) = self.secrets.get(*name)
        {
            return value.clone();
        }
        let mut filled = String::new();
        let is_json = is_json(recorded);
        for piece in pieces(recorded) {
            match piece {
                Piece::Text(text) => filled.push_str(&self.text(text)),
                Piece::Uuid(id) => filled.push_str(self.uuids.get(id).map_or(id, String::as_str)),
                Piece::Secret(recorded) => {
                    let (name, spellings) = spelled(recorded);
                    if let Some(secret) = self.secrets.get(name) {
                        filled.push_str(&written(secret, &spellings, is_json));
                    } else {
                        unknown.insert(name.to_owned());
                        filled.push_str(&placeholder(recorded));
                    }
                }
            }
        }
        Value::String(filled)
    }

    /// A text without placeholders and UUIDs as it is in this run.
    ///
    /// An id is replaced only as a whole word: `1a` isn't a part of `21ab`.
    fn text(&self, recorded: &str) -> String {
        if !self.others.keys().any(|known| recorded.contains(known)) {
            return recorded.to_owned();
        }
        let mut text = String::new();
        let mut rest = recorded;
        let mut before: Option<char> = None;
        while let Some(next) = rest.chars().next() {
            let known = self.others.iter().filter_map(|(recorded, now)| {
                let after = rest.strip_prefix(recorded.as_str())?;
                (!after.starts_with(is_word)).then_some((recorded, now, after))
            });
            let longest = known
                .filter(|_| !before.is_some_and(is_word))
                .max_by_key(|(recorded, _, _)| recorded.len());
            match longest {
                Some((recorded, now, after)) => {
                    text.push_str(now);
                    before = recorded.chars().next_back();
                    rest = after;
                }
                None => {
                    text.push(next);
                    before = Some(next);
                    rest = rest.get(next.len_utf8()..).unwrap_or_default();
                }
            }
        }
        text
    }
}

/// A secret within a text, which may be JSON itself.
fn written(secret: &Value, spellings: &Spellings, is_json: bool) -> String {
    match secret {
        Value::String(text) if !spellings.is_empty() => spellings.write(text),
        Value::String(text) if is_json => in_json(text),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The secret that is written within a text. `None` if it isn't written as the recording has it.
fn read(written: &str, spellings: &Spellings, is_json: bool) -> Option<Value> {
    if !spellings.is_empty() {
        return spellings.read(written).map(Value::from);
    }
    let quoted = format!("\"{written}\"");
    let read = is_json.then(|| serde_json::from_str(&quoted).ok()).flatten();
    Some(read.unwrap_or_else(|| Value::from(written)))
}

/// Whether a name of this run may be the one of the recording with these pieces, by its beginning and its end.
fn fits(recorded: &[Piece<'_>], now: &str) -> bool {
    if let [Piece::Uuid(_)] = recorded {
        return is_uuid(now);
    }
    let begins = match recorded.first() {
        Some(Piece::Text(text)) => now.starts_with(text),
        _ => true,
    };
    let ends = match recorded.last() {
        Some(Piece::Text(text)) => now.ends_with(text),
        _ => true,
    };
    begins && ends
}

/// Whether people and functions choose what a member or an attribute has.
fn is_chosen(name: &str) -> bool {
    name.starts_with("custom:") || CHOSEN.contains(&name)
}

/// Whether a character goes on with an id.
fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

#[cfg(test)]
mod tests;
