//! The document: values, keys and their locations.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

/// A JSON value as it is written: the order of keys, and the spelling of numbers and strings.
///
/// A text that is parsed and printed changes in whitespace only. Readers of other formats with the same data model, such
/// as YAML, produce this type too.
///
/// ```
/// use cognito_triggers_model::json::Json;
///
/// let answer = Json::object([("response", Json::object([("challengeName", Json::string("CUSTOM_CHALLENGE"))]))]);
/// assert_eq!(answer.to_string(), r#"{"response":{"challengeName":"CUSTOM_CHALLENGE"}}"#);
/// assert_eq!(answer.get_path(&["response", "challengeName"]).and_then(Json::as_str), Some("CUSTOM_CHALLENGE"));
/// ```
#[derive(Debug, Clone)]
pub struct Json {
    /// Where the value is written.
    pub location: Location,
    /// The value.
    pub value: Value,
}

/// The kinds of [`Json`].
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as it is spelled: `1.50` stays `1.50`.
    Number(String),
    /// A string.
    String {
        /// The string without quotes and escapes. If an escape stands for half a character (`"\ud800"`), the escapes
        /// are kept.
        value: String,
        /// The spelling with quotes and escapes; `None` if it has no escapes, or wasn't read from a text.
        spelling: Option<Box<str>>,
    },
    /// An array.
    Array(Vec<Json>),
    /// An object: its members in their order. A repeated key is kept; see [`Json::parse_with_repeated_keys`].
    Object(Vec<Member>),
}

/// A key of an object with its value.
#[derive(Debug, Clone)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// Where the key is written.
    pub location: Location,
    /// The value.
    pub value: Json,
}

/// Where something is written in a text.
///
/// A value that wasn't read from a text has the default location, with line 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Location {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
    /// The line of the first byte, from 1.
    pub line: usize,
    /// The column of the first byte in characters, from 1.
    pub column: usize,
}

impl Location {
    /// The location of a range of bytes in a text.
    ///
    /// A range that isn't in the text, or splits a character, gives the nearest location before it.
    ///
    /// Lines end with `\n`. A column counts characters, not bytes.
    pub fn of(text: &str, span: Range<usize>) -> Self {
        let before = text.as_bytes().get(..span.start).unwrap_or(text.as_bytes());
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        Self {
            start: span.start,
            end: span.end,
            line: before.iter().filter(|&&byte| byte == b'\n').count() + 1,
            column: characters(before.get(line_start..).unwrap_or_default()) + 1,
        }
    }

    /// The bytes of the text.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// How many characters begin in UTF-8 bytes.
pub(super) fn characters(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000)
        .count()
}

impl Json {
    /// A string that isn't read from a text.
    ///
    /// `text` is the content, without quotes and escapes.
    pub fn string(text: impl Into<String>) -> Self {
        Self::from(Value::String {
            value: text.into(),
            spelling: None,
        })
    }

    /// An object that isn't read from a text.
    ///
    /// Keys keep the order in which they are given. Repeated keys are kept too.
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        let members = members.into_iter().map(Member::from).collect();
        Self::from(Value::Object(members))
    }

    /// The value of a key. If the key is repeated, the last value wins, as it does for most readers.
    ///
    /// `None` if there is no such key, or the value isn't an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.value)
    }

    /// A mutable reference to the value of a key.
    ///
    /// `None` if there is no such key, or the value isn't an object. A change leaves the location as it is.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            Value::Object(members) => {
                let member = members.iter_mut().rfind(|member| member.key == key);
                member.map(|member| &mut member.value)
            }
            _ => None,
        }
    }

    /// The key with its value. If the key is repeated, this is the last one.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().rfind(|member| member.key == key)
    }

    /// The value at the end of a path of keys.
    ///
    /// Without keys it is the value itself. `None` if a key is missing. For paths through arrays, see
    /// [`Path`](super::Path).
    pub fn get_path(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |json, key| json.get(key))
    }

    /// The members of an object; empty for everything else.
    ///
    /// They come in the order in which they are written.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array; empty for everything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    /// The items of an array, or the value itself as the only item; empty for null. IAM policies allow both forms.
    pub fn one_or_many(&self) -> &[Self] {
        match &self.value {
            Value::Array(items) => items,
            Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The string, if the value is one.
    ///
    /// `None` for a number or a boolean; [`as_scalar`](Self::as_scalar) returns those too.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String { value, .. } => Some(value),
            _ => None,
        }
    }

    /// A string, number or boolean as text. CloudFormation treats `"5"` and `5` alike.
    ///
    /// A number comes as it is spelled. `None` for null, an array or an object.
    pub fn as_scalar(&self) -> Option<&str> {
        match &self.value {
            Value::String { value: text, .. } | Value::Number(text) => Some(text),
            Value::Boolean(true) => Some("true"),
            Value::Boolean(false) => Some("false"),
            _ => None,
        }
    }

    /// Whether the value is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// Whether the value is an object.
    pub fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    /// Whether the value is an array.
    pub fn is_array(&self) -> bool {
        matches!(self.value, Value::Array(_))
    }

    /// The kind of the value with its article, for messages: "a string".
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Boolean(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String { .. } => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The members of an object, the last one for each key: what most readers see.
    ///
    /// They keep the order in which they are written. Empty for everything but an object.
    pub fn last_members(&self) -> impl Iterator<Item = &Member> {
        let members = self.members();
        let last: HashMap<&str, usize> = members
            .iter()
            .enumerate()
            .map(|(index, member)| (member.key.as_str(), index))
            .collect();
        let all = members.iter().enumerate();
        all.filter(move |(index, member)| last.get(member.key.as_str()) == Some(index))
            .map(|(_, member)| member)
    }

    /// The members of this object whose key occurs in it before.
    pub fn repeated_keys(&self) -> impl Iterator<Item = &Member> {
        let mut seen = HashSet::new();
        let members = self.members().iter();
        members.filter(move |member| !seen.insert(member.key.as_str()))
    }
}

/// A value that isn't read from a text.
impl From<Value> for Json {
    fn from(value: Value) -> Self {
        let location = Location::default();
        Self { location, value }
    }
}

/// A member that isn't read from a text.
impl<K: Into<String>> From<(K, Json)> for Member {
    fn from((key, value): (K, Json)) -> Self {
        Self {
            key: key.into(),
            location: Location::default(),
            value,
        }
    }
}

/// Compares content: the order of keys makes no difference, the spelling of a number does.
///
/// `1` and `1.0` are one number, but not to every reader: an integer field in Rust, Go or Java refuses the second.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Boolean(one), Value::Boolean(two)) => one == two,
            (Value::Number(one), Value::Number(two)) => one == two,
            (Value::String { value: one, .. }, Value::String { value: two, .. }) => one == two,
            (Value::Array(one), Value::Array(two)) => one == two,
            (Value::Object(one), Value::Object(two)) => {
                one.len() == two.len()
                    && one
                        .iter()
                        .all(|member| other.get(&member.key) == Some(&member.value))
            }
            _ => false,
        }
    }
}
