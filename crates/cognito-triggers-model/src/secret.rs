//! Values that are never printed: passwords, codes, challenge answers, tokens.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A text that must not show up in a log: a password, a code, the answer to a challenge, a token.
///
/// `Debug` and `Display` print `[redacted]`, so a `{event:?}` in a log line or a panic message gives nothing
/// away. The text is overwritten with zeros when the value is dropped, and so is every answer that is written, and
/// every copy of an event that this crate makes. What isn't: the buffers in which the Lambda runtime and its HTTP
/// client receive the event and send the answer, and what the JSON parser sets aside to read a text with escapes.
///
/// ```
/// use cognito_triggers::Secret;
///
/// let password = Secret::new("correct horse");
/// assert_eq!(format!("{password:?} {password}"), "[redacted] [redacted]");
/// assert!(password.matches("correct horse"));
/// ```
///
/// There is no `==`: [`matches`](Secret::matches) compares in a time that doesn't depend on where two texts of
/// one length differ.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Every place where a secret leaves its wrapper can be found by this name.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this is the same text as `other`, in constant time for texts of one length.
    ///
    /// An empty secret matches nothing, not even an empty text: a challenge without an answer isn't passed by
    /// answering nothing.
    pub fn matches(&self, other: impl AsRef<str>) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(other.as_ref().as_bytes()))
    }

    /// Whether the text is empty.
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

/// The wire needs the text: an answer's private parameters go to Cognito in the clear.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::lenient::text(deserializer).map(|text| Self(Zeroizing::new(text.unwrap_or_default())))
    }
}

/// A small map of secrets: the private parameters of a challenge.
///
/// Its `Debug` output names neither keys nor values.
///
/// ```
/// use cognito_triggers::SecretMap;
///
/// let parameters = SecretMap::from([("code", "481516")]);
/// assert!(parameters.get("code").is_some_and(|code| code.matches("481516")));
/// assert_eq!(format!("{parameters:?}"), "[redacted]");
/// ```
#[derive(Clone, Default)]
pub struct SecretMap(Vec<(String, Secret)>);

impl SecretMap {
    /// The secret of this name.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, secret)| secret)
    }

    /// Adds a secret, or replaces the one of this name.
    pub fn insert(&mut self, name: impl Into<String>, secret: impl Into<Secret>) {
        let name = name.into();
        self.0.retain(|(key, _)| *key != name);
        self.0.push((name, secret.into()));
    }

    /// Names and secrets, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(key, secret)| (key.as_str(), secret))
    }

    /// Whether there is no secret in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, V: Into<Secret>> FromIterator<(K, V)> for SecretMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::default();
        pairs
            .into_iter()
            .for_each(|(name, secret)| map.insert(name, secret));
        map
    }
}

impl<K: Into<String>, V: Into<Secret>, const N: usize> From<[(K, V); N]> for SecretMap {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl fmt::Debug for SecretMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for SecretMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for SecretMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = SecretMap;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts, or null")
            }

            fn visit_unit<E>(self) -> Result<SecretMap, E> {
                Ok(SecretMap::default())
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<SecretMap, A::Error> {
                let mut secrets = SecretMap::default();
                while let Some((name, secret)) = map.next_entry::<String, Secret>()? {
                    secrets.0.push((name, secret));
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
    fn neither_debug_nor_display_shows_the_text() {
        let secret = Secret::new("hunter2");
        let map = SecretMap::from([("pin", "hunter2")]);
        let printed = format!("{secret:?} {secret} {secret:#?} {secret:>40} {map:?} {map:#?}");
        assert!(
            !printed.contains("hunter2") && !printed.contains("pin"),
            "{printed}"
        );
    }

    #[test]
    fn matching_needs_the_whole_text_and_something_to_match() {
        assert!(Secret::new("123456").matches("123456"));
        assert!(!Secret::new("123456").matches("12345"));
        assert!(!Secret::new("").matches(""));
    }

    #[test]
    fn any_json_value_becomes_a_secret_text() {
        let read = |json: &str| serde_json::from_str::<Secret>(json).map(|secret| secret.expose().to_owned());
        assert_eq!(read(r#""a\"b""#).unwrap(), "a\"b");
        assert_eq!(read("123").unwrap(), "123");
        assert_eq!(read(r#"{"answer":"x"}"#).unwrap(), r#"{"answer":"x"}"#);
        assert_eq!(read("null").unwrap(), "");
    }

    #[test]
    fn a_map_of_secrets_survives_the_wire() {
        let map: SecretMap = serde_json::from_str(r#"{"a":"1","b":null}"#).unwrap();
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"a":"1","b":""}"#);
        assert!(serde_json::from_str::<SecretMap>("null").unwrap().is_empty());
    }
}
