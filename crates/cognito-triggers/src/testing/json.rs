//! A JSON text as it is spelled.

use std::{borrow::Cow, collections::HashSet, fmt, ops::Range};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How deep a text may be nested; events have about six levels.
const DEEPEST: usize = 64;

/// A JSON text as it is spelled: the order of keys, and numbers and strings as they are written.
///
/// What is read and printed again differs in white space only. Each value knows where in the text it stood.
#[derive(Debug, Clone)]
pub struct Json {
    /// The bytes of the text that it was read from; `0..0` for one that was made.
    pub span: Range<usize>,
    /// What it is.
    pub value: Value,
}

/// What a [`Json`] is.
#[derive(Debug, Clone)]
pub enum Value {
    /// Null, a truth value, a number or a string, as spelled.
    Scalar(String),
    /// An array.
    Array(Vec<Json>),
    /// An object: the keys unescaped and in their order, none twice.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text.
    ///
    /// # Errors
    /// If it isn't JSON, has a key twice in one object, or is nested deeper than 64 levels.
    pub fn parse(text: &str) -> Result<Self, NotJson> {
        let whole: &RawValue = serde_json::from_str(text).map_err(|error| NotJson {
            line: error.line(),
            column: error.column(),
            problem: problem(&error),
        })?;
        let start = offset(text, whole.get());
        node(whole.get(), start, DEEPEST).map_err(|(place, problem)| {
            let (line, column) = position(text, place);
            NotJson {
                line,
                column,
                problem,
            }
        })
    }

    /// A string.
    pub fn string(text: &str) -> Self {
        Self::made(Value::Scalar(serde_json::Value::from(text).to_string()))
    }

    /// An object.
    pub fn object(members: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::made(Value::Object(members.into_iter().collect()))
    }

    fn made(value: Value) -> Self {
        Self { span: 0..0, value }
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Object(members) => members
                .iter()
                .find_map(|(name, value)| (name == key).then_some(value)),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_string(&self) -> Option<String> {
        match &self.value {
            Value::Scalar(spelled) => serde_json::from_str(spelled).ok(),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(spelled) if spelled == "null")
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize, pretty: bool) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, depth: usize| {
            if pretty {
                write!(f, "\n{:1$}", "", 2 * depth)
            } else {
                Ok(())
            }
        };
        match &self.value {
            Value::Scalar(spelled) => f.write_str(spelled),
            Value::Array(items) if items.is_empty() => f.write_str("[]"),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "[" } else { "," })?;
                    line(f, depth + 1)?;
                    item.write(f, depth + 1, pretty)?;
                }
                line(f, depth)?;
                f.write_str("]")
            }
            Value::Object(members) if members.is_empty() => f.write_str("{}"),
            Value::Object(members) => {
                for (index, (key, value)) in members.iter().enumerate() {
                    f.write_str(if index == 0 { "{" } else { "," })?;
                    line(f, depth + 1)?;
                    let key = serde_json::Value::from(key.as_str());
                    write!(f, "{key}:{}", if pretty { " " } else { "" })?;
                    value.write(f, depth + 1, pretty)?;
                }
                line(f, depth)?;
                f.write_str("}")
            }
        }
    }
}

/// In one line; with `{:#}` one line for each value, indented by two spaces.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0, f.alternate())
    }
}

/// Whether two texts say the same: the order of keys doesn't matter, the spelling of numbers does.
///
/// `1` and `1.0` are one number, but not to every reader: an integer field in Rust, Go or Java refuses the second.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(one), Value::Scalar(two)) => {
                one == two
                    || matches!((self.as_string(), other.as_string()), (Some(one), Some(two)) if one == two)
            }
            (Value::Array(one), Value::Array(two)) => one == two,
            (Value::Object(one), Value::Object(two)) => {
                one.len() == two.len() && one.iter().all(|(key, value)| other.get(key) == Some(value))
            }
            _ => false,
        }
    }
}

/// A text that can't be read as JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotJson {
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: String,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            problem,
        } = self;
        write!(f, "{problem} at line {line}, column {column}")
    }
}

