//! What is said about an event that can't be read: where, and what was expected, never what stood there.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// The longest path that is worth printing.
const LONGEST_PATH: usize = 160;

/// Why an event can't be read.
///
/// The text names the place and what was expected there, and holds nothing of the event: a password in the wrong
/// place must not end up in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// The input isn't JSON, or not one JSON object.
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1, at or close behind the place.
        column: usize,
        /// What was expected or found wrong.
        problem: String,
    },
    /// A JSON object that isn't an event of a user pool: it has no `triggerSource`.
    NotUserPool,
    /// A field holds a kind of value that it can't hold.
    Field {
        /// The field, such as `request.session`.
        path: String,
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1, at or close behind the place.
        column: usize,
        /// What was expected.
        problem: String,
    },
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotJson { line, column, problem } => {
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

impl std::error::Error for Malformed {}

impl Malformed {
    pub(crate) fn not_utf8(error: &std::str::Utf8Error) -> Self {
        let problem = format!("byte {} is not UTF-8", error.valid_up_to() + 1);
        Self::NotJson {
            line: 1,
            column: error.valid_up_to() + 1,
            problem,
        }
    }

    /// Something else than an object, or no JSON at all.
    pub(crate) fn not_an_object(text: &str) -> Self {
        if text.starts_with('\u{feff}') {
            let problem = "it begins with a byte order mark; save it as UTF-8 without one".to_owned();
            return Self::NotJson {
                line: 1,
                column: 1,
                problem,
            };
        }
        match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Err(error) => Self::NotJson {
                line: error.line(),
                column: error.column(),
                problem: problem(&error),
            },
            Ok(_) => Self::NotJson {
                line: 1,
                column: 1,
                problem: "it is another JSON value".to_owned(),
            },
        }
    }

    /// The envelope couldn't be read: no JSON, or a header field of a wrong kind.
    pub(crate) fn envelope(text: &str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.classify() != Category::Data {
            return Self::NotJson {
                line,
                column,
                problem: problem(error),
            };
        }
        let deserializer = &mut serde_json::Deserializer::from_str(text);
        let path = serde_path_to_error::deserialize::<_, crate::raw::Envelope<'_>>(deserializer).err();
        let path = path.map_or_else(|| ".".to_owned(), |error| error.path().to_string());
        // A key that is there twice stands at no path; its name is one of ours.
        let said = error.to_string();
        let twice = said.strip_prefix("duplicate field `");
        let path = match twice.and_then(|rest| rest.split('`').next()) {
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

    /// The JSON in an attribute couldn't be read.
    pub(crate) fn attribute(name: &str, error: &serde_json::Error) -> Self {
        Self::Field {
            path: name.to_owned(),
            line: error.line(),
            column: error.column(),
            problem: problem(error),
        }
    }

    /// `request` couldn't be read; `before` is what stands before it in the event.
    pub(crate) fn request<T: DeserializeOwned>(json: &str, before: &[u8]) -> Self {
        let lines_before = before.iter().filter(|&&byte| byte == b'\n').count();
        let last_line = before.iter().rev().take_while(|&&byte| byte != b'\n').count();
        let deserializer = &mut serde_json::Deserializer::from_str(json);
        let Some(error) = serde_path_to_error::deserialize::<_, T>(deserializer).err() else {
            // A list, which serde would take for a struct.
            let (line, column) = (lines_before + 1, last_line + 1);
            return Self::Field {
                path: "request".to_owned(),
                line,
                column,
                problem: "expected an object".to_owned(),
            };
        };
        let path = match error.path().to_string() {
            path if path == "." => "request".to_owned(),
            // Not even the names in there are for a log.
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
    let text = error.to_string();
    let text = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(text, _)| text);
    match error.classify() {
        // "invalid type: string \"hunter2\", expected a map": the value comes first, so cut at the last "expected".
        Category::Data => match text.rsplit_once(", expected ") {
            Some((_, expected)) => format!("expected {expected}"),
            None if text.starts_with("duplicate field") => "the key is there twice".to_owned(),
            None => "not what can stand here".to_owned(),
        },
        // Texts about syntax never quote the input.
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::{Attributes, TextMap, raw::Input};

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only read, never looked at")]
    struct Request {
        user_attributes: Attributes,
        validation_data: TextMap,
    }

    fn problem(event: &'static str) -> String {
        let bytes = Bytes::from_static(event.as_bytes());
        match Input::new(&bytes).read() {
            Ok(received) => received.request::<Request>().unwrap_err().to_string(),
            Err(malformed) => malformed.to_string(),
        }
    }

    #[test]
    fn names_the_place_and_not_the_value() {
        assert_eq!(
            problem("hunter2"),
            "not a JSON object: expected value (line 1, column 1)"
        );
        assert_eq!(
            problem("\"hunter2, expected x\""),
            "not a JSON object: it is another JSON value (line 1, column 1)"
        );
        assert_eq!(
            problem("{} hunter2"),
            "not a JSON object: trailing characters (line 1, column 4)"
        );
        assert_eq!(
            problem("{\"triggerSource\":\"a\",\n\"region\":[\"hunter2\"]}"),
            "`region`: expected a text, or null (line 2, column 21)"
        );
        assert_eq!(
            problem("{\"triggerSource\":\"a\",\n \"request\":{\"userAttributes\":\n\"hunter2\"}}"),
            "`request.userAttributes`: expected an object of texts, or null (line 3, column 9)"
        );
        assert_eq!(
            problem(
                r#"{"triggerSource":"a","request":{"validationData":{},"validationData":{},"userAttributes":{}}}"#
            ),
            "`request`: the key is there twice (line 1, column 68)"
        );
        assert_eq!(
            problem(r#"{"triggerSource":"a","region":"b","region":"c"}"#),
            "`region`: the key is there twice (line 1, column 42)"
        );
        assert!(problem(r#"{"Records":[]}"#).starts_with("not an event of a user pool"));
    }

    /// Of a plain event only the end of `request` is looked for, until something is amiss.
    #[test]
    fn no_json_in_the_request_is_no_json_at_all() {
        for event in [
            r#"{"triggerSource":"a","request":{"userAttributes":{]},"validationData":{}}}"#,
            r#"{"triggerSource":"a","request":{"userAttributes":"hunter2",}}"#,
            r#"{"triggerSource":"a","request":{"b" "c"}}"#,
            r#"{"request":{"b":tru}}"#,
            r#"{"request":{"b":"\x"}}"#,
        ] {
            let expected = serde_json::from_str::<serde_json::Value>(event).unwrap_err();
            let (line, column) = (expected.line(), expected.column());
            let problem = problem(event);
            assert!(problem.starts_with("not a JSON object: "), "{event}: {problem}");
            assert!(
                problem.ends_with(&format!("(line {line}, column {column})")),
                "{event}: {problem}"
            );
        }
    }
}
