//! JSON values in which no key is special to the parser.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// A [`Value`] in which every key is an ordinary key.
///
/// With its feature `raw_value`, `serde_json` reads an object whose first key is `$serde_json::private::RawValue` as the
/// JSON inside that key's string. Anyone may send such an object in their metadata, so events are never parsed that way.
pub(crate) struct PlainValue(pub(crate) Value);

/// What the keys begin with that `serde_json` reserves for itself.
const RESERVED: &str = "$serde_json::private::";

/// Parses JSON in which no key is special to the parser.
///
/// # Errors
/// As `serde_json::from_slice`.
pub(crate) fn from_slice(json: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(json).map(|PlainValue(value)| value)
}

/// Whether JSON has a key, at any depth, that `serde_json` reserves for itself. False for a text that isn't JSON.
pub(crate) fn has_reserved_key(json: &str) -> bool {
    // A key that is spelled in another way has a backslash.
    let may_have_one = json.contains("$serde_json") || json.contains('\\');
    may_have_one && from_slice(json.as_bytes()).is_ok_and(|value| is_reserved_within(&value))
}

fn is_reserved_within(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_reserved_within),
        Value::Object(members) => members
            .iter()
            .any(|(key, value)| key.starts_with(RESERVED) || is_reserved_within(value)),
        _ => false,
    }
}

impl<'de> Deserialize<'de> for PlainValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor).map(Self)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(PlainValue(value)) = access.next_element()? {
            array.push(value);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, PlainValue(value))) = access.next_entry::<String, PlainValue>()? {
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_changes_how_a_value_is_parsed() {
        for (key, text) in [
            ("$serde_json::private::RawValue", r#"{"tenant":"admin"}"#),
            ("$serde_json::private::RawValue", "not json"),
            ("$serde_json::private::Number", "1"),
        ] {
            let object = Map::from_iter([(key.to_owned(), Value::from(text))]);
            let escaped = serde_json::to_string(&object)
                .unwrap()
                .replacen('$', "\\u0024", 1);
            for json in [serde_json::to_string(&object).unwrap(), escaped] {
                let PlainValue(value) = serde_json::from_str(&json).unwrap();
                assert_eq!(value.as_object(), Some(&object), "{json}");
            }
        }
    }

    #[test]
    fn other_values_are_read_as_serde_json_reads_them() {
        let json = r#"{"a":[1,-2,1.5,true,null,"x\ud83d\ude00"],"b":{}}"#;
        let PlainValue(value) = serde_json::from_str(json).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(json).unwrap());
    }
}
