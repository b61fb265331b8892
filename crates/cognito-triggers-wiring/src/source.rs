//! Sources, and locations in them.

use std::{fmt, sync::Arc};

use cognito_triggers_model::{encoding::decode, json};
use serde::{Serialize, Serializer};

/// A template or description: its text, and the label that messages use for it.
///
/// The label is usually the path of the file. It is only printed: this crate reads no files. A clone shares the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Source(Arc<Inner>);

/// What clones of a source share.
#[derive(PartialEq, Eq)]
struct Inner {
    label: String,
    text: String,
    language: Language,
}

/// The language in which a source is written, and in which fixes for it are suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
    /// The JSON of `terraform show -json`. Its fixes belong in the configuration, which is HCL.
    Terraform,
}

impl Source {
    /// Creates a source from its label and text. A byte order mark at the start of the text is dropped.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        Self(Arc::new(Inner {
            label: label.into(),
            language: Language::of(&text),
            text,
        }))
    }

    /// Creates a source from the bytes of a file: UTF-8 with or without a byte order mark, or UTF-16.
    ///
    /// ```
    /// use cognito_triggers_wiring::Source;
    ///
    /// let source = Source::from_bytes("pool.json", b"\xef\xbb\xbf{}".to_vec())?;
    /// assert_eq!(source.text(), "{}");
    /// # Ok::<(), cognito_triggers_wiring::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes are in another encoding.
    pub fn from_bytes(label: impl Into<String>, bytes: Vec<u8>) -> Result<Self, ReadError> {
        let label = label.into();
        match decode(bytes) {
            Ok(text) => Ok(Self::new(label, text)),
            Err(error) => Err(ReadError {
                label,
                at: Some((error.line, error.column)),
                problem: error.problem(),
            }),
        }
    }

    /// The name that messages use for the source.
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// A line, counted from 1, without its line break. `None` after the last line.
    pub fn line(&self, number: usize) -> Option<&str> {
        self.text().lines().nth(number.checked_sub(1)?)
    }

    /// The language in which the source is written.
    pub(crate) fn language(&self) -> Language {
        self.0.language
    }

    /// The location of a value or key, whose path is `path`.
    pub(crate) fn location(&self, at: json::Location, path: impl Into<String>) -> Location {
        Location {
            source: self.clone(),
            line: at.line,
            column: at.column,
            path: path.into(),
        }
    }
}

impl Language {
    /// JSON begins with a brace, and a template in YAML never does. Terraform writes `format_version` first.
    fn of(text: &str) -> Self {
        match text.trim_start().strip_prefix('{') {
            None => Self::Yaml,
            Some(members) if members.trim_start().starts_with("\"format_version\"") => Self::Terraform,
            Some(_) => Self::Json,
        }
    }
}

// A description may have settings that don't belong in a log, so the text isn't printed.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.label()).finish()
    }
}

/// Serialized as the label.
impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.label())
    }
}

/// Where something is written in a [`Source`]. Printed as `file:line:column`.
///
/// ```
/// use cognito_triggers_wiring::{Source, Wiring};
///
/// let template = Source::new("template.yaml", "Resources:\n  UserPool: AWS::Cognito::UserPool\n");
/// let report = Wiring::read([template])?.check(&[]);
/// let wrong = report.findings.iter().find(|finding| finding.code == "wrong-type").map(|it| &it.location);
///
/// assert_eq!(wrong.map(ToString::to_string).as_deref(), Some("template.yaml:2:3"));
/// assert_eq!(wrong.map(|location| location.path.as_str()), Some("Resources.UserPool"));
/// # Ok::<(), cognito_triggers_wiring::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The source. Serialized as `file`, its label.
    #[serde(rename = "file")]
    pub source: Source,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The path from the root of the document: `Resources.UserPool.Properties.LambdaConfig`.
    pub path: String,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source.label(), self.line, self.column)
    }
}

/// A source that can't be read. The text names the file, the line and column, and what is wrong.
///
/// ```
/// use cognito_triggers_wiring::{Source, Wiring};
///
/// let error = Wiring::read([Source::new("pool.json", "{\n  \"UserPool\": {,}\n}")]).unwrap_err();
/// assert_eq!(error.to_string(), "pool.json:2:16: not JSON: expected a key in double quotes");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    label: String,
    at: Option<(usize, usize)>,
    problem: String,
}

impl ReadError {
    /// An error at a line and column, or in the source as a whole.
    pub(crate) fn new(source: &Source, at: Option<(usize, usize)>, problem: impl Into<String>) -> Self {
        Self {
            label: source.label().to_owned(),
            at,
            problem: problem.into(),
        }
    }

    /// An error at a value or key.
    pub(crate) fn at(source: &Source, location: json::Location, problem: impl Into<String>) -> Self {
        Self::new(source, Some((location.line, location.column)), problem)
    }

    /// What is wrong, without the file, line and column.
    pub fn problem(&self) -> &str {
        &self.problem
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
