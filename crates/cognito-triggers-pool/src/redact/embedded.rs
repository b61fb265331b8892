//! Secrets in texts that have JSON or a form inside: `{"password":"…"}` as a value of metadata, `?code=…` in a URL.
//!
//! Only the secrets are replaced; the rest of the text is written as it was, so that two texts that are the same stay the same. A
//! text within such a text is looked at in the same way. A text that looks like JSON with a secret, and that can't be read, is replaced
//! as a whole, and so is one that is too deep within others.

mod form;
mod fragments;
pub(super) mod rules;

use std::ops::Range;

use cognito_triggers_model::json::{Json, Member, Value};

use self::fragments::{Sure, fragments, has_secret_name, is_like_json};
use self::rules::{Kind, Rules};
use crate::spelling::Spelling;

/// How deep texts within texts are looked at. Nobody writes more, and a hostile text must not fill the stack.
const DEPTH: usize = 8;

/// JSON has a bracket or a quotation mark, a form an equals sign. Most texts have none of them, and aren't looked at.
const MARKS: [char; 5] = ['{', '[', '"', '\'', '='];

/// A secret within a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    /// The secret itself.
    pub(crate) value: &'a str,
    /// The same as it is written there.
    pub(crate) written: &'a str,
    /// How it is written there, unless as it is.
    pub(crate) own: Option<Spelling>,
    /// How many strings of JSON the text is in, one in the other.
    pub(crate) above: usize,
}

/// Returns what stands in place of a secret, by the name and the secret.
type Secret<'a> = dyn FnMut(&str, &Found<'_>) -> String + 'a;

/// Replaces secrets in a text.
pub(super) struct Embedded<'a> {
    rules: &'a dyn Rules,
    secret: &'a mut Secret<'a>,
    quotes_numbers: bool,
    /// How many texts the text is in.
    depth: usize,
    /// How many of them are strings of JSON.
    above: usize,
}

/// Places of a text, in order, with what is written there.
type Edits = Vec<(Range<usize>, String)>;

impl<'a> Embedded<'a> {
    /// `secret` returns what stands in place of a secret, by the name and the secret. `quotes_numbers` says whether a number gets
    /// quotes when it is replaced, so that the text stays JSON.
    pub(super) fn new(rules: &'a dyn Rules, quotes_numbers: bool, secret: &'a mut Secret<'a>) -> Self {
        Self {
            rules,
            secret,
            quotes_numbers,
            depth: 0,
            above: 0,
        }
    }

    /// The text with its secrets replaced. `None` if it has none.
    pub(super) fn replace(&mut self, text: &str, is_sent: bool) -> Option<String> {
        if self.depth >= DEPTH {
            let has_secret = has_secret_name(self.rules, text, is_sent, Sure::Anywhere);
            return has_secret.then(|| self.as_it_is("secret", text));
        }
        if !text.contains(MARKS) {
            return None;
        }
        self.depth += 1;
        let replaced = self.replace_here(text, is_sent);
        self.depth -= 1;
        replaced
    }

    fn replace_here(&mut self, text: &str, is_sent: bool) -> Option<String> {
        let mut edits = Edits::new();
        let begin = text.trim_start();
        let may_be_json = begin.starts_with(['{', '[', '"']);
        let json = may_be_json.then(|| Json::parse_with_repeated_keys(text).ok());
        if let Some(json) = json.flatten() {
            self.json(text, &json, is_sent, &mut edits);
        } else {
            let left = self.form(text, &fragments(text), is_sent, &mut edits);
            let sure = match is_like_json(begin) {
                true => Sure::BeforeColon,
                false => Sure::Quoted,
            };
            if has_secret_name(self.rules, &left, is_sent, sure) {
                return Some(self.as_it_is("secret", text));
            }
        }
        if edits.is_empty() {
            return None;
        }
        let mut replaced = String::with_capacity(text.len());
        let mut done = 0;
        for (place, new) in edits {
            replaced.push_str(text.get(done..place.start)?);
            replaced.push_str(&new);
            done = place.end;
        }
        replaced.push_str(text.get(done..)?);
        Some(replaced)
    }

