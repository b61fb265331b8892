//! Why an event can't be read: the location and what was expected there, never the value.

use std::{error, fmt, str::Utf8Error};

use serde::de::{Deserialize, DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use crate::syntax_problem::syntax_problem;

/// The longest path that is worth printing.
const LONGEST_PATH: usize = 160;

/// Why an event can't be read.
///
/// The text names the location and what was expected there. It holds nothing of the event, because a password in the
/// wrong field must not end up in a log.
///
/// ```
/// use cognito_triggers::{Event, PreSignUp};
///
/// let json = r#"{"triggerSource": "PreSignUp_SignUp", "request": {"userAttributes": 7}}"#;
/// let error = Event::<PreSignUp>::from_json(json).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`request.userAttributes`: expected an object of strings, or null (line 1, column 69)"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseEventError {
    /// The input isn't JSON, or not one JSON object.
    InvalidJson {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1, at or shortly after the error.
        column: usize,
        /// What was expected, or what is wrong.
        problem: String,
    },
    /// A JSON object that isn't an event of a user pool: it has no `triggerSource`.
    NotUserPool,
    /// A field holds a value of the wrong type.
    Field {
        /// The field, such as `request.session`.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1, at or shortly after the error.
        column: usize,
        /// What was expected.
        problem: String,
    },
}

impl fmt::Display for ParseEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidJson { line, column, problem } => {
                write!(f, "not a JSON object: {problem} (line {line}, column {column})")
            }
            Self::NotUserPool => f.write_str(
                "not an event of a user pool: it has no `triggerSource`; only the triggers of an Amazon Cognito user \
                 pool may call this function",
            ),
            Self::Field { path, line, column, problem } => {
                write!(f, "`{path}`: {problem} (line {line}, column {column})")
            }
        }
    }
}

impl error::Error for ParseEventError {}

impl ParseEventError {
    /// The input isn't UTF-8.
    pub(crate) fn not_utf8(error: &Utf8Error) -> Self {
        let column = error.valid_up_to() + 1;
        Self::InvalidJson {
            line: 1,
            column,
            problem: format!("byte {column} is not UTF-8"),
        }
    }

    /// The input is JSON but not an object, or not JSON at all.
    pub(crate) fn not_an_object(text: &str) -> Self {
        let (line, column, problem) = match serde_json::from_str::<IgnoredAny>(text) {
            _ if text.starts_with('\u{feff}') => (
                1,
                1,
                "it begins with a byte order mark; save it as UTF-8 without one".to_owned(),
            ),
            Err(error) => (error.line(), error.column(), problem(&error)),
            Ok(_) => (1, 1, "it is another JSON value".to_owned()),
        };
        Self::InvalidJson {
            line,
            column,
            problem,
        }
    }

    /// The document couldn't be parsed as `T`: it isn't JSON, or a field has the wrong type.
    pub(crate) fn document<'a, T: Deserialize<'a>>(text: &'a str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.classify() != Category::Data {
            return Self::InvalidJson {
                line,
                column,
                problem: problem(error),
            };
        }
        let deserializer = &mut serde_json::Deserializer::from_str(text);
        let path = serde_path_to_error::deserialize::<_, T>(deserializer).err();
        let path = path.map_or_else(|| ".".to_owned(), |error| error.path().to_string());
        // serde gives no path for a repeated key, but its message has the name, which is one of ours.
        let message = error.to_string();
        let repeated = message.strip_prefix("duplicate field `");
        let path = match repeated.and_then(|rest| rest.split('`').next()) {
            Some(key) if path == "." => key.to_owned(),
            _ => path,
        };
        Self::Field {
            path,
            line,
            column,
            problem: problem(error),
        }
    }

    /// The JSON in an attribute couldn't be parsed.
    pub(crate) fn attribute(name: &str, error: &serde_json::Error) -> Self {
        Self::Field {
            path: name.to_owned(),
            line: error.line(),
            column: error.column(),
            problem: problem(error),
        }
    }

    /// `request` couldn't be parsed as `T`. `before` is the part of the event before it.
    pub(crate) fn request<T: DeserializeOwned>(json: &str, before: &[u8]) -> Self {
        let lines_before = before.iter().filter(|&&byte| byte == b'\n').count();
        let last_line = before.iter().rev().take_while(|&&byte| byte != b'\n').count();
        let deserializer = &mut serde_json::Deserializer::from_str(json);
        let Some(error) = serde_path_to_error::deserialize::<_, T>(deserializer).err() else {
            // An array, which serde accepts for a struct.
            return Self::Field {
                path: "request".to_owned(),
                line: lines_before + 1,
                column: last_line + 1,
                problem: "expected an object".to_owned(),
            };
        };
        let path = match error.path().to_string() {
            path if path == "." => "request".to_owned(),
            // Not even the names of private parameters belong in a log.
            path if path.starts_with("privateChallengeParameters") => {
                "request.privateChallengeParameters".to_owned()
            }
            path if path.len() > LONGEST_PATH => "request, deep inside".to_owned(),
            path => format!("request.{path}"),
        };
        let inner = error.inner();
        let column = if inner.line() == 1 {
            last_line + inner.column()
        } else {
            inner.column()
        };
        Self::Field {
            path,
            line: lines_before + inner.line(),
            column,
            problem: problem(inner),
        }
    }
}

/// What serde expected, without the value that it found.
fn problem(error: &serde_json::Error) -> String {
    let message = syntax_problem(error);
    if error.classify() != Category::Data {
        return message;
    }
    // The value comes first, as in `invalid type: string "hunter2", expected a map`.
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if message.starts_with("duplicate field") => "a key occurs twice".to_owned(),
        None => "a value that is not allowed here".to_owned(),
    }
}
