//! Readers that take what Cognito really sends: null where a value was promised, `"True"`, numbers as texts.
//!
//! AWS may add fields and change their position at any time, and a function that validates strictly locks people
//! out. So nothing in here fails on null or absence, and a text field takes any JSON value.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};

/// The default value for null; a field of its own with `#[serde(default)]` covers absence.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A list in which null stands for nothing: the list itself or any of its elements.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct List<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list, or null")
        }

        fn visit_unit<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(element) = seq.next_element::<Option<T>>()? {
                list.extend(element);
            }
            Ok(list)
        }
    }

    deserializer.deserialize_any(List(PhantomData))
}

/// A text, or `None` for null. Anything else becomes its JSON text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let mut text = String::new();
    let present = Append(&mut text).deserialize(deserializer)?;
    Ok(present.then_some(text))
}

/// A text that means something only when it isn't empty.
pub(crate) fn filled<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    Ok(text(deserializer)?.filter(|text| !text.is_empty()).map(T::from))
}

/// A text, empty for null.
pub(crate) fn text_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(Option::unwrap_or_default)
}

/// A flag as JSON boolean or as the text `"true"`, `"True"`, `"false"`; `None` for null and the empty text.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match text(deserializer)? {
        None => Ok(None),
        Some(text) if text.is_empty() => Ok(None),
        Some(text) => parse_flag(&text)
            .map(Some)
            .ok_or_else(|| Error::custom("not a flag, expected true or false")),
    }
}

/// A flag whose null and absence mean false.
pub(crate) fn flag_or_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    flag(deserializer).map(Option::unwrap_or_default)
}

/// `true` and `false` in any case: Cognito itself writes `true`, Python code that sets an attribute `True`.
pub(crate) fn parse_flag(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Appends whatever JSON value comes to a text; yields false for null.
pub(crate) struct Append<'a>(pub(crate) &'a mut String);

impl<'de> DeserializeSeed<'de> for Append<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Append<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or null")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        self.0.push_str(text);
        Ok(true)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<bool, E> {
        if self.0.is_empty() {
            *self.0 = text;
        } else {
            self.0.push_str(&text);
        }
        Ok(true)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<bool, E> {
        self.visit_str(if flag { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<bool, E> {
        self.visit_string(number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<bool, E> {
        self.visit_string(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<bool, E> {
        self.visit_string(number.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_none<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let value = serde_json::Value::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        self.visit_string(value.to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<bool, A::Error> {
        let value = serde_json::Value::deserialize(serde::de::value::SeqAccessDeserializer::new(seq))?;
        self.visit_string(value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(json: &str) -> Option<String> {
        text(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    #[test]
    fn a_text_field_takes_any_value() {
        assert_eq!(read_text(r#""é\n""#).as_deref(), Some("é\n"));
        assert_eq!(read_text("true").as_deref(), Some("true"));
        assert_eq!(read_text("-7").as_deref(), Some("-7"));
        assert_eq!(read_text("1.5").as_deref(), Some("1.5"));
        assert_eq!(read_text("null"), None);
        assert_eq!(
            read_text(r#"[1,{"a":null}]"#).as_deref(),
            Some(r#"[1,{"a":null}]"#)
        );
    }

    #[test]
    fn flags_come_as_booleans_and_as_texts() {
        let read = |json: &str| flag(&mut serde_json::Deserializer::from_str(json));
        assert_eq!(read("true").unwrap(), Some(true));
        assert_eq!(read(r#""True""#).unwrap(), Some(true));
        assert_eq!(read(r#""false""#).unwrap(), Some(false));
        assert_eq!(read("null").unwrap(), None);
        assert_eq!(read(r#""""#).unwrap(), None);
        assert!(read(r#""maybe""#).is_err());
    }

    #[test]
    fn null_in_a_list_is_nothing() {
        let read = |json: &str| list::<_, String>(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(read(r#"["a",null,"b"]"#), ["a", "b"]);
        assert!(read("null").is_empty());
    }
}
