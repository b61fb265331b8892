//! Maps of strings, the most common type in Cognito's events.

use std::{collections::HashMap, fmt, iter::FusedIterator, ops::Range, slice};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, MapAccess, Visitor},
};

use crate::lenient::AppendString;

/// Up to this many entries a lookup compares names one by one; larger maps have an index.
///
/// Most events have fewer.
const UNINDEXED: usize = 32;

/// A map of strings in the order of the event: `clientMetadata`, `validationData`, public challenge parameters, the
/// attributes of an identity provider.
///
/// - Null and absence read as an empty map. [`Event::raw`](crate::event::Event::raw) shows whether the event had `null`,
///   `{}` or nothing.
/// - A name whose value is null is left out.
/// - A value of another type becomes its JSON: identity providers send objects, although AWS documents strings.
/// - If a name occurs twice, the last value wins.
///
/// Apps put tokens and personal data into their metadata, so `Debug` prints the names only.
///
/// ```
/// use cognito_triggers::TextMap;
///
/// let mut metadata = TextMap::from([("locale", "de-AT"), ("captcha", "03AGdBq2")]);
/// assert_eq!(metadata.get("locale"), Some("de-AT"));
/// assert_eq!(format!("{metadata:?}"), r#"{"locale", "captcha"}"#);
///
/// metadata.insert("locale", "de");
/// metadata.remove("captcha");
/// assert_eq!(metadata.iter().collect::<Vec<_>>(), [("locale", "de")]);
/// ```
// All names and values share one buffer, so that a map costs two allocations whatever its size.
#[derive(Clone, Default)]
pub struct TextMap {
    /// All names and values, one after the other.
    text: String,
    /// In the order of the event. A replaced value keeps its position. A large map has removed entries among them.
    entries: Vec<Entry>,
    /// The number of removed entries in `entries`. The last entry is never one of them.
    removed: usize,
    /// The number of removed entries before the first one that is left.
    removed_in_front: usize,
    /// The position of each name in `entries`; empty for a small map.
    index: HashMap<String, usize>,
    /// The bytes of `text` that no entry uses any more.
    garbage: usize,
}

/// The spans of a name and its value in the buffer.
#[derive(Clone)]
struct Entry {
    name: Range<usize>,
    value: Range<usize>,
    /// Only in a map that has an index, which doesn't have this name then. A lookup without an index relies on that.
    is_removed: bool,
}

impl Entry {
    fn new(name: Range<usize>, value: Range<usize>) -> Self {
        Self {
            name,
            value,
            is_removed: false,
        }
    }
}

impl TextMap {
    /// A map without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value with this name.
    ///
    /// `None` if there is none. A value that was null in the event is left out, so it is `None` too.
    pub fn get(&self, name: &str) -> Option<&str> {
        let entry = self.entries.get(self.position(name)?)?;
        Some(self.slice(&entry.value))
    }

    /// Whether there is a value with this name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Adds a value, or replaces the one with this name.
    ///
    /// A replaced value keeps its position.
    pub fn insert(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        let name = self.append(name.as_ref());
        let value = self.append(value.as_ref());
        self.add(Entry::new(name, value));
    }

    /// Removes the value with this name and returns whether it was there.
    ///
    /// The others keep their order.
    pub fn remove(&mut self, name: &str) -> bool {
        let position = self.position(name);
        if let Some(position) = position {
            self.remove_at(position);
        }
        position.is_some()
    }

