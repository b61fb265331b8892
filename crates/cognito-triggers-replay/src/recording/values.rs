//! What the placeholders and ids of a recording stand for in this run.
//!
//! Two runs never have the same sessions, tokens, codes and ids. Instead of ignoring them, the first place that has one decides what it
//! stands for, and every later place must have the same. So a function that confuses two users is found.
//!
//! | in the recording | stands for |
//! |---|---|
//! | `{{session-3}}` | any value, and then always this one |
//! | a UUID | any UUID, and then always this one |
//! | an id that the pool makes, in a member such as `ClientId` | any text, and then always this one, also as a part of an ARN |
//! | the URL of the pools | that of this run |
//! | everything else | itself |

use std::collections::{BTreeMap, BTreeSet};

use cognito_triggers_pool::recording::{Part, parts};
use serde_json::Value;

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

/// The length of a UUID.
const UUID: usize = 36;

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

    /// What a placeholder stands for.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.secrets.get(name)
    }

    /// Takes what isn't known yet from a value of this run. `member` is the name of the member that has the value.
    ///
    /// Values that don't fit together teach nothing: the comparison that follows reports them.
    pub(super) fn learn(&mut self, member: &str, recorded: &Value, now: &Value) {
        match (recorded, now) {
            (Value::Object(recorded), Value::Object(now)) => {
                for (name, value) in recorded {
                    if let Some(now) = now.get(name) {
                        self.learn(name, value, now);
                    }
                }
            }
            (Value::Array(recorded), Value::Array(now)) => {
                for (recorded, now) in recorded.iter().zip(now) {
                    self.learn(member, recorded, now);
                }
            }
            (Value::String(recorded), now) => self.learn_text(member, recorded, now),
            _ => {}
        }
    }

    /// Takes what a text stands for, which may be a value that isn't a text: a function may answer a number as its secret.
    fn learn_text(&mut self, member: &str, recorded: &str, now: &Value) {
        if let [Part::Secret(name)] = parts(recorded).as_slice() {
            if !now.is_null() && !now.is_object() && !now.is_array() {
                self.secrets
                    .entry((*name).to_owned())
                    .or_insert_with(|| now.clone());
            }
            return;
        }
        let Some(now) = now.as_str() else { return };
        if recorded == now {
            return;
        }
        let is_made = MADE.contains(&member) && !self.fixed.contains(recorded);
        if is_made && !has_uuid(recorded) {
            self.others
                .entry(recorded.to_owned())
                .or_insert_with(|| now.to_owned());
            return;
        }
        self.learn_pieces(recorded, now);
    }

    /// Walks through a text with placeholders and ids, as far as the rest of it is the same.
    ///
    /// In `Your code is {{code-4}}.` the code is what stands between the two texts. If the texts differ, nothing is learned from here on.
    fn learn_pieces(&mut self, recorded: &str, now: &str) {
        let pieces = pieces(recorded);
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
                    let known = self.secrets.get(*name).and_then(Value::as_str);
                    let end = match (known, left.peek()) {
                        (Some(known), _) if rest.starts_with(known) => known.len(),
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
                    self.secrets
                        .entry((*name).to_owned())
                        .or_insert_with(|| Value::from(found));
                    rest = after;
                }
            }
        }
    }

    /// A value of the recording as it is in this run. Adds the placeholders that aren't known to `unknown`, and leaves them.
    pub(super) fn fill(&self, recorded: &Value, unknown: &mut BTreeSet<String>) -> Value {
        match recorded {
            Value::String(text) => self.fill_text(text, unknown),
            Value::Array(items) => items.iter().map(|item| self.fill(item, unknown)).collect(),
            Value::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| (name.clone(), self.fill(value, unknown)));
                Value::Object(members.collect())
            }
            other => other.clone(),
        }
    }

    fn fill_text(&self, recorded: &str, unknown: &mut BTreeSet<String>) -> Value {
        if let [Part::Secret(name)] = parts(recorded).as_slice()
            && let Some(value) = self.secrets.get(*name)
        {
            return value.clone();
        }
        let mut filled = String::new();
        for piece in pieces(recorded) {
            match piece {
                Piece::Text(text) => filled.push_str(&self.text(text)),
                Piece::Uuid(id) => filled.push_str(self.uuids.get(id).map_or(id, String::as_str)),
                Piece::Secret(name) => match self.secrets.get(name) {
                    Some(Value::String(text)) => filled.push_str(text),
                    Some(other) => filled.push_str(&other.to_string()),
                    None => {
                        unknown.insert(name.to_owned());
                        filled.push_str(&format!("{{{{{name}}}}}"));
                    }
                },
            }
        }
        Value::String(filled)
    }

    /// A text without placeholders and UUIDs as it is in this run.
    fn text(&self, recorded: &str) -> String {
        let mut text = recorded.to_owned();
        for (recorded, now) in &self.others {
            if text.contains(recorded.as_str()) {
                text = text.replace(recorded.as_str(), now);
            }
        }
        text
    }
}

