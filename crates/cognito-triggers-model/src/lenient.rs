//! Deserializers for what Cognito really sends: null for a documented value, `"True"`, a number for a string.
//!
//! AWS may add and move fields at any time, and a function that validates strictly locks users out. So no deserializer
//! here fails on null, and a string field accepts any JSON value. Fields use them with `#[serde(default)]`, which covers
//! absence.
//!
//! What the functions return for the forms that occur:
//!
//! | | null | absent, with `default` | another type |
//! |---|---|---|---|
//! | `string` | `None` | `None` | its JSON |
//! | `nonempty` | `None`, also for `""` | `None` | its JSON |
//! | `string_or_empty` | empty | empty | its JSON |
//! | `boolean` | `None`, also for `""` | `None` | an error, unless it is true or false as a string |
//! | `boolean_or_false` | false | false | as `boolean` |
//! | `object` | the default | the default | the default |
//! | `array`, `strings` | empty | empty | an error |

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use crate::escape::unescaped;

/// A value; the default for null.
///
/// For types that have a deserializer of their own, such as the maps. It refuses a JSON value of another type.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// An object; the default for any other JSON value.
///
/// A derived struct would also accept an array, by position. Cognito sends none, and an array must not pass for the
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

/// [`object`] as a type, for the elements of an array.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Default + Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

/// An array of objects, without those that are null.
///
/// An element that isn't an object reads as the default.
pub(crate) fn objects<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    let objects = array::<_, Object<T>>(deserializer)?;
    Ok(objects.into_iter().map(|Object(object)| object).collect())
}

/// An object, or `None` for null.
///
/// Use it where null differs from an empty object. Another JSON value reads as the default.
pub(crate) fn optional_object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    let object = Option::<Object<T>>::deserialize(deserializer)?;
    Ok(object.map(|Object(object)| object))
}

/// An array; empty for null. Elements that are null are left out.
///
/// Another JSON value than an array is an error, and so is an element that `T` refuses.
pub(crate) fn array<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Array<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Array<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array, or null")
        }

        fn visit_unit<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut array = Vec::new();
            while let Some(element) = seq.next_element::<Option<T>>()? {
                array.extend(element);
            }
            Ok(array)
        }
    }

    deserializer.deserialize_any(Array(PhantomData))
}

/// An array of strings. An element of another type becomes its JSON.
///
/// Another JSON value than an array is an error.
pub(crate) fn strings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Element(String);

    impl<'de> Deserialize<'de> for Element {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            string_or_empty(deserializer).map(Self)
        }
    }

    let strings = array::<_, Element>(deserializer)?;
    Ok(strings.into_iter().map(|Element(text)| text).collect())
}

/// A string; `None` for null. A value of another type becomes its JSON.
///
/// A number keeps its spelling: `1.50` becomes `"1.50"`.
pub(crate) fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let mut text = String::new();
    let present = AppendString(&mut text).deserialize(deserializer)?;
    Ok(present.then_some(text))
}

/// A string; `None` for null and for the empty string.
///
/// For fields in which an empty string means the same as null.
pub(crate) fn nonempty<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    Ok(string(deserializer)?.filter(|text| !text.is_empty()).map(T::from))
}

/// A string; empty for null.
pub(crate) fn string_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    string(deserializer).map(Option::unwrap_or_default)
}

/// A boolean, also as a string such as `"true"` and `"True"`; `None` for null and the empty string.
///
/// Any other string, and any other type, is an error: a challenge must not pass by a guess.
pub(crate) fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match string(deserializer)? {
        None => Ok(None),
        Some(text) if text.is_empty() => Ok(None),
        Some(text) => parse_boolean(&text)
            .map(Some)
            .ok_or_else(|| Error::custom("not a boolean, expected true or false")),
    }
}

/// A boolean; false for null.
pub(crate) fn boolean_or_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    boolean(deserializer).map(Option::unwrap_or_default)
}

