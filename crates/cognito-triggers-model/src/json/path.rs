//! Paths: `request.session[0].challengeName`.
//!
//! Errors, findings and the command line name values by such paths. [`Path`] has steps and finds values; [`key`] and
//! [`item`] only write text, for messages.

use std::{fmt, str::FromStr};

use super::document::{Json, Value};

/// The path to a value, such as `request.session[0].challengeName`. The empty path, `$`, is the whole document.
///
/// A key that isn't made of ASCII letters, digits, `_`, `-` and `:` is written in brackets:
/// `request.userAttributes["a.b"]`. Parsing accepts brackets around every key.
///
/// ```
/// use cognito_triggers_model::json::{Json, Path};
///
/// let event = Json::parse(r#"{"request": {"session": [{"challengeName": "SRP_A"}]}}"#)?;
/// let path: Path = "request.session[0].challengeName".parse()?;
/// assert_eq!(path.find(&event).and_then(Json::as_str), Some("SRP_A"));
/// assert_eq!(path, Path::default().key("request").key("session").index(0).key("challengeName"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Step>);

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into the member of an object.
    ///
    /// The key is unescaped. Case matters.
    Key(String),
    /// Into the item of an array, from 0.
    Index(usize),
}

impl Path {
    /// The steps.
    ///
    /// Empty for the whole document.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The path to a key below this one.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// The path to an item below this one.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// The path to the parent, and the last step. `None` for the whole document.
    ///
    /// Use it to add, replace or remove the value in its parent.
    pub fn split_last(&self) -> Option<(Self, &Step)> {
        let (last, before) = self.0.split_last()?;
        Some((Self(before.to_vec()), last))
    }

    /// The value at this path.
    ///
    /// `None` if a key or an item is missing, or a step doesn't fit the value: a key into an array, or an index into
    /// an object. If a key is repeated, the last value wins.
    pub fn find<'a>(&self, json: &'a Json) -> Option<&'a Json> {
        self.0
            .iter()
            .try_fold(json, |json, step| match (step, &json.value) {
                (Step::Key(key), Value::Object(_)) => json.get(key),
                (Step::Index(index), Value::Array(items)) => items.get(*index),
                _ => None,
            })
    }

    /// A mutable reference to the value at this path.
    ///
    /// `None` in the same cases as for [`find`](Self::find).
    pub fn find_mut<'a>(&self, json: &'a mut Json) -> Option<&'a mut Json> {
        self.0.iter().try_fold(json, |json, step| match step {
            Step::Key(key) => json.get_mut(key),
            Step::Index(index) => match &mut json.value {
                Value::Array(items) => items.get_mut(*index),
                _ => None,
            },
        })
    }

    /// A copy with one more step.
    fn then(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }
}

/// The text that parses to the same path; `$` for the whole document.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("$");
        }
        let path = self.0.iter().fold(String::new(), |path, step| match step {
            Step::Key(name) => key(&path, name),
            Step::Index(index) => item(&path, *index),
        });
        f.write_str(&path)
    }
}

/// The path, as text, of a key of the object at `parent`. The whole document is the empty text.
///
/// A key that isn't made of ASCII letters, digits, `_`, `-` and `:` is written in brackets.
///
/// ```
/// use cognito_triggers_model::json::path::{item, key};
///
/// assert_eq!(key("", "response"), "response");
/// assert_eq!(key("request.userAttributes", "custom:tenant"), "request.userAttributes.custom:tenant");
/// assert_eq!(key("request.attributes", "a.b"), r#"request.attributes["a.b"]"#);
/// assert_eq!(item("request.session", 0), "request.session[0]");
/// ```
pub fn key(parent: &str, key: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':');
    match (parent, !key.is_empty() && key.chars().all(is_word)) {
        ("", true) => key.to_owned(),
        (_, true) => format!("{parent}.{key}"),
        (_, false) => format!("{parent}[{}]", serde_json::Value::from(key)),
    }
}

/// The path, as text, of an item of the array at `parent`.
///
/// Indices count from 0.
pub fn item(parent: &str, index: usize) -> String {
    format!("{parent}[{index}]")
}

