//! Which cases are alike, and what tells one from another.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The paths in a value with the kinds of what is there, so that the events of two people who did the same have one shape.
///
/// | value | in the shape |
/// |---|---|
/// | a boolean, also one in a text, a number or `null` | as it is |
/// | a text whose path ends with `challengeName` | as it is, since it decides what a function does |
/// | another text | `text` |
/// | an object or a list | `{}` or `[]`, and each of its members with its own path |
pub(super) fn shape_of(path: &str, value: &Value, shape: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                shape_of(&format!("{path}.{name}"), value, shape);
            }
            shape.insert(format!("{path}={{}}"));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                shape_of(&format!("{path}[{index}]"), item, shape);
            }
            shape.insert(format!("{path}=[]"));
        }
        Value::String(text) if path.ends_with("challengeName") || is_boolean(text) => {
            shape.insert(format!("{path}={text}"));
        }
        Value::String(_) => {
            shape.insert(format!("{path}=text"));
        }
        other => {
            shape.insert(format!("{path}={other}"));
        }
    }
}

/// Whether a text is a boolean in the attributes of a user, such as `email_verified`, which a function may look at.
fn is_boolean(text: &str) -> bool {
    text == "true" || text == "false"
}

/// What an answer decides, without what it repeats of its event: two users get the same answer about different names.
pub(super) fn without_values_of(response: &Value, event: &Value) -> Value {
    let mut values = BTreeSet::new();
    texts(event, &mut values);
    replaced(response, &values)
}

/// Adds the texts of a value that tell one user from another. Very short ones also stand elsewhere by chance.
fn texts<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) if text.len() >= 3 && !is_boolean(text) => {
            found.insert(text);
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

/// A value in which each of the texts `values`, those of the event, reads the same. Names of members stay.
fn replaced(value: &Value, values: &BTreeSet<&str>) -> Value {
    match value {
        Value::String(text) if values.contains(text.as_str()) => json!("of the event"),
        Value::Array(items) => items.iter().map(|item| replaced(item, values)).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), replaced(value, values)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// The first thing in which an event or its answer differs from the first one, as a part of a file name.
///
/// | difference | name |
/// |---|---|
/// | a member that the first one lacks | `with-email` |
/// | a member that only the first one has | `without-email` |
/// | another boolean, number or word of Cognito | `autoConfirmUser-true` |
///
/// `None` if only texts differ, which may be long or personal.
pub(super) fn difference(first: &Value, other: &Value) -> Option<String> {
    let none = Map::new();
    match (first, other) {
        (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) => {
            let members = |value: &Value| match value {
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    items
                        .map(|(index, item)| (index.to_string(), item.clone()))
                        .collect()
                }
                value => value.as_object().unwrap_or(&none).clone(),
            };
            let (first, other) = (members(first), members(other));
            let new = other.keys().find(|name| !first.contains_key(*name));
            let gone = first.keys().find(|name| !other.contains_key(*name));
            if let Some(name) = new {
                return Some(format!("with-{}", part(name)));
            }
            if let Some(name) = gone {
                return Some(format!("without-{}", part(name)));
            }
            first.iter().find_map(|(name, value)| {
                let other = other.get(name)?;
                match (value, other) {
                    (Value::Object(_) | Value::Array(_), Value::Object(_) | Value::Array(_)) => {
                        difference(value, other)
                    }
                    (Value::Object(_) | Value::Array(_), Value::Null) => {
                        Some(format!("without-{}", part(name)))
                    }
                    (Value::String(_), Value::String(text))
                        if !is_boolean(text) && !name.contains("challenge") =>
                    {
                        None
                    }
                    (value, other) if value != other => {
                        Some(format!("{}-{}", part(name), part(&text(other))))
                    }
                    _ => None,
                }
            })
        }
        _ => None,
    }
}

/// A value in a file name.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => "set".to_owned(),
        other => other.to_string(),
    }
}

/// A text as part of a file name, forty characters at most.
fn part(text: &str) -> String {
    file_name(text).chars().take(40).collect()
}

/// A text as a file name: ASCII letters, digits, `_` and `-`.
pub(super) fn file_name(text: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    text.chars().map(plain).take(100).collect()
}
