//! One tree for YAML and JSON, with line and column of every value.
//!
//! CloudFormation takes a number where it wants a text and the other way round (`"5"` and `5`),
//! so a scalar keeps the characters it was written with and is asked for what is needed.

mod json;
mod yaml;

use crate::source::{Position, ReadError, Source};

/// How deep values may nest. Far beyond any template, and far within every stack.
const DEEPEST: usize = 96;

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) data: Data,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    Null,
    /// Any scalar, as written.
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A member of a map. Messages point at the key: it is what the reader looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: Position,
    pub(crate) value: Node,
}

impl Node {
    /// Reads JSON where the text begins with a brace, YAML otherwise.
    ///
    /// The short forms of CloudFormation's functions (`!GetAtt A.B`) come out as the long ones
    /// (`{"Fn::GetAtt": "A.B"}`), so that nothing behind this module knows of two spellings.
    pub(crate) fn read(source: &Source) -> Result<Self, ReadError> {
        if source.is_json() {
            json::read(source)
        } else {
            yaml::read(source)
        }
    }

    /// The scalar as written.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list; nothing of anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The value as a list: itself alone where it isn't one, as IAM policies allow.
    pub(crate) fn one_or_many(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            Data::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The members of a map; nothing of anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The member called `key`, with the place of its key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value called `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value at the end of a way through maps.
    pub(crate) fn at_path(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.data, Data::Map(_))
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }
}