/// A part of a text of a recording.
#[derive(Debug)]
enum Piece<'a> {
    Text(&'a str),
    Uuid(&'a str),
    Secret(&'a str),
}

/// Splits a text into what is the same in each run, and what isn't.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for part in parts(text) {
        match part {
            Part::Secret(name) => pieces.push(Piece::Secret(name)),
            Part::Text(mut text) => {
                while let Some(begin) = uuid_at(text) {
                    let (before, after) = text.split_at(begin);
                    let (id, after) = after.split_at(UUID);
                    if !before.is_empty() {
                        pieces.push(Piece::Text(before));
                    }
                    pieces.push(Piece::Uuid(id));
                    text = after;
                }
                if !text.is_empty() {
                    pieces.push(Piece::Text(text));
                }
            }
        }
    }
    pieces
}

fn has_uuid(text: &str) -> bool {
    uuid_at(text).is_some()
}

/// Where the first UUID of a text begins.
fn uuid_at(text: &str) -> Option<usize> {
    let hyphens = text.match_indices('-');
    let begins = hyphens.filter_map(|(index, _)| index.checked_sub(8));
    begins
        .into_iter()
        .find(|begin| text.get(*begin..begin + UUID).is_some_and(is_uuid))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OLD: &str = "d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5";
    const NEW: &str = "0f1e2d3c-70f1-4e6b-9a57-2c81f09e64d5";

    #[test]
    fn a_value_is_learned_once_and_filled_everywhere() {
        let mut values = Values::new(BTreeSet::from(["fixed".to_owned()]));
        let recorded = json!({
            "Session": "{{session-1}}", "sub": OLD, "Id": "us-east-1_old", "ClientId": "fixed",
            "body": "Your code is {{code-2}}.", "Number": "{{answer-3}}",
        });
        let now = json!({
            "Session": "s", "sub": NEW, "Id": "us-east-1_new", "ClientId": "other", "body": "Your code is 123.", "Number": 7,
        });
        values.learn("", &recorded, &now);
        values.learn(
            "",
            &json!({ "Session": "{{session-1}}" }),
            &json!({ "Session": "later" }),
        );
        let mut unknown = BTreeSet::new();
        let filled = values.fill(
            &json!([
                "{{session-1}}",
                format!("device_{OLD}"),
                "arn:us-east-1_old",
                "fixed",
                "{{code-2}}",
                "{{answer-3}}",
                "{{{{x",
                "{{nobody-9}}"
            ]),
            &mut unknown,
        );
        let expected = json!([
            "s",
            format!("device_{NEW}"),
            "arn:us-east-1_new",
            "fixed",
            "123",
            7,
            "{{x",
            "{{nobody-9}}"
        ]);
        assert_eq!(filled, expected);
        assert_eq!(unknown, BTreeSet::from(["nobody-9".to_owned()]));
    }

    #[test]
    fn a_text_that_differs_elsewhere_teaches_nothing_wrong() {
        let mut values = Values::default();
        values.learn("body", &json!("Code {{code-1}}, bye"), &json!("Kode 7, bye"));
        values.learn("body", &json!("{{code-2}}{{code-3}}"), &json!("12"));
        assert!(values.secrets.is_empty());
    }
}