impl std::error::Error for NotJson {}

/// Line and column, from 1, of a byte of a text.
pub fn position(text: &str, place: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..place).unwrap_or(text.as_bytes());
    let line = before.iter().filter(|&&byte| byte == b'\n').count();
    let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count();
    (line + 1, column + 1)
}

/// Reads a value that is known to be JSON; the error is a place and a problem.
fn node(text: &str, start: usize, depth: usize) -> Result<Json, (usize, String)> {
    let wrong = |error: serde_json::Error| (start, problem(&error));
    let depth = depth
        .checked_sub(1)
        .ok_or_else(|| (start, format!("nested deeper than {DEEPEST} levels")))?;
    let inner = |raw: &RawValue| node(raw.get(), start + offset(text, raw.get()), depth);
    let value = match text.as_bytes().first() {
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(wrong)?;
            Value::Array(items.into_iter().map(inner).collect::<Result<_, _>>()?)
        }
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text).map_err(wrong)?;
            let mut seen = HashSet::new();
            if let Some((key, value)) = members.iter().find(|(key, _)| !seen.insert(key.as_ref())) {
                let place = start + offset(text, value.get());
                return Err((place, format!("the key `{key}` is there twice")));
            }
            let members = members
                .iter()
                .map(|(key, value)| Ok((key.to_string(), inner(value)?)));
            Value::Object(members.collect::<Result<_, _>>()?)
        }
        _ => Value::Scalar(text.to_owned()),
    };
    Ok(Json {
        span: start..start + text.len(),
        value,
    })
}

/// Where a part of a text begins.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// What the parser says, without the place: that is told apart.
fn problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((problem, _)) => problem.to_owned(),
        None => text,
    }
}

/// The members of an object in their order.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_printed_as_it_is_written() {
        for sample in crate::testing::samples::all() {
            let json = Json::parse(sample.json).unwrap();
            assert_eq!(format!("{json:#}\n"), sample.json);
            let received: serde_json::Value = serde_json::from_str(sample.json).unwrap();
            let reread: serde_json::Value = serde_json::from_str(&json.to_string()).unwrap();
            assert_eq!(reread, received);
        }
    }

    #[test]
    fn spelling_survives_and_spans_point_at_the_values() {
        let text = r#" {"b" : 1.50, "\u0061":[1e2, "\u00fc"], "c": {}} "#;
        let json = Json::parse(text).unwrap();
        assert_eq!(json.to_string(), r#"{"b":1.50,"a":[1e2,"\u00fc"],"c":{}}"#);
        assert_eq!(&text[json.get("b").unwrap().span.clone()], "1.50");
        assert_eq!(&text[json.get("a").unwrap().span.clone()], r#"[1e2, "\u00fc"]"#);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let problem = |text: &str| Json::parse(text).unwrap_err().to_string();
        assert_eq!(
            problem("{\n  \"a\": 1,\n}"),
            "key must be a string at line 3, column 1"
        );
        assert_eq!(
            problem("{\"a\": 1,\n \"a\": 2}"),
            "the key `a` is there twice at line 2, column 7"
        );
        assert_eq!(
            problem(&"[".repeat(200_000)),
            "EOF while parsing a list at line 1, column 200000"
        );
        let deep = format!("{}{}", "[".repeat(90), "]".repeat(90));
        assert_eq!(
            problem(&deep),
            "nested deeper than 64 levels at line 1, column 65"
        );
    }

    #[test]
    fn order_and_escapes_make_no_difference_and_numbers_are_as_spelled() {
        let equal = |one, two| Json::parse(one).unwrap() == Json::parse(two).unwrap();
        assert!(equal(r#"{"a":1,"b":["\u00fc"]}"#, r#"{"b":["ü"],"a":1}"#));
        assert!(!equal("1.0", "1"));
        assert!(!equal("12345678901234567890123", "12345678901234567890124"));
        assert!(!equal(r#"{"a":null}"#, "{}"));
        assert!(!equal("[1,2]", "[2,1]"));
    }
}
