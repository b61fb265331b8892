//! Readers that take what Cognito really sends: null where a value was promised, `"True"`, numbers as texts.
//!
//! AWS may add fields and change their position at any time, and a function that validates strictly locks people
//! out. So nothing in here fails on null or absence, and a text field takes any JSON value.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use crate::scan::unescaped;

/// The default value for null; a field of its own with `#[serde(default)]` covers absence.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// What an object holds; the default for anything else.
///
/// A derived struct also takes a list, by position. Nothing on this wire is meant so, and a list must not pass for the
/// result of a challenge.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Default + Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object, or null")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(T::default())
        }

        fn visit_str<E>(self, _: &str) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_bool<E>(self, _: bool) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_i64<E>(self, _: i64) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_u64<E>(self, _: u64) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_f64<E>(self, _: f64) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_unit<E>(self) -> Result<T, E> {
            Ok(T::default())
        }
    }

    deserializer.deserialize_any(Object(PhantomData))
}

/// [`object`] as a type, for the elements of a list.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Default + Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

/// A list of objects, without those that are null.
pub(crate) fn objects<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    let objects = list::<_, Object<T>>(deserializer)?;
    Ok(objects.into_iter().map(|Object(object)| object).collect())
}

/// An object, or `None` for null.
pub(crate) fn object_or_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    let object = Option::<Object<T>>::deserialize(deserializer)?;
    Ok(object.map(|Object(object)| object))
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

/// A list of texts, in which anything else becomes its JSON text.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Text(String);

    impl<'de> Deserialize<'de> for Text {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            text_or_empty(deserializer).map(Self)
        }
    }

    let texts = list::<_, Text>(deserializer)?;
    Ok(texts.into_iter().map(|Text(text)| text).collect())
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

/// The name under which `serde_json` hands out the JSON text of a value, which alone has every number as it was
/// spelled and any depth. Its own `RawValue` asks by it too, but takes either borrowed or copied text, and we need
/// both: events are read from bytes, and maps of texts from a `serde_json::Value` as well.
const JSON_TEXT: &str = "$serde_json::private::RawValue";

impl<'de> DeserializeSeed<'de> for Append<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_newtype_struct(JSON_TEXT, AppendJson(self.0))
    }
}

/// Takes the JSON text of a value, or from a format that isn't JSON the value itself.
struct AppendJson<'a>(&'a mut String);

impl<'de> Visitor<'de> for AppendJson<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or null")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        map.next_key::<IgnoredAny>()?;
        map.next_value_seed(self)
    }

    fn visit_str<E: Error>(self, json: &str) -> Result<bool, E> {
        if let Some(text) = unescaped(json) {
            self.0.push_str(text);
        } else if json.starts_with('"') {
            let text = serde_json::from_str(json).map_err(E::custom)?;
            return Append(self.0).visit_string(text);
        } else if json == "null" {
            return Ok(false);
        } else {
            self.0.push_str(json);
        }
        Ok(true)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(Append(self.0))
    }
}

impl<'de> DeserializeSeed<'de> for AppendJson<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
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
        let value = serde_json::Value::deserialize(MapAccessDeserializer::new(map))?;
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
    fn what_is_no_text_stays_as_it_was_written() {
        let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
        for json in [
            "1e999",
            "12345678901234567890123",
            "1.0",
            "-0",
            "1E+2",
            "[ 1 , null ]",
            &deep,
        ] {
            assert_eq!(read_text(json).as_deref(), Some(json));
        }
        assert!(text(&mut serde_json::Deserializer::from_str(r#""\ud800""#)).is_err());
    }

    #[test]
    fn a_text_can_be_read_from_a_value_and_from_what_is_no_json() {
        let value = serde_json::json!([1.5, "\n", {"a": "b"}]);
        assert_eq!(text(&value[0]).unwrap().as_deref(), Some("1.5"));
        assert_eq!(text(&value[1]).unwrap().as_deref(), Some("\n"));
        assert_eq!(text(value[2].clone()).unwrap().as_deref(), Some(r#"{"a":"b"}"#));
        assert_eq!(text(&serde_json::Value::Null).unwrap(), None);

        /// Tagged content comes to a reader through serde's own buffer.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Buffered {
            Text(#[serde(deserialize_with = "text")] Option<String>),
        }
        let Buffered::Text(text) = serde_json::from_str("[true]").unwrap();
        assert_eq!(text.as_deref(), Some("[true]"));
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
        let read = |json: &str| texts(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(read(r#"["a",null,7,{"b":1.0}]"#), ["a", "7", r#"{"b":1.0}"#]);
    }
}
