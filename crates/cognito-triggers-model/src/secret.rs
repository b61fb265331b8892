//! Strings that are never printed: passwords, codes, challenge answers, tokens.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use crate::sorted_map::Iter;
use crate::{
    lenient,
    sorted_map::{SortedMap, sorted_map_methods},
};

/// A string that must not appear in a log: a password, a code, the answer to a challenge, a token.
///
/// `Debug` and `Display` print `[redacted]`, so `{event:?}` in a log line or a panic message reveals nothing.
///
/// The string is overwritten with zeros when it is dropped, like every answer and every copy of an event that this crate
/// makes. Not overwritten are the buffers in which the Lambda runtime and its HTTP client receive events and send
/// answers, and the scratch buffer in which the JSON parser unescapes strings.
///
/// ```
/// use cognito_triggers::Secret;
///
/// let password = Secret::new("correct horse");
/// assert_eq!(format!("{password:?} {password}"), "[redacted] [redacted]");
/// assert!(password.matches("correct horse"));
/// ```
///
/// There is no `==`. Use [`matches`](Secret::matches), whose time doesn't depend on where two strings of one length
/// differ.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a string as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The string. Search for this name to find every place where a secret leaves its wrapper.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this is the same string as `other`, in constant time for strings of one length.
    ///
    /// An empty secret matches nothing, not even an empty string. Otherwise a challenge without an answer could be passed by
    /// answering nothing.
    pub fn matches(&self, other: impl AsRef<str>) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(other.as_ref().as_bytes()))
    }

    /// Whether the string is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(text))
    }
}

/// Writes the string itself: Cognito gets private parameters in plain text.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::string_or_empty(deserializer).map(Self::new)
    }
}

/// A map of secrets: the private parameters of a challenge.
///
/// `Debug` prints neither names nor values.
///
/// ```
/// use cognito_triggers::SecretMap;
///
/// let parameters = SecretMap::from([("code", "481516")]);
/// assert!(parameters.get("code").is_some_and(|code| code.matches("481516")));
/// assert_eq!(format!("{parameters:?}"), "[redacted]");
/// ```
#[derive(Clone)]
pub struct SecretMap(SortedMap<Secret>);

sorted_map_methods!(SecretMap, Secret, "secret");

impl fmt::Debug for SecretMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for SecretMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SecretMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = SecretMap;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings, or null")
            }

            fn visit_unit<E>(self) -> Result<SecretMap, E> {
                Ok(SecretMap::default())
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<SecretMap, A::Error> {
                let mut secrets = SecretMap::new();
                while let Some((name, secret)) = map.next_entry::<String, Secret>()? {
                    secrets.insert(name, secret);
                }
                Ok(secrets)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_display_shows_the_string() {
        let secret = Secret::new("hunter2");
        let map = SecretMap::from([("pin", "hunter2")]);
        let printed = format!("{secret:?} {secret} {secret:#?} {secret:>40} {map:?} {map:#?}");
        assert!(
            !printed.contains("hunter2") && !printed.contains("pin"),
            "{printed}"
        );
    }

    #[test]
    fn only_the_whole_string_matches_and_never_an_empty_one() {
        assert!(Secret::new("123456").matches("123456"));
        assert!(!Secret::new("123456").matches("12345"));
        assert!(!Secret::new("").matches(""));
    }

    #[test]
    fn any_json_value_becomes_a_secret() {
        let read = |json: &str| serde_json::from_str::<Secret>(json).map(|secret| secret.expose().to_owned());
        assert_eq!(read(r#""a\"b""#).unwrap(), "a\"b");
        assert_eq!(read("123").unwrap(), "123");
        assert_eq!(read(r#"{"answer":"x"}"#).unwrap(), r#"{"answer":"x"}"#);
        assert_eq!(read("null").unwrap(), "");
    }

    #[test]
    fn a_map_of_secrets_is_written_as_it_was_read() {
        let map: SecretMap = serde_json::from_str(r#"{"a":"1","b":null}"#).unwrap();
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"a":"1","b":""}"#);
        assert!(serde_json::from_str::<SecretMap>("null").unwrap().is_empty());
    }
}
