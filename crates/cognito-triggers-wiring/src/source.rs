//! A text that was handed in, and places in it.

use std::{fmt, sync::Arc};

use serde::{Serialize, Serializer};

/// A template or description: its text, and the label that messages call it by.
///
/// The label is usually the path of the file. It is only ever printed: nothing here reads files.
#[derive(Clone, PartialEq, Eq)]
pub struct Source(Arc<Inner>);

#[derive(PartialEq, Eq)]
struct Inner {
    label: String,
    text: String,
}

impl Source {
    /// A source from its label and text.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            label: label.into(),
            text: text.into(),
        }))
    }

    /// What messages call this source.
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Line `number`, counted from 1, without its line break.
    pub fn line(&self, number: usize) -> Option<&str> {
        self.text().lines().nth(number.checked_sub(1)?)
    }

    /// Whether the text is JSON: it begins with a brace. A template in YAML never does.
    pub(crate) fn is_json(&self) -> bool {
        self.text()
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('{')
    }

    /// The place of the value at `path`.
    pub(crate) fn place(&self, position: Position, path: impl Into<String>) -> Place {
        Place {
            source: self.clone(),
            line: position.line,
            column: position.column,
            path: path.into(),
        }
    }
}

// A description may hold settings nobody wants in a log; the label says enough.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.label()).finish()
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.label())
    }
}

/// Line and column of a value, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// Where something stands in a [`Source`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The source, by its label.
    #[serde(rename = "file")]
    pub source: Source,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The way to the value from the top, joined by dots: `Resources.UserPool.Properties.LambdaConfig`.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source.label(), self.line, self.column)
    }
}

/// A source that can't be read. Its text names the place and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    pub(crate) label: String,
    pub(crate) at: Option<(usize, usize)>,
    pub(crate) problem: String,
}

impl ReadError {
    pub(crate) fn new(source: &Source, at: Option<Position>, problem: impl Into<String>) -> Self {
        let at = at.map(|position| (position.line, position.column));
        Self {
            label: source.label().to_owned(),
            at,
            problem: problem.into(),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "{}:{line}:{column}: {}", self.label, self.problem),
            None => write!(f, "{}: {}", self.label, self.problem),
        }
    }
}

impl std::error::Error for ReadError {}
