//! The bytes of an event as Cognito sent them.

use std::{borrow::Cow, collections::HashMap, fmt};

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::{plain_value, surrogates::replace_lone_surrogates};

/// An event as it was received.
///
/// Use it to read what the types don't model, such as a field that AWS added yesterday:
///
/// ```
/// # use cognito_triggers::{Event, PreSignUp};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let json = r#"{"triggerSource": "PreSignUp_SignUp", "request": {"riskScore": 0.7}}"#;
/// let event = Event::<PreSignUp>::from_json(json)?;
/// assert_eq!(event.raw().pointer("/request/riskScore"), Some(0.7.into()));
/// # Ok(())
/// # }
/// ```
///
/// The bytes may hold a password or a token, so `Debug` prints only their number.
#[derive(Clone)]
pub struct Raw(Bytes);

impl Raw {
    /// Wraps the bytes of an event.
    pub(crate) fn new(event: Bytes) -> Self {
        Self(event)
    }

    /// The bytes: JSON in UTF-8, unchanged.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, shared.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The value at a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), such as
    /// `/request/clientMetadata`.
    ///
    /// Returns `None` if there is no such value, and `Some(Value::Null)` if the value is null. Only the values
    /// along the pointer are parsed, so a number or a string elsewhere that `serde_json` can't hold doesn't matter. Every
    /// key is an ordinary key, even one that `serde_json` reserves for itself.
    pub fn pointer(&self, pointer: &str) -> Option<serde_json::Value> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let replaced = replace_lone_surrogates(&self.0);
        let mut value: &RawValue = serde_json::from_slice(replaced.as_ref().unwrap_or(&self.0)).ok()?;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            value = match value.get().as_bytes().first()? {
                b'{' => serde_json::from_str::<HashMap<Cow<'_, str>, &RawValue>>(value.get())
                    .ok()?
                    .remove(&*token)?,
                b'[' => serde_json::from_str::<Vec<&RawValue>>(value.get())
                    .ok()?
                    .get(token.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        plain_value::from_slice(value.get().as_bytes()).ok()
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(event: &'static str) -> Raw {
        Raw::new(Bytes::from_static(event.as_bytes()))
    }

    #[test]
    fn a_pointer_ignores_values_it_does_not_name() {
        let raw = raw(r#"{"triggerSource":"X_Y","request":{"n":1e999,"a~/b":[{"c":"d"}]}}"#);
        assert_eq!(raw.pointer("/request/a~0~1b/0/c"), Some("d".into()));
        assert_eq!(
            (raw.pointer("/request/nothing"), raw.pointer("request")),
            (None, None)
        );
        assert!(raw.pointer("").is_none() && raw.pointer("/request/a~0~1b").is_some());
    }

    #[test]
    fn a_lone_surrogate_reads_as_the_replacement_character() {
        let raw = raw(r#"{"request":{"a":"\ude00"}}"#);
        assert_eq!(raw.pointer("/request/a"), Some("\u{fffd}".into()));
    }

    /// A pointer returns what the app sent, also beside other fields and with an escape in the key.
    #[test]
    fn a_key_that_serde_json_reserves_is_an_ordinary_key() {
        let event = r#"{"triggerSource":"X_Y","request":{"userAttributes":{"email":"ana@example.com"},"clientMetadata":
            {"$serde_json::private::RawValue":"{\"tenant\":\"admin\"}"},"validationData":
            {"\u0024serde_json::private::RawValue":"not json"},"riskScore":0.7}}"#;
        let raw = raw(event);
        let key = "$serde_json::private::RawValue";
        let metadata = serde_json::json!({ key: r#"{"tenant":"admin"}"# });
        assert_eq!(raw.pointer("/request/clientMetadata"), Some(metadata));
        let data = serde_json::json!({ key: "not json" });
        assert_eq!(raw.pointer("/request/validationData"), Some(data));
        let whole = raw.pointer("").unwrap();
        assert_eq!(whole["request"]["riskScore"], 0.7);
        assert_eq!(whole["request"]["validationData"][key], "not json");
    }
}
