//! Secrets in texts that have JSON or a form inside: `{"password":"…"}` as a value of metadata, `?code=…` in a URL.
//!
//! Only the secrets are replaced; the rest of the text is written as it was, so that two texts that are the same stay the same. A
//! text within such a text is looked at in the same way.

use std::ops::Range;

use cognito_triggers_model::json::{Json, Value};

use crate::form::Form;

/// What may stand in the name of a parameter. Everything else is prose.
const PARAMETER: &str = "-_.[]%+";

/// What ends a parameter in a text, such as the link in an HTML message.
const ENDS: [char; 8] = ['?', '&', '#', ';', '"', '\'', '<', '>'];

/// How deep texts within texts are looked at. Nobody writes more, and a hostile text must not fill the stack.
const DEPTH: usize = 8;

/// What is a secret.
pub(super) trait Rules {
    /// Whether a value is a secret because of its name. `is_sent` says whether an app has chosen the name.
    fn is_secret(&self, name: &str, kind: Kind, is_sent: bool) -> bool;

    /// Whether an app chooses the names below this one.
    fn has_sent(&self, name: &str) -> bool;

    /// Whether a text is a secret whatever its name is.
    fn is_secret_text(&self, text: &str) -> bool;
}

/// What kind of JSON a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// An object.
    Object,
    /// Anything else.
    Other,
}

/// Replaces secrets in a text.
pub(super) struct Embedded<'a> {
    rules: &'a dyn Rules,
    /// Returns what stands in place of a secret, by the name and the secret.
    secret: &'a mut dyn FnMut(&str, &str) -> String,
    quotes_numbers: bool,
    /// How many texts the text is in.
    depth: usize,
}

/// Places of a text, in order, with what is written there.
type Edits = Vec<(Range<usize>, String)>;

impl<'a> Embedded<'a> {
    /// `secret` returns what stands in place of a secret, by the name and the secret. `quotes_numbers` says whether a number gets
    /// quotes when it is replaced, so that the text stays JSON.
    pub(super) fn new(
        rules: &'a dyn Rules,
        quotes_numbers: bool,
        secret: &'a mut dyn FnMut(&str, &str) -> String,
    ) -> Self {
        Self {
            rules,
            secret,
            quotes_numbers,
            depth: 0,
        }
    }

    /// The text with its secrets replaced. `None` if it has none.
    pub(super) fn replace(&mut self, text: &str, is_sent: bool) -> Option<String> {
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let replaced = self.replace_here(text, is_sent);
        self.depth -= 1;
        replaced
    }