/// Reads `true` and `false` in any case. Cognito writes `true`; Python code that sets an attribute often writes `True`.
///
/// `None` for every other text. Whitespace isn't removed.
pub(crate) fn parse_boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Appends any JSON value to a string: a string as it is, another value as its JSON. Yields false for null.
pub(crate) struct AppendString<'a>(pub(crate) &'a mut String);

/// The name by which `serde_json` hands out the raw JSON of a value, which keeps every number as it is spelled and has no
/// depth limit. Its own `RawValue` uses the same name, but accepts either borrowed or owned JSON, and both are needed
/// here: events are read from bytes, and maps of strings also from a `serde_json::Value`.
const RAW_JSON: &str = "$serde_json::private::RawValue";

impl<'de> DeserializeSeed<'de> for AppendString<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_JSON, AppendJson(self.0))
    }
}

/// Takes the raw JSON of a value, or the value itself from a format that isn't JSON.
struct AppendJson<'a>(&'a mut String);

impl<'de> Visitor<'de> for AppendJson<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or null")
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
            return AppendString(self.0).visit_string(text);
        } else if json == "null" {
            return Ok(false);
        } else {
            self.0.push_str(json);
        }
        Ok(true)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(AppendString(self.0))
    }
}

impl<'de> DeserializeSeed<'de> for AppendJson<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for AppendString<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or null")
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

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        self.visit_str(if value { "true" } else { "false" })
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

    fn read_string(json: &str) -> Option<String> {
        string(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    #[test]
    fn a_string_field_accepts_any_value() {
        assert_eq!(read_string(r#""é\n""#).as_deref(), Some("é\n"));
        assert_eq!(read_string("true").as_deref(), Some("true"));
        assert_eq!(read_string("-7").as_deref(), Some("-7"));
        assert_eq!(read_string("1.5").as_deref(), Some("1.5"));
        assert_eq!(read_string("null"), None);
        assert_eq!(
            read_string(r#"[1,{"a":null}]"#).as_deref(),
            Some(r#"[1,{"a":null}]"#)
        );
    }

    #[test]
    fn other_values_stay_as_they_were_written() {
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
            assert_eq!(read_string(json).as_deref(), Some(json));
        }
        assert!(string(&mut serde_json::Deserializer::from_str(r#""\ud800""#)).is_err());
    }

    #[test]
    fn a_string_can_be_read_from_any_deserializer() {
        let value = serde_json::json!([1.5, "\n", {"a": "b"}]);
        assert_eq!(string(&value[0]).unwrap().as_deref(), Some("1.5"));
        assert_eq!(string(&value[1]).unwrap().as_deref(), Some("\n"));
        assert_eq!(string(value[2].clone()).unwrap().as_deref(), Some(r#"{"a":"b"}"#));
        assert_eq!(string(&serde_json::Value::Null).unwrap(), None);

        /// serde buffers untagged content before it deserializes it.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Buffered {
            Text(#[serde(deserialize_with = "string")] Option<String>),
        }
        let Buffered::Text(text) = serde_json::from_str("[true]").unwrap();
        assert_eq!(text.as_deref(), Some("[true]"));
    }

    #[test]
    fn booleans_come_as_booleans_and_as_strings() {
        let read = |json: &str| boolean(&mut serde_json::Deserializer::from_str(json));
        assert_eq!(read("true").unwrap(), Some(true));
        assert_eq!(read(r#""True""#).unwrap(), Some(true));
        assert_eq!(read(r#""false""#).unwrap(), Some(false));
        assert_eq!(read("null").unwrap(), None);
        assert_eq!(read(r#""""#).unwrap(), None);
        assert!(read(r#""maybe""#).is_err());
    }

    #[test]
    fn null_in_an_array_is_left_out() {
        let read = |json: &str| array::<_, String>(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(read(r#"["a",null,"b"]"#), ["a", "b"]);
        assert!(read("null").is_empty());
        let read = |json: &str| strings(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(read(r#"["a",null,7,{"b":1.0}]"#), ["a", "7", r#"{"b":1.0}"#]);
    }
}
