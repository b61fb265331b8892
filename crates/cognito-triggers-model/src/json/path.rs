//! The way to a value in a JSON text.

use std::{fmt, str::FromStr};

use super::{Json, Value};

/// The way to a value, such as `request.session[0].challengeName`; the empty one, `$`, is the whole text.
///
/// A key with a dot, a bracket, a quote or a blank stands in brackets: `request.userAttributes["a.b"]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Step>);

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into the member of an object.
    Key(String),
    /// Into the item of an array, from 0.
    Index(usize),
}

impl Path {
    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The way to a member of what is here.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// The way to an item of what is here.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// The way to what holds this, and the last step.
    pub fn split_last(&self) -> Option<(Self, &Step)> {
        let (last, before) = self.0.split_last()?;
        Some((Self(before.to_vec()), last))
    }

    /// What is there.
    pub fn find<'a>(&self, json: &'a Json) -> Option<&'a Json> {
        self.0
            .iter()
            .try_fold(json, |json, step| match (step, &json.value) {
                (Step::Key(key), Value::Object(_)) => json.get(key),
                (Step::Index(index), Value::Array(items)) => items.get(*index),
                _ => None,
            })
    }

    /// What is there, to be changed.
    pub fn find_mut<'a>(&self, json: &'a mut Json) -> Option<&'a mut Json> {
        self.0
            .iter()
            .try_fold(json, |json, step| match (step, &mut json.value) {
                (Step::Key(key), Value::Object(members)) => members
                    .iter_mut()
                    .find_map(|(name, value)| (name == key).then_some(value)),
                (Step::Index(index), Value::Array(items)) => items.get_mut(*index),
                _ => None,
            })
    }

    fn then(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("$");
        }
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if key.is_empty() || key.contains(['.', '[', ']', '"', ' ', '$']) => {
                    write!(f, "[{}]", serde_json::Value::from(key.as_str()))?;
                }
                Step::Key(key) if index == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

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

/// `0]…` or `"key"]…`, and what follows.
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

/// A text that is no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsePathError {
    path: String,
    column: usize,
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
            "`{path}` is no path: {problem} at column {column}; a path is like `request.userAttributes.email`"
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
        assert!(problem("a..b").starts_with("`a..b` is no path: expected a key at column 2;"));
        assert!(problem("a[b]").contains("expected `[0]` or `[\"key\"]` at column 2"));
        assert!(problem("a[0]b").contains("expected `.` or `[` at column 5"));
    }
}