    fn replace_here(&mut self, text: &str, is_sent: bool) -> Option<String> {
        let mut edits = Edits::new();
        let may_be_json = text.trim_start().starts_with(['{', '[']);
        let json = may_be_json.then(|| Json::parse_with_repeated_keys(text).ok());
        if let Some(json) = json.flatten() {
            self.json(&json, is_sent, &mut edits);
        } else if text.contains('=') {
            self.form(text, is_sent, &mut edits);
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

    fn json(&mut self, json: &Json, is_sent: bool, edits: &mut Edits) {
        match &json.value {
            Value::Object(members) => {
                for member in members {
                    self.member(&member.key, &member.value, is_sent, edits);
                }
            }
            Value::Array(items) => {
                for item in items {
                    // As attributes and validation data are written.
                    let name = item.get("Name").and_then(Json::as_str);
                    match name.zip(item.get("Value")) {
                        Some((name, value)) => self.member(name, value, is_sent, edits),
                        None => self.json(item, is_sent, edits),
                    }
                }
            }
            Value::String { value, .. } => {
                if self.rules.is_secret_text(value) {
                    edits.push((json.location.span(), quoted(&(self.secret)("secret", value))));
                } else if let Some(new) = self.replace(value, is_sent) {
                    edits.push((json.location.span(), quoted(&new)));
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, name: &str, value: &Json, is_sent: bool, edits: &mut Edits) {
        let kind = match &value.value {
            Value::String { .. } => Kind::Text,
            Value::Object(_) => Kind::Object,
            _ => Kind::Other,
        };
        if self.rules.is_secret(name, kind, is_sent) {
            self.all(name, value, edits);
        } else {
            self.json(value, is_sent || self.rules.has_sent(name), edits);
        }
    }

    /// Replaces a secret: a text or a number, or each of those in an object or an array.
    fn all(&mut self, name: &str, json: &Json, edits: &mut Edits) {
        let spelled = match &json.value {
            Value::Object(members) => {
                for member in members {
                    self.all(name, &member.value, edits);
                }
                return;
            }
            Value::Array(items) => {
                items.iter().for_each(|item| self.all(name, item, edits));
                return;
            }
            Value::Null => return,
            Value::String { value, .. } if value.is_empty() => return,
            Value::String { value, .. } => {
                edits.push((json.location.span(), quoted(&(self.secret)(name, value))));
                return;
            }
            Value::Number(number) => number.clone(),
            Value::Boolean(boolean) => boolean.to_string(),
        };
        let new = (self.secret)(name, &spelled);
        let new = if self.quotes_numbers { quoted(&new) } else { new };
        edits.push((json.location.span(), new));
    }

    /// The parameters of a form, or of a URL anywhere in the text.
    fn form(&mut self, text: &str, is_sent: bool, edits: &mut Edits) {
        let mut begin = 0;
        for part in text.split(|c: char| c.is_whitespace() || ENDS.contains(&c)) {
            self.parameter(begin, part, is_sent, edits);
            // Every separator but some kinds of white space is a byte.
            let after = text
                .get(begin + part.len()..)
                .and_then(|rest| rest.chars().next());
            begin += part.len() + after.map_or(0, char::len_utf8);
        }
    }

    fn parameter(&mut self, begin: usize, part: &str, is_sent: bool, edits: &mut Edits) {
        let Some((name, value)) = part.split_once('=') else {
            return;
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || PARAMETER.contains(c);
        // `{####}` in a link is where Cognito writes the code, and `==` is the end of Base64.
        if name.is_empty()
            || !name.chars().all(is_name)
            || value.trim_matches('=').is_empty()
            || value.starts_with('{')
        {
            return;
        }
        let form = Form::parse(part);
        let Some((name, decoded)) = form.pairs().next() else {
            return;
        };
        let is_secret = self.rules.is_secret(name, Kind::Text, is_sent)
            || self.rules.is_secret_text(decoded)
            || self.has_secret(decoded, is_sent);
        if is_secret {
            let end = begin + part.len();
            edits.push((end - value.len()..end, (self.secret)(name, value)));
        }
    }

    /// Whether a text within a parameter has a secret. The whole parameter is one then.
    fn has_secret(&self, text: &str, is_sent: bool) -> bool {
        let mut secret = |_: &str, _: &str| String::new();
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
mod tests {
    use super::*;

    /// Everything called `pin` is a secret.
    struct Pins;

    impl Rules for Pins {
        fn is_secret(&self, name: &str, _: Kind, _: bool) -> bool {
            name == "pin"
        }

        fn has_sent(&self, _: &str) -> bool {
            false
        }

        fn is_secret_text(&self, text: &str) -> bool {
            text == "token"
        }
    }

    fn replaced(text: &str) -> Option<String> {
        let mut secret = |name: &str, secret: &str| format!("<{name} {secret}>");
        Embedded::new(&Pins, false, &mut secret).replace(text, false)
    }

    #[test]
    fn only_the_secret_changes() {
        for (text, expected) in [
            (
                r#" { "pin" : "1\"2", "a": 1.50 }"#,
                r#" { "pin" : "<pin 1\"2>", "a": 1.50 }"#,
            ),
            (
                r#"[{"pin":[7,null,true,""]}]"#,
                r#"[{"pin":[<pin 7>,null,<pin true>,""]}]"#,
            ),
            (
                r#"[{"Name":"pin","Value":"7"}]"#,
                r#"[{"Name":"pin","Value":"<pin 7>"}]"#,
            ),
            (r#"{"a":"{\"pin\":\"7\"}"}"#, r#"{"a":"{\"pin\":\"<pin 7>\"}"}"#),
            (r#"{"a":"b?pin=7&c"}"#, r#"{"a":"b?pin=<pin 7>&c"}"#),
            (
                r#"{"a":"token","pin":"1","pin":"2"}"#,
                r#"{"a":"<secret token>","pin":"<pin 1>","pin":"<pin 2>"}"#,
            ),
            ("pin=7", "pin=<pin 7>"),
            (
                "ü https://a.example/?x=1&pin=7%218#y see\u{2003}pin=9",
                "ü https://a.example/?x=1&pin=<pin 7%218>#y see\u{2003}pin=<pin 9>",
            ),
            ("p%69n=7", "p%69n=<pin 7>"),
            (
                "data=%7B%22pin%22%3A1%7D&b=2",
                "data=<data %7B%22pin%22%3A1%7D>&b=2",
            ),
        ] {
            assert_eq!(replaced(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_text_without_a_secret_is_left_alone() {
        for text in [
            "",
            "pin",
            "pin=",
            "pin==",
            "=7",
            "my pin = 7",
            "a?pin={####}",
            "{\"pin\":",
            "{\"pin\":null}",
            "[]",
            "{\"a\":\"pin\"}",
            "\"pin\"",
        ] {
            assert_eq!(replaced(text), None, "{text}");
        }
        for deep in ["[", "a=", "a=%25"] {
            assert_eq!(replaced(&deep.repeat(200_000)), None);
        }
    }
}
