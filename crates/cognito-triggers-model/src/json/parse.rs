//! Parsing: text to document.

use std::{collections::HashSet, fmt};

use serde_json::value::RawValue;

use super::document::{Json, Location, Member, Value, characters};
use crate::syntax_problem::syntax_problem;

/// How deep a document may be nested. Events have about six levels. Code that walks a document may recurse this deep.
///
/// An object or an array counts as one level, and so does the value within.
pub const MAX_DEPTH: usize = 256;

impl Json {
    /// Parses a text in which every key of an object is unique.
    ///
    /// Whitespace around the value is allowed, and comments aren't. A byte order mark has to be removed first; see
    /// [`decode`](crate::encoding::decode).
    ///
    /// ```
    /// use cognito_triggers_model::json::Json;
    ///
    /// let error = Json::parse("{\"a\": 1,\n \"a\": 2}").unwrap_err();
    /// assert_eq!(error.to_string(), "the key `a` is repeated at line 2, column 2");
    /// ```
    ///
    /// # Errors
    /// Fails if the text isn't JSON, repeats a key in an object, or is nested deeper than [`MAX_DEPTH`].
    pub fn parse(text: &str) -> Result<Self, ParseJsonError> {
        parse(text, RepeatedKeys::Refuse)
    }

    /// Parses a text in which a key may be repeated: all members are kept, and [`get`](Self::get) returns the last.
    ///
    /// Use it for what others have written, such as a received event, where a repeated key is no reason to refuse the
    /// document.
    ///
    /// # Errors
    /// Fails if the text isn't JSON, or is nested deeper than [`MAX_DEPTH`].
    pub fn parse_with_repeated_keys(text: &str) -> Result<Self, ParseJsonError> {
        parse(text, RepeatedKeys::Keep)
    }
}

/// What happens to a key that occurs twice in an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RepeatedKeys {
    /// An error that names the second one.
    Refuse,
    /// All members stay.
    Keep,
}

/// Validates the text with `serde_json`, and then scans it for locations. The scan can be simple, because it never meets
/// a syntax error.
fn parse(text: &str, repeated_keys: RepeatedKeys) -> Result<Json, ParseJsonError> {
    serde_json::from_str::<&RawValue>(text).map_err(|error| ParseJsonError::from_serde(text, &error))?;
    let mut scan = Scan {
        text,
        offset: 0,
        located: Location {
            line: 1,
            column: 1,
            ..Location::default()
        },
        repeated_keys,
    };
    scan.value(MAX_DEPTH)
}

/// A text that can't be parsed as JSON.
///
/// `Display` writes `<problem> at line <line>, column <column>`. It doesn't repeat the text, apart from a repeated
/// key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseJsonError {
    /// The line of the problem, from 1.
    pub line: usize,
    /// The column of the problem in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    ///
    /// Without the position and without a period at the end.
    pub problem: String,
    /// Whether the depth is the only problem.
    is_too_deep: bool,
}

impl ParseJsonError {
    /// An error at the start of a location.
    pub(super) fn new(location: Location, problem: String) -> Self {
        Self {
            line: location.line,
            column: location.column,
            problem,
            is_too_deep: false,
        }
    }

    /// Converts the column, which `serde_json` counts in bytes, to characters.
    fn from_serde(text: &str, error: &serde_json::Error) -> Self {
        let line_start = match error.line().checked_sub(2) {
            Some(breaks) => text.match_indices('\n').nth(breaks).map_or(0, |(at, _)| at + 1),
            None => 0,
        };
        let offset = line_start + error.column().saturating_sub(1);
        Self::new(Location::of(text, offset..offset), syntax_problem(error))
    }

    /// Whether the text is nested deeper than [`MAX_DEPTH`]. The rest of it wasn't parsed.
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

/// A pass over a text that is known to be JSON.
struct Scan<'a> {
    /// The whole text.
    text: &'a str,
    /// The offset in bytes of what is read next.
    offset: usize,
    /// The last location that was asked for. Offsets only grow, so the next one is counted from here.
    located: Location,
    /// What to do with a repeated key.
    repeated_keys: RepeatedKeys,
}

