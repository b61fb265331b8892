//! JSON through `serde_json`: each level is read as raw pieces of the input, whose addresses give their places.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{DEEPEST, Data, Entry, Node};
use crate::source::{Position, ReadError, Source};

pub(super) fn read(source: &Source) -> Result<Node, ReadError> {
    let text = source.text().trim_start_matches('\u{feff}');
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| {
        let at = Position {
            line: error.line(),
            column: error.column(),
        };
        ReadError::new(source, Some(at), format!("not JSON: {error}"))
    })?;
    Reader {
        source,
        text,
        lines: Lines::new(text),
    }
    .node(raw, 0)
}

struct Reader<'s> {
    source: &'s Source,
    text: &'s str,
    lines: Lines,
}

impl<'s> Reader<'s> {
    fn node(&self, raw: &'s RawValue, depth: usize) -> Result<Node, ReadError> {
        let at = self.position(raw.get());
        if depth > DEEPEST {
            let problem = format!("values nest deeper than {DEEPEST} levels");
            return Err(ReadError::new(self.source, Some(at), problem));
        }
        let data = match raw.get().as_bytes().first() {
            Some(b'{') => Data::Map(self.map(raw, at, depth)?),
            Some(b'[') => {
                let items: Vec<&'s RawValue> = self.parse(raw, at)?;
                Data::List(
                    items
                        .into_iter()
                        .map(|raw| self.node(raw, depth + 1))
                        .collect::<Result<_, _>>()?,
                )
            }
            Some(b'"') => Data::Text(self.parse(raw, at)?),
            Some(b'n') => Data::Null,
            _ => Data::Text(raw.get().to_owned()),
        };
        Ok(Node { at, data })
    }

    fn map(&self, raw: &'s RawValue, at: Position, depth: usize) -> Result<Vec<Entry>, ReadError> {
        let Members(members) = self.parse(raw, at)?;
        let mut entries: Vec<Entry> = Vec::with_capacity(members.len());
        for (key, raw) in members {
            let value = self.node(raw, depth + 1)?;
            // A key with escapes was rewritten, so it has no address in the text.
            let at = if let Cow::Borrowed(key) = key {
                self.position(key)
            } else {
                value.at
            };
            if entries.iter().any(|entry| entry.key == key) {
                return Err(ReadError::new(
                    self.source,
                    Some(at),
                    format!("`{key}` stands here twice"),
                ));
            }
            entries.push(Entry {
                key: key.into_owned(),
                at,
                value,
            });
        }
        Ok(entries)
    }

    fn parse<T: Deserialize<'s>>(&self, raw: &'s RawValue, at: Position) -> Result<T, ReadError> {
        serde_json::from_str(raw.get())
            .map_err(|error| ReadError::new(self.source, Some(at), format!("not JSON: {error}")))
    }

    /// `piece` is a part of the text, so the distance of the two is its offset.
    fn position(&self, piece: &str) -> Position {
        self.lines.position(
            self.text,
            (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize),
        )
    }
}

/// The members of an object, in order and unread.
struct Members<'s>(Vec<(Cow<'s, str>, &'s RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Key(key)) = map.next_key()? {
                    members.push((key, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// A key, borrowed where it has no escapes (`Cow` alone is always read as owned).
struct Key<'s>(Cow<'s, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: serde::de::Error>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(Text).map_err(D::Error::custom)
    }
}

/// The offsets at which lines begin.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(
            std::iter::once(0)
                .chain(text.match_indices('\n').map(|(offset, _)| offset + 1))
                .collect(),
        )
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.0.partition_point(|start| *start <= offset).max(1);
        let start = self.0.get(line - 1).copied().unwrap_or(0);
        let column = text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        Position { line, column }
    }
}