/// Reads a path with or without `$` at its start.
impl FromStr for Path {
    type Err = ParsePathError;

    fn from_str(text: &str) -> Result<Self, ParsePathError> {
        let wrong = |rest: &str, problem| ParsePathError {
            path: text.to_owned(),
            column: text.len() - rest.len() + 1,
            problem,
        };
        let mut steps = Vec::new();
        let mut rest = text.strip_prefix('$').unwrap_or(text);
        while !rest.is_empty() {
            if let Some(bracket) = rest.strip_prefix('[') {
                let (step, after) =
                    bracketed(bracket).ok_or_else(|| wrong(rest, "expected `[0]` or `[\"key\"]`"))?;
                steps.push(step);
                rest = after;
                continue;
            }
            let key = match rest.strip_prefix('.') {
                Some(key) => key,
                None if steps.is_empty() => rest,
                None => return Err(wrong(rest, "expected `.` or `[`")),
            };
            let end = key.find(['.', '[']).unwrap_or(key.len());
            let (key, after) = key.split_at(end);
            if key.is_empty() {
                return Err(wrong(rest, "expected a key"));
            }
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        }
        Ok(Self(steps))
    }
}

/// Splits `0]…` or `"key"]…` into the step and what follows.
///
/// `text` begins after the opening bracket. `None` if there is no index, no quoted key, or no closing bracket.
fn bracketed(text: &str) -> Option<(Step, &str)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    let step = match values.next()?.ok()? {
        serde_json::Value::String(key) => Step::Key(key),
        serde_json::Value::Number(index) => Step::Index(usize::try_from(index.as_u64()?).ok()?),
        _ => return None,
    };
    let after = text.get(values.byte_offset()..)?.strip_prefix(']')?;
    Some((step, after))
}

/// A string that is not a path.
///
/// `Display` names the path, the problem and the column, and shows how to write one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsePathError {
    /// The whole text.
    path: String,
    /// Where the problem is, in bytes from 1.
    column: usize,
    /// What was expected there.
    problem: &'static str,
}

impl fmt::Display for ParsePathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            column,
            problem,
        } = self;
        write!(
            f,
            "`{path}` is not a path: {problem} at column {column}; write it like `request.userAttributes.email`"
        )
    }
}

impl std::error::Error for ParsePathError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for path in [
            "$",
            "request.userAttributes.custom:tenant",
            "a[0][\"b.c \\\"d\\\"\"].e",
            "[1].a",
            "[\"\"]",
        ] {
            assert_eq!(path.parse::<Path>().unwrap().to_string(), path);
        }
    }

    #[test]
    fn odd_keys_are_written_in_brackets() {
        assert_eq!(key("", "response"), "response");
        assert_eq!(
            key("response.claims", "custom:role"),
            "response.claims.custom:role"
        );
        assert_eq!(key("response", "a.b"), r#"response["a.b"]"#);
        assert_eq!(key("response", "a\n\"b"), r#"response["a\n\"b"]"#);
        assert_eq!(key("response", ""), r#"response[""]"#);
        assert_eq!(item("scopesToAdd", 0), "scopesToAdd[0]");
    }

    #[test]
    fn finds_values() {
        let json = Json::parse(r#"{"a": [1, {"b.c": 2}]}"#).unwrap();
        let find = |path: &str| path.parse::<Path>().unwrap().find(&json).map(ToString::to_string);
        assert_eq!(find("a[1][\"b.c\"]").as_deref(), Some("2"));
        assert_eq!(find("a.b"), None);
        assert_eq!(find("a[2]"), None);
    }

    #[test]
    fn says_what_is_wrong() {
        let problem = |path: &str| path.parse::<Path>().unwrap_err().to_string();
        assert!(problem("a..b").starts_with("`a..b` is not a path: expected a key at column 2;"));
        assert!(problem("a[b]").contains("expected `[0]` or `[\"key\"]` at column 2"));
        assert!(problem("a[0]b").contains("expected `.` or `[` at column 5"));
    }
}
