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
//!
//! Only what the pool writes teaches an id. A function that answers a UUID or a `ClientId` chooses it, so another one is a difference, and
//! the same holds for what people and functions put into attributes of their own and metadata.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use cognito_triggers_pool::recording::{Part, parts};
use serde_json::Value;

use super::pieces::{Piece, UUID, has_uuid, pieces};
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

/// What a report has in place of a secret.
const HIDDEN: &str = "***";

/// Secrets of fewer characters are hidden only as a whole value: they occur in other texts by chance.
const SHORTEST: usize = 4;

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
                for (name, value) in recorded {
                    let origin = if is_chosen(name) { Origin::Function } else { origin };
                    if let Some(now) = now.get(name) {
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

    /// Takes what a text stands for, which may be a value that isn't a text: a function may answer a number as its secret.
    fn learn_text(&mut self, origin: Origin, member: &str, recorded: &str, now: &Value) {
        if let [Part::Secret(name)] = parts(recorded).as_slice() {
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
    ///
    /// An id is replaced only as a whole word: `1a` isn't a part of `21ab`.
    fn text(&self, recorded: &str) -> String {
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

    /// Replaces the secrets of this run by `***`, for a report.
    pub(super) fn hide(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.hide(member)),
            Value::Number(_) if self.secrets.values().any(|secret| secret == value) => {
                *value = Value::from(HIDDEN);
            }
            _ => {}
        }
    }

    /// A text with `***` in place of the secrets of this run.
    pub(super) fn hide_text(&self, text: &str) -> String {
        let secrets = self.secrets.values().filter_map(Value::as_str);
        let codes = self.codes.iter().map(String::as_str);
        let mut found: Vec<_> = secrets
            .chain(codes)
            .filter(|secret| text.contains(*secret))
            .collect();
        if found.contains(&text) && !text.is_empty() {
            return HIDDEN.to_owned();
        }
        found.retain(|secret| secret.chars().count() >= SHORTEST);
        // A secret may be a part of another one.
        found.sort_by_key(|secret| Reverse(secret.len()));
        found
            .iter()
            .fold(text.to_owned(), |text, secret| text.replace(*secret, HIDDEN))
    }
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
        values.learn(Origin::Pool, &recorded, &now);
        values.learn(
            Origin::Pool,
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
        values.learn(
            Origin::Pool,
            &json!("Code {{code-1}}, bye"),
            &json!("Kode 7, bye"),
        );
        values.learn(Origin::Pool, &json!("{{code-2}}{{code-3}}"), &json!("12"));
        assert!(values.secrets.is_empty());
    }

    #[test]
    fn an_id_is_taken_from_the_pool_only_and_once() {
        let mut values = Values::default();
        let recorded = json!({ "Id": "a", "sub": OLD, "custom:tenant": OLD, "NextToken": "" });
        let now = json!({ "Id": "b", "sub": NEW, "custom:tenant": NEW, "NextToken": "x" });
        values.learn(Origin::Function, &recorded, &now);
        assert_eq!(values.fill(&recorded, &mut BTreeSet::new()), recorded);
        // One that is the same in this run isn't another one later.
        values.learn(Origin::Pool, &recorded, &recorded);
        values.learn(Origin::Pool, &recorded, &now);
        let text = json!({ "Id": "a", "arn": "arn:a/banana", "sub": OLD });
        assert_eq!(values.fill(&text, &mut BTreeSet::new()), text);

        let mut values = Values::default();
        values.learn(Origin::Pool, &recorded, &now);
        assert_eq!(
            values.fill(&text, &mut BTreeSet::new()),
            json!({ "Id": "b", "arn": "arn:b/banana", "sub": NEW })
        );
        let mut chosen = Values::default();
        let attribute = |id: &str| json!([{ "Name": "custom:tenant", "Value": id }]);
        chosen.learn(Origin::Pool, &attribute(OLD), &attribute(NEW));
        chosen.learn(
            Origin::Pool,
            &json!({ "custom:t": OLD }),
            &json!({ "custom:t": NEW }),
        );
        assert!(chosen.uuids.is_empty());
    }

    #[test]
    fn a_report_shows_no_secret_of_the_run() {
        let mut values = Values::default();
        values.set("code-1", "7");
        values.set("password-2", "Sunny-Day-42");
        values.set("secret-3", 77);
        values.hide_from_now("123456");
        let mut now = json!(["7", "17", "at Sunny-Day-42!", 77, { "body": "Your code is 123456" }]);
        values.hide(&mut now);
        assert_eq!(
            now,
            json!(["***", "17", "at ***!", "***", { "body": "Your code is ***" }])
        );
    }
}
