//! A JSON text as it is spelled.

mod path;

use std::{collections::HashSet, fmt, ops::Range};

use serde_json::value::RawValue;

pub use path::{ParsePathError, Path, Step};

/// How deep a text may be nested; events have about six levels. Whatever walks through one recurses this deep.
const DEEPEST: usize = 256;

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
    /// If it isn't JSON, has a key twice in one object, or is nested deeper than 256 levels.
    pub fn parse(text: &str) -> Result<Self, ParseJsonError> {
        // The parser that knows all rules reads it first; then one pass finds where everything stands.
        serde_json::from_str::<&RawValue>(text).map_err(|error| ParseJsonError {
            line: error.line(),
            column: error.column(),
            problem: problem(&error),
            is_too_deep: false,
        })?;
        let mut scan = Scan {
            text,
            place: 0,
            is_too_deep: false,
        };
        scan.node(DEEPEST).map_err(|problem| {
            let (line, column) = position(text, scan.place);
            ParseJsonError {
                line,
                column,
                problem,
                is_too_deep: scan.is_too_deep,
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
pub struct ParseJsonError {
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: String,
    is_too_deep: bool,
}

impl ParseJsonError {
    /// Whether it is JSON, but nested deeper than is read here.
    pub fn is_too_deep(&self) -> bool {
        self.is_too_deep
    }
}

impl fmt::Display for ParseJsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            problem,
            ..
        } = self;
        write!(f, "{problem} at line {line}, column {column}")
    }
}

impl std::error::Error for ParseJsonError {}

/// Line and column, from 1, of a byte of a text.
pub fn position(text: &str, place: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..place).unwrap_or(text.as_bytes());
    let line = before.iter().filter(|&&byte| byte == b'\n').count();
    let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count();
    (line + 1, column + 1)
}

/// A way through a text that is known to be JSON.
struct Scan<'a> {
    text: &'a str,
    place: usize,
    is_too_deep: bool,
}

impl Scan<'_> {
    /// Reads the value at this place, and goes behind it. In case of an error this stays at the place of it.
    fn node(&mut self, depth: usize) -> Result<Json, String> {
        self.skip_blanks();
        let depth = depth.checked_sub(1).ok_or_else(|| {
            self.is_too_deep = true;
            format!("nested deeper than {DEEPEST} levels")
        })?;
        let start = self.place;
        let value = match self.byte() {
            Some(b'[') => {
                let mut items = Vec::new();
                while self.has_next(b']') {
                    items.push(self.node(depth)?);
                }
                Value::Array(items)
            }
            Some(b'{') => {
                let mut members = Vec::new();
                let mut keys = HashSet::new();
                while self.has_next(b'}') {
                    let key = self.key()?;
                    if !keys.insert(key.clone()) {
                        return Err(format!("the key `{key}` is there twice"));
                    }
                    members.push((key, self.node(depth)?));
                }
                Value::Object(members)
            }
            _ => Value::Scalar(self.scalar().to_owned()),
        };
        let span = start..self.place;
        Ok(Json { span, value })
    }

    /// Goes behind the opening bracket or the comma here, and says whether something comes before the closing bracket; if
    /// not, goes behind that too.
    fn has_next(&mut self, closing: u8) -> bool {
        self.skip_blanks();
        if self.byte() != Some(closing) {
            self.place += 1;
            self.skip_blanks();
        }
        let is_over = self.byte().is_none_or(|byte| byte == closing);
        if is_over {
            self.place += 1;
        }
        !is_over
    }

    /// Reads a key, and goes to its value.
    fn key(&mut self) -> Result<String, String> {
        let spelled = self.scalar();
        let key = if spelled.contains('\\') {
            serde_json::from_str(spelled).map_err(|error| problem(&error))?
        } else {
            spelled.trim_matches('"').to_owned()
        };
        self.skip_blanks();
        self.place += 1;
        self.skip_blanks();
        Ok(key)
    }

    /// Goes behind a string, number or word.
    fn scalar(&mut self) -> &str {
        let rest = self.text.as_bytes().get(self.place..).unwrap_or_default();
        let length = match rest.split_first() {
            Some((b'"', inner)) => {
                let mut is_escaped = false;
                let end = inner.iter().position(|&byte| {
                    let is_end = byte == b'"' && !is_escaped;
                    is_escaped = byte == b'\\' && !is_escaped;
                    is_end
                });
                end.map_or(rest.len(), |end| end + 2)
            }
            _ => {
                let is_end =
                    |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}' | b':');
                rest.iter().position(is_end).unwrap_or(rest.len())
            }
        };
        let start = self.place;
        self.place += length;
        self.text.get(start..self.place).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.place += 1;
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }
}

/// What the parser says, without the place: that is told apart.
fn problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((problem, _)) => problem.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_printed_as_it_is_written() {
        for sample in crate::samples::all() {
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
    fn odd_spellings_are_read_as_serde_reads_them() {
        for text in [
            "0",
            " null ",
            "\"\"",
            "[]",
            "{}",
            "[ ]",
            "{ }",
            "[[],[{}]]",
            "[1 , 2]",
            "{\"\" : {\"\":[]}}",
            "-1.5e+3",
            r#"{"a\"b":"c\\","d":["\\\"",",]}"]}"#,
            "\t{\r\n\"a\"\t:\n[true\n,false]\n}\n",
        ] {
            let json = Json::parse(text).unwrap();
            let reread: serde_json::Value = serde_json::from_str(&json.to_string()).unwrap();
            assert_eq!(
                reread,
                serde_json::from_str::<serde_json::Value>(text).unwrap(),
                "{text}"
            );
            assert_eq!(text.trim_ascii(), &text[json.span], "{text}");
        }
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
        let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Json::parse(&deep(256)).is_ok());
        assert_eq!(
            problem(&deep(257)),
            "nested deeper than 256 levels at line 1, column 257"
        );
        assert!(Json::parse(&deep(257)).unwrap_err().is_too_deep());
        assert!(!Json::parse("[").unwrap_err().is_too_deep());
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