    /// Names and values in their order.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            map: self,
            entries: self
                .entries
                .get(self.removed_in_front..)
                .unwrap_or_default()
                .iter(),
            left: self.len(),
        }
    }

    /// The names in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.iter().map(|(name, _)| name)
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len() - self.removed
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The position of a name in `entries`.
    fn position(&self, name: &str) -> Option<usize> {
        if self.index.is_empty() {
            let mut entries = self.entries.iter();
            entries.position(|entry| self.slice(&entry.name) == name)
        } else {
            self.index.get(name).copied()
        }
    }

    /// The text of a span.
    fn slice(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// Adds text to the buffer and returns its span.
    fn append(&mut self, text: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    /// Adds an entry whose name and value are in the buffer already.
    fn add(&mut self, entry: Entry) {
        let position = self.position(self.slice(&entry.name));
        match position.and_then(|position| self.entries.get_mut(position)) {
            Some(known) => {
                self.garbage += known.value.len() + entry.name.len();
                known.value = entry.value;
                self.compact();
            }
            None => {
                let position = self.entries.len();
                if !self.index.is_empty() {
                    self.index.insert(self.slice(&entry.name).to_owned(), position);
                }
                self.entries.push(entry);
                if position == UNINDEXED {
                    self.rebuild_index();
                }
            }
        }
    }

    /// Removes the entry at a position. Its text stays in the buffer as garbage, and in a large map the entry itself stays,
    /// marked as removed: moving all later ones for each removed one would take quadratic time.
    fn remove_at(&mut self, position: usize) {
        let Some(entry) = self.entries.get_mut(position) else {
            return;
        };
        self.garbage += entry.name.len() + entry.value.len();
        if self.index.is_empty() {
            self.entries.remove(position);
        } else {
            entry.is_removed = true;
            self.removed += 1;
            let name = entry.name.clone();
            self.index.remove(self.text.get(name).unwrap_or_default());
            self.pass_removed_ends();
        }
        self.compact();
    }

    /// Truncates the removed entries at the end, and counts those in front, so that a map can be emptied from either end
    /// without passing the removed ones again each time.
    fn pass_removed_ends(&mut self) {
        while self.entries.pop_if(|entry| entry.is_removed).is_some() {
            self.removed -= 1;
        }
        self.removed_in_front = self.removed_in_front.min(self.entries.len());
        let rest = self.entries.get(self.removed_in_front..).unwrap_or_default();
        self.removed_in_front += rest.iter().take_while(|entry| entry.is_removed).count();
    }

    /// Makes the index of a large map; a small one has none.
    fn rebuild_index(&mut self) {
        self.index.clear();
        if self.entries.len() <= UNINDEXED {
            return;
        }
        let entries = self.entries.iter().enumerate();
        let left = entries.filter(|(_, entry)| !entry.is_removed);
        let index = left.map(|(position, entry)| (self.slice(&entry.name).to_owned(), position));
        self.index = index.collect();
    }

    /// Copies what is used once more than half of the buffer or of the entries isn't.
    fn compact(&mut self) {
        if self.garbage <= self.text.len() / 2 && self.removed <= self.entries.len() / 2 {
            return;
        }
        if self.removed > 0 {
            self.entries.retain(|entry| !entry.is_removed);
            self.removed = 0;
            self.removed_in_front = 0;
            self.rebuild_index();
        }
        let mut text = String::with_capacity(self.text.len() - self.garbage);
        for entry in &mut self.entries {
            for span in [&mut entry.name, &mut entry.value] {
                let start = text.len();
                text.push_str(self.text.get(span.clone()).unwrap_or_default());
                *span = start..text.len();
            }
        }
        self.text = text;
        self.garbage = 0;
    }
}

/// Names and values of a [`TextMap`] in their order. `Debug` prints the names only.
#[derive(Clone)]
pub struct Iter<'a> {
    map: &'a TextMap,
    /// With the removed ones.
    entries: slice::Iter<'a, Entry>,
    /// The number of entries without the removed ones.
    left: usize,
}

impl<'a> Iter<'a> {
    fn yielded(&mut self, entry: &'a Entry) -> (&'a str, &'a str) {
        self.left -= 1;
        (self.map.slice(&entry.name), self.map.slice(&entry.value))
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.entries.find(|entry| !entry.is_removed)?;
        Some(self.yielded(entry))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let entry = self.entries.rfind(|entry| !entry.is_removed)?;
        Some(self.yielded(entry))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl FusedIterator for Iter<'_> {}

impl fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.clone().map(|(name, _)| name)).finish()
    }
}

/// Two maps are equal if they have the same names with the same values, in any order.
impl PartialEq for TextMap {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl Eq for TextMap {}

impl fmt::Debug for TextMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

impl<K: AsRef<str>, V: AsRef<str>> Extend<(K, V)> for TextMap {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (name, value) in entries {
            self.insert(name, value);
        }
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for TextMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<K: AsRef<str>, V: AsRef<str>, const N: usize> From<[(K, V); N]> for TextMap {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl IntoIterator for TextMap {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        let entries = self
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        entries.collect::<Vec<_>>().into_iter()
    }
}

impl<'a> IntoIterator for &'a TextMap {
    type Item = (&'a str, &'a str);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl Serialize for TextMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
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
        f.write_str("an object of strings, or null")
    }

    fn visit_unit<E>(self) -> Result<TextMap, E> {
        Ok(TextMap::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<TextMap, A::Error> {
        // Room for a usual set of attributes, so that the buffers rarely grow.
        let mut map = TextMap {
            text: String::with_capacity(384),
            entries: Vec::with_capacity(8),
            ..TextMap::default()
        };
        loop {
            let start = map.text.len();
            if access.next_key_seed(AppendName(&mut map.text))?.is_none() {
                return Ok(map);
            }
            let name = start..map.text.len();
            let is_null = !access.next_value_seed(AppendString(&mut map.text))?;
            let value = name.end..map.text.len();
            if is_null {
                let position = map.position(map.slice(&name));
                map.text.truncate(start);
                if let Some(position) = position {
                    map.remove_at(position);
                }
            } else {
                map.add(Entry::new(name, value));
            }
        }
    }
}

struct AppendName<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for AppendName<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(AppendString(self.0))
    }
}

#[cfg(test)]
mod tests;