    /// What stands in place of a secret that is written as it is.
    fn as_it_is(&mut self, name: &str, secret: &str) -> String {
        let found = Found {
            value: secret,
            written: secret,
            own: None,
            above: self.above,
        };
        (self.secret)(name, &found)
    }

    /// What stands in place of a string of JSON, with its quotes.
    fn string(&mut self, name: &str, source: &str, place: Range<usize>, value: &str) -> String {
        let written = source.get(place).unwrap_or_default().trim();
        let written = written
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(value);
        let found = Found {
            value,
            written,
            own: (written != value).then(|| Spelling::of_json(value, written)),
            above: self.above,
        };
        quoted(&(self.secret)(name, &found))
    }

    /// `source` is the text of the JSON.
    fn json(&mut self, source: &str, json: &Json, is_sent: bool, edits: &mut Edits) {
        match &json.value {
            Value::Object(members) => {
                for member in members {
                    self.key(source, member, edits);
                    self.member(source, &member.key, &member.value, is_sent, edits);
                }
            }
            Value::Array(items) => {
                for item in items {
                    match (&item.value, item.get("Name").and_then(Json::as_str)) {
                        // As attributes and validation data are written.
                        (Value::Object(members), Some(name)) => {
                            for member in members {
                                self.key(source, member, edits);
                                let is_named = member.key == "Value";
                                let name = if is_named { name } else { &member.key };
                                self.member(source, name, &member.value, is_sent, edits);
                            }
                        }
                        _ => self.json(source, item, is_sent, edits),
                    }
                }
            }
            Value::String { value, .. } => {
                let place = json.location.span();
                if self.rules.is_secret_text(value) {
                    let new = self.string("secret", source, place.clone(), value);
                    edits.push((place, new));
                    return;
                }
                self.above += 1;
                let new = self.replace(value, is_sent);
                self.above -= 1;
                if let Some(new) = new {
                    edits.push((place, quoted(&new)));
                }
            }
            _ => {}
        }
    }

    /// Replaces the name of a member that is a secret itself.
    fn key(&mut self, source: &str, member: &Member, edits: &mut Edits) {
        if self.rules.is_secret_text(&member.key) {
            let place = member.location.span();
            let new = self.string("secret", source, place.clone(), &member.key);
            edits.push((place, new));
        }
    }

    fn member(&mut self, source: &str, name: &str, value: &Json, is_sent: bool, edits: &mut Edits) {
        let kind = match &value.value {
            Value::String { .. } => Kind::Text,
            Value::Object(_) => Kind::Object,
            _ => Kind::Other,
        };
        if self.rules.is_secret(name, kind, is_sent) {
            self.all(source, name, value, edits);
        } else {
            self.json(source, value, is_sent || self.rules.has_sent(name), edits);
        }
    }

    /// Replaces a secret: a text or a number, or each of those in an object or an array.
    fn all(&mut self, source: &str, name: &str, json: &Json, edits: &mut Edits) {
        let place = json.location.span();
        let spelled = match &json.value {
            Value::Object(members) => {
                for member in members {
                    self.key(source, member, edits);
                    self.all(source, name, &member.value, edits);
                }
                return;
            }
            Value::Array(items) => {
                items.iter().for_each(|item| self.all(source, name, item, edits));
                return;
            }
            Value::Null => return,
            Value::String { value, .. } if value.is_empty() => return,
            Value::String { value, .. } => {
                let new = self.string(name, source, place.clone(), value);
                edits.push((place, new));
                return;
            }
            Value::Number(number) => number.clone(),
            Value::Boolean(boolean) => boolean.to_string(),
        };
        let new = self.as_it_is(name, &spelled);
        let new = if self.quotes_numbers { quoted(&new) } else { new };
        edits.push((place, new));
    }

    /// Whether a text within a parameter has a secret. The whole parameter is one then.
    fn has_secret(&self, text: &str, is_sent: bool) -> bool {
        let mut secret = |_: &str, _: &Found<'_>| String::new();
        let mut inner = Embedded::new(self.rules, false, &mut secret);
        inner.depth = self.depth;
        inner.replace(text, is_sent).is_some()
    }
}

/// A text as it stands in JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;
