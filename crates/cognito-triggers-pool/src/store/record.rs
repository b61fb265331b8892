//! A change of one entity, as a line of text: `["us-east-1_localpool","users","ana"] {"username":"ana",…}`.
//!
//! A line without a value removes: one entity, with one string all of a pool, and `[]` everything.
//!
//! | line | what it does |
//! |---|---|
//! | `["POOL","KIND","NAME"] VALUE` | stores an entity, in place of an earlier one |
//! | `["POOL","KIND","NAME"]` | removes an entity |
//! | `["POOL"]` | removes a pool and all that belongs to it |
//! | `[]` | removes everything |
//!
//! JSON never has a line break outside of its strings' escapes, so an entity is one line, whatever its names are.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What an entity is found by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// The id of the pool; empty for what all pools share.
    pub(crate) pool: String,
    /// The name of the collection, such as `users`.
    pub(crate) kind: String,
    /// The name in the collection; empty if there is only one.
    pub(crate) name: String,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// Everything is removed.
    Clear,
    /// A pool is removed, with all that belongs to it.
    Drop(String),
    /// An entity is removed.
    Remove(Key),
    /// An entity is stored, in place of an earlier one with the same key.
    Put(Key, String),
}

impl Key {
    pub(crate) fn new(pool: &str, kind: &str, name: &str) -> Self {
        Self {
            pool: pool.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The text at the beginning of a line.
    pub(crate) fn text(&self) -> String {
        text(&[&self.pool, &self.kind, &self.name])
    }
}

impl Record {
    /// Stores a value as JSON, on one line.
    pub(crate) fn put(key: Key, value: &impl Serialize) -> Self {
        // The log refuses an empty value: nothing is left out silently if a value has no JSON.
        Self::Put(key, serde_json::to_string(value).unwrap_or_default())
    }

    /// About how many bytes its line has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Clear => 0,
            Self::Drop(pool) => pool.len(),
            Self::Remove(key) => key.name.len(),
            Self::Put(key, value) => key.name.len() + value.len(),
        }
    }

    /// The record as a line, without the end of the line.
    pub(super) fn to_line(&self) -> String {
        match self {
            Self::Clear => text(&[]),
            Self::Drop(pool) => text(&[pool]),
            Self::Remove(key) => key.text(),
            Self::Put(key, value) => format!("{} {value}", key.text()),
        }
    }

    /// Reads a line. `None` if it is none of a record. Whether the value is valid JSON isn't checked.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut keys = serde_json::Deserializer::from_str(line).into_iter::<Vec<String>>();
        let path = keys.next()?.ok()?;
        let value = line.get(keys.byte_offset()..)?;
        let value = match value.strip_prefix(' ') {
            Some(value) if !value.is_empty() => Some(value.to_owned()),
            Some(_) => return None,
            None if value.is_empty() => None,
            None => return None,
        };
        match (<[String; 3]>::try_from(path), value) {
            (Ok([pool, kind, name]), value) => {
                let key = Key { pool, kind, name };
                Some(value.map_or_else(
                    || Self::Remove(key.clone()),
                    |value| Self::Put(key.clone(), value),
                ))
            }
            (Err(path), None) => match path.as_slice() {
                [] => Some(Self::Clear),
                [pool] => Some(Self::Drop(pool.clone())),
                _ => None,
            },
            (Err(_), Some(_)) => None,
        }
    }
}

/// Reads the value of a record.
///
/// # Errors
/// Fails if it isn't JSON of this type.
pub(crate) fn value<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn text(path: &[&str]) -> String {
    serde_json::to_string(path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_as_it_was_written() {
        let key = Key::new("us-east-1_a", "users", "a \"b\" \n ä]");
        for record in [
            Record::Clear,
            Record::Drop("us-east-1_a".to_owned()),
            Record::Remove(key.clone()),
            Record::put(key, &serde_json::json!({ "x": [1, "\n"] })),
        ] {
            let line = record.to_line();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(Record::parse(&line), Some(record));
        }
    }

    #[test]
    fn other_lines_are_no_records() {
        for line in [
            "",
            "{}",
            "[1]",
            r#"["a","b"]"#,
            r#"["a"] {}"#,
            r#"["a","b","c"] "#,
            r#"["a","b","c"]{}"#,
        ] {
            assert_eq!(Record::parse(line), None, "{line}");
        }
    }
}
