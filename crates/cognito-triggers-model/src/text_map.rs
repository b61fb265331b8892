//! Maps of texts, as they stand all over Cognito's events.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, MapAccess, Visitor},
};

use crate::lenient::Append;

/// A map from text to text, in the order of the wire: `clientMetadata`, `validationData`, public challenge
/// parameters, the attributes an identity provider sent.
///
/// Null and absence read as an empty map; whether the event said `null`, `{}` or nothing at all can be seen in
/// [`Event::raw`](crate::Event::raw). A value that isn't a text (documented nowhere, but identity providers send
/// objects) stays the JSON text that came. A name whose value is null is listed by [`names`](TextMap::names), has no
/// value, and isn't written into an answer.
///
/// What an app puts into its metadata is often a token or personal data, so `Debug` shows the names only.
///
/// ```
/// use cognito_triggers::TextMap;
///
/// let metadata = TextMap::from([("locale", "de-AT"), ("captcha", "03AGdBq2")]);
/// assert_eq!(metadata.get("locale"), Some("de-AT"));
/// assert_eq!(format!("{metadata:?}"), r#"{"locale", "captcha"}"#);
/// ```
// All texts stand in one buffer: an event's map costs two allocations, however many entries it has.
#[derive(Clone, Default)]
pub struct TextMap {
    text: String,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    start: usize,
    name_end: usize,
    value_end: usize,
    null: bool,
}

impl TextMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of this name; `None` if there is none or it is null. Of a name given twice the last counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        let entry = self.entries.iter().rev().find(|entry| self.name(entry) == name)?;
        self.value(entry)
    }

    /// Names and values in their order, without those that are null.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .filter_map(|entry| Some((self.name(entry), self.value(entry)?)))
    }

    /// All names, those with null for a value too.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| self.name(entry))
    }

    /// Adds a value, or replaces the one of this name.
    pub fn insert(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        self.remove(name.as_ref());
        self.push(name.as_ref(), Some(value.as_ref()));
    }

    /// Removes a name and its value; says whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        if self.names().all(|known| known != name) {
            return false;
        }
        let mut rest = Self::default();
        for entry in self.entries.iter().filter(|entry| self.name(entry) != name) {
            rest.push(self.name(entry), self.value(entry));
        }
        *self = rest;
        true
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no name in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn push(&mut self, name: &str, value: Option<&str>) {
        let start = self.text.len();
        self.text.push_str(name);
        let name_end = self.text.len();
        self.text.push_str(value.unwrap_or_default());
        self.entries.push(Entry {
            start,
            name_end,
            value_end: self.text.len(),
            null: value.is_none(),
        });
    }

    fn name(&self, entry: &Entry) -> &str {
        self.text.get(entry.start..entry.name_end).unwrap_or_default()
    }

    fn value(&self, entry: &Entry) -> Option<&str> {
        if entry.null {
            None
        } else {
            self.text.get(entry.name_end..entry.value_end)
        }
    }
}

/// Two maps are equal if they have the same names with the same values, in whatever order.
impl PartialEq for TextMap {
    fn eq(&self, other: &Self) -> bool {
        let within = |a: &Self, b: &Self| {
            a.names()
                .all(|name| b.names().any(|n| n == name) && a.get(name) == b.get(name))
        };
        within(self, other) && within(other, self)
    }
}

impl Eq for TextMap {}

impl fmt::Debug for TextMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for TextMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::default();
        pairs
            .into_iter()
            .for_each(|(name, value)| map.insert(name, value));
        map
    }
}

impl<K: AsRef<str>, V: AsRef<str>, const N: usize> From<[(K, V); N]> for TextMap {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl Serialize for TextMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Of a name given twice the last counts, here as in `get`.
        let counts = |index: usize, name: &str| {
            let mut later = self.entries.iter().skip(index + 1);
            later.all(|entry| self.name(entry) != name)
        };
        serializer.collect_map(self.entries.iter().enumerate().filter_map(|(index, entry)| {
            let name = self.name(entry);
            let value = self.value(entry)?;
            counts(index, name).then_some((name, value))
        }))
    }
}

impl<'de> Deserialize<'de> for TextMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MapVisitor)
    }
}

struct MapVisitor;

impl<'de> Visitor<'de> for MapVisitor {
    type Value = TextMap;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts, or null")
    }

    fn visit_unit<E>(self) -> Result<TextMap, E> {
        Ok(TextMap::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<TextMap, A::Error> {
        // Room for a usual set of attributes, so that reading one doesn't grow the buffers step by step.
        let mut map = TextMap {
            text: String::with_capacity(384),
            entries: Vec::with_capacity(8),
        };
        loop {
            let start = map.text.len();
            if access.next_key_seed(AppendName(&mut map.text))?.is_none() {
                return Ok(map);
            }
            let name_end = map.text.len();
            let filled = access.next_value_seed(Append(&mut map.text))?;
            map.entries.push(Entry {
                start,
                name_end,
                value_end: map.text.len(),
                null: !filled,
            });
        }
    }
}

struct AppendName<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for AppendName<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(Append(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_wire_may_hold() {
        let map: TextMap =
            serde_json::from_str(r#"{"a":"1","\u0062":null,"c":true,"d":{"x":[1]},"":"empty"}"#).unwrap();
        assert_eq!(map.names().collect::<Vec<_>>(), ["a", "b", "c", "d", ""]);
        assert_eq!(
            (map.get("a"), map.get("b"), map.get("c")),
            (Some("1"), None, Some("true"))
        );
        assert_eq!((map.get("d"), map.get("")), (Some(r#"{"x":[1]}"#), Some("empty")));
        assert!(serde_json::from_str::<TextMap>("null").unwrap().is_empty());
        assert!(serde_json::from_str::<TextMap>("[]").is_err());
    }

    #[test]
    fn writes_what_counts_as_it_was_spelled() {
        let map: TextMap = serde_json::from_str(r#"{"a":"1","n":null,"a":1e2,"b":"2","b":null}"#).unwrap();
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"a":"1e2"}"#);
        assert_eq!(serde_json::to_string(&TextMap::new()).unwrap(), "{}");
    }

    #[test]
    fn changes_keep_the_other_entries() {
        let mut map = TextMap::from([("a", "1"), ("b", "2"), ("c", "3")]);
        map.insert("b", "two");
        assert!(map.remove("a") && !map.remove("a"));
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"c":"3","b":"two"}"#);
        assert_eq!(map, TextMap::from([("b", "two"), ("c", "3")]));
        assert_ne!(map, TextMap::from([("b", "two")]));
    }
}