impl Scan<'_> {
    /// Reads the value at the offset and moves past it.
    fn value(&mut self, depth: usize) -> Result<Json, ParseJsonError> {
        self.skip_whitespace();
        let mut location = self.locate();
        let depth = depth.checked_sub(1).ok_or_else(|| {
            let problem = format!("nested deeper than {MAX_DEPTH} levels");
            let mut error = ParseJsonError::new(location, problem);
            error.is_too_deep = true;
            error
        })?;
        let value = match self.byte() {
            Some(b'[') => {
                let mut items = Vec::new();
                while self.has_next(b']') {
                    items.push(self.value(depth)?);
                }
                Value::Array(items)
            }
            Some(b'{') => Value::Object(self.members(depth)?),
            Some(b'"') => self.string(),
            _ => match self.scalar() {
                "null" => Value::Null,
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                number => Value::Number(number.to_owned()),
            },
        };
        location.end = self.offset;
        Ok(Json { location, value })
    }

    /// Reads the members of an object and moves past its closing bracket.
    fn members(&mut self, depth: usize) -> Result<Vec<Member>, ParseJsonError> {
        let mut members = Vec::new();
        let mut keys = HashSet::new();
        while self.has_next(b'}') {
            let mut location = self.locate();
            let spelled = self.scalar();
            let key: String = serde_json::from_str(spelled)
                .map_err(|error| ParseJsonError::new(location, syntax_problem(&error)))?;
            location.end = self.offset;
            self.skip_whitespace();
            self.offset += 1; // the colon
            if self.repeated_keys == RepeatedKeys::Refuse && !keys.insert(key.clone()) {
                let problem = format!("the key `{key}` is repeated");
                return Err(ParseJsonError::new(location, problem));
            }
            let value = self.value(depth)?;
            members.push(Member { key, location, value });
        }
        Ok(members)
    }

    /// Moves past the opening bracket or comma at the offset, and returns whether something follows before the closing
    /// bracket. If not, moves past that too.
    fn has_next(&mut self, closing: u8) -> bool {
        self.skip_whitespace();
        if self.byte() != Some(closing) {
            self.offset += 1;
            self.skip_whitespace();
        }
        let is_over = self.byte().is_none_or(|byte| byte == closing);
        if is_over {
            self.offset += 1;
        }
        !is_over
    }

    /// Reads a string. An escape for half a character, such as `\ud800`, is kept as it is written.
    fn string(&mut self) -> Value {
        let spelled = self.scalar();
        let inner = spelled
            .get(1..spelled.len().saturating_sub(1))
            .unwrap_or_default();
        if !inner.contains('\\') {
            return Value::String {
                value: inner.to_owned(),
                spelling: None,
            };
        }
        Value::String {
            value: serde_json::from_str(spelled).unwrap_or_else(|_| inner.to_owned()),
            spelling: Some(spelled.into()),
        }
    }

    /// Moves past a string, number or word.
    fn scalar(&mut self) -> &str {
        let rest = self.text.as_bytes().get(self.offset..).unwrap_or_default();
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
        let start = self.offset;
        self.offset += length;
        self.text.get(start..self.offset).unwrap_or_default()
    }

    /// Moves to the next byte that isn't whitespace.
    fn skip_whitespace(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.offset += 1;
        }
    }

    /// The byte at the offset; `None` at the end of the text.
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    /// An empty location at the offset. It is counted from the last location, so the whole text is counted only once.
    fn locate(&mut self) -> Location {
        let passed = self.text.as_bytes().get(self.located.start..self.offset);
        let passed = passed.unwrap_or_default();
        match passed.iter().rposition(|&byte| byte == b'\n') {
            Some(last) => {
                self.located.line += passed.iter().filter(|&&byte| byte == b'\n').count();
                self.located.column = characters(passed.get(last + 1..).unwrap_or_default()) + 1;
            }
            None => self.located.column += characters(passed),
        }
        self.located.start = self.offset;
        self.located.end = self.offset;
        self.located
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_survives_and_locations_point_at_the_values() {
        let text = " {\"b\" : 1.50,\n \"\\u0061\":[1e2, \"\\u00fc\"], \"c\": {}} ";
        let json = Json::parse(text).unwrap();
        assert_eq!(json.to_string(), r#"{"b":1.50,"a":[1e2,"\u00fc"],"c":{}}"#);
        assert_eq!(&text[json.get("b").unwrap().location.span()], "1.50");
        let member = json.member("a").unwrap();
        assert_eq!(&text[member.location.span()], r#""\u0061""#);
        assert_eq!((member.location.line, member.location.column), (2, 2));
        assert_eq!(&text[member.value.location.span()], r#"[1e2, "\u00fc"]"#);
        assert_eq!(
            member.value.location,
            Location::of(text, member.value.location.span())
        );
    }

    #[test]
    fn columns_count_characters() {
        let json = Json::parse("{\"äöü\": 1, \"b\":\n\"ß\"}").unwrap();
        let column = |key: &str| json.member(key).unwrap().location.column;
        assert_eq!((column("äöü"), column("b")), (2, 12));
        assert_eq!(Json::parse("{\"ä\": 1,}").unwrap_err().column, 9);
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
            assert_eq!(json.to_serde().unwrap(), reread);
            assert_eq!(text.trim_ascii(), &text[json.location.span()], "{text}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong_and_where() {
        let problem = |text: &str| Json::parse(text).unwrap_err().to_string();
        assert_eq!(
            problem("{\n  \"a\": 1,\n}"),
            "expected a key in double quotes at line 3, column 1"
        );
        assert_eq!(
            problem("{\"a\": 1,\n \"a\": 2}"),
            "the key `a` is repeated at line 2, column 2"
        );
        assert_eq!(
            problem(&"[".repeat(200_000)),
            "the text ends inside an array at line 1, column 200000"
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
    fn a_repeated_key_is_kept_on_request() {
        let json = Json::parse_with_repeated_keys(r#"{"a": 1, "b": 2, "a": 3}"#).unwrap();
        assert_eq!(json.get("a").unwrap().to_string(), "3");
        let columns: Vec<_> = json
            .repeated_keys()
            .map(|member| member.location.column)
            .collect();
        assert_eq!(columns, [18]);
    }

    #[test]
    fn equality_ignores_order_and_escapes_but_not_number_spelling() {
        let equal = |one, two| Json::parse(one).unwrap() == Json::parse(two).unwrap();
        assert!(equal(r#"{"a":1,"b":["\u00fc"]}"#, r#"{"b":["ü"],"a":1}"#));
        assert!(!equal("1.0", "1"));
        assert!(!equal("12345678901234567890123", "12345678901234567890124"));
        assert!(!equal(r#"{"a":null}"#, "{}"));
        assert!(!equal("[1,2]", "[2,1]"));
        assert!(!equal(r#""\ud800""#, r#""\ud801""#));
    }
}
