//! The map type that the crate's maps sorted by name share.

use std::{
    collections::{BTreeMap, btree_map},
    fmt,
    iter::FusedIterator,
};

use serde::{Serialize, Serializer};

/// Entries sorted by key. A lookup, an insertion or a removal takes `log n`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SortedMap<V>(BTreeMap<String, V>);

impl<V> SortedMap<V> {
    /// An empty map. It allocates nothing.
    pub(crate) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        self.0.get(key)
    }

    /// Adds an entry, or replaces the value of the key.
    pub(crate) fn insert(&mut self, key: String, value: V) {
        self.0.insert(key, value);
    }

    /// Removes an entry and returns whether it was there.
    pub(crate) fn remove(&mut self, key: &str) -> bool {
        self.0.remove(key).is_some()
    }

    /// The entries, ordered by key in bytes.
    pub(crate) fn iter(&self) -> Iter<'_, V> {
        Iter(self.0.iter())
    }

    /// The number of entries.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<V> Extend<(String, V)> for SortedMap<V> {
    fn extend<I: IntoIterator<Item = (String, V)>>(&mut self, entries: I) {
        self.0.extend(entries);
    }
}

impl<V> IntoIterator for SortedMap<V> {
    type Item = (String, V);
    type IntoIter = std::vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().collect::<Vec<_>>().into_iter()
    }
}

/// Names and values of a map, ordered by name. `Debug` prints the names only.
#[derive(Clone)]
pub struct Iter<'a, V>(btree_map::Iter<'a, String, V>);

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a str, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<V> DoubleEndedIterator for Iter<'_, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(name, value)| (name.as_str(), value))
    }
}

impl<V> ExactSizeIterator for Iter<'_, V> {}

impl<V> FusedIterator for Iter<'_, V> {}

impl<V> fmt::Debug for Iter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.clone().map(|(name, _)| name))
            .finish()
    }
}

impl<V: Serialize> Serialize for SortedMap<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Gives a map type its methods and traits, so that all maps of the crate have the same ones.
///
/// The type is a tuple struct around a [`SortedMap`]; the macro's arguments are the type of a value and the noun for it.
macro_rules! sorted_map_methods {
    ($map:ident $(<$parameter:ident>)?, $value:ty, $noun:literal) => {
        impl $(<$parameter>)? $map $(<$parameter>)? {
            #[doc = concat!("A map without ", $noun, "s.")]
            pub const fn new() -> Self {
                Self($crate::sorted_map::SortedMap::new())
            }

            #[doc = concat!("The ", $noun, " with this name.")]
            pub fn get(&self, name: &str) -> Option<&$value> {
                self.0.get(name)
            }

            #[doc = concat!("Whether there is a ", $noun, " with this name.")]
            pub fn contains_key(&self, name: &str) -> bool {
                self.0.get(name).is_some()
            }

            #[doc = concat!("Adds a ", $noun, ", or replaces the one with this name.")]
            pub fn insert(&mut self, name: impl Into<String>, value: impl Into<$value>) {
                self.0.insert(name.into(), value.into());
            }

            #[doc = concat!("Removes the ", $noun, " with this name and returns whether it was there.")]
            pub fn remove(&mut self, name: &str) -> bool {
                self.0.remove(name)
            }

            #[doc = concat!("Names and ", $noun, "s, ordered by name.")]
            pub fn iter(&self) -> $crate::sorted_map::Iter<'_, $value> {
                self.0.iter()
            }

            /// The names, in order.
            pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
                self.iter().map(|(name, _)| name)
            }

            #[doc = concat!("The number of ", $noun, "s.")]
            pub fn len(&self) -> usize {
                self.0.len()
            }

            #[doc = concat!("Whether there are no ", $noun, "s.")]
            pub fn is_empty(&self) -> bool {
                self.0.len() == 0
            }
        }

        impl $(<$parameter>)? Default for $map $(<$parameter>)? {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<K: Into<String>, W: Into<$value> $(, $parameter)?> Extend<(K, W)> for $map $(<$parameter>)? {
            fn extend<I: IntoIterator<Item = (K, W)>>(&mut self, entries: I) {
                let entries = entries.into_iter();
                self.0.extend(entries.map(|(name, value)| (name.into(), value.into())));
            }
        }

        impl<K: Into<String>, W: Into<$value> $(, $parameter)?> FromIterator<(K, W)> for $map $(<$parameter>)? {
            fn from_iter<I: IntoIterator<Item = (K, W)>>(entries: I) -> Self {
                let mut map = Self::new();
                map.extend(entries);
                map
            }
        }

        impl<K: Into<String>, W: Into<$value>, $($parameter,)? const N: usize> From<[(K, W); N]>
            for $map $(<$parameter>)?
        {
            fn from(entries: [(K, W); N]) -> Self {
                entries.into_iter().collect()
            }
        }

        impl $(<$parameter>)? IntoIterator for $map $(<$parameter>)? {
            type Item = (String, $value);
            type IntoIter = std::vec::IntoIter<(String, $value)>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl<'a $(, $parameter)?> IntoIterator for &'a $map $(<$parameter>)? {
            type Item = (&'a str, &'a $value);
            type IntoIter = $crate::sorted_map::Iter<'a, $value>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }
    };
}

pub(crate) use sorted_map_methods;

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn the_last_entry_of_a_key_wins() {
        let mut map = SortedMap::new();
        map.extend([("b", 1), ("a", 2), ("b", 3)].map(|(key, value)| (key.to_owned(), value)));
        assert_eq!(map.iter().collect::<Vec<_>>(), [("a", &2), ("b", &3)]);
        map.extend([("a".to_owned(), 4)]);
        map.insert("c".to_owned(), 5);
        map.insert("b".to_owned(), 6);
        assert!(map.remove("a") && !map.remove("a"));
        assert_eq!(map.iter().collect::<Vec<_>>(), [("b", &6), ("c", &5)]);
        assert_eq!((map.get("b"), map.get("a"), map.len()), (Some(&6), None, 2));
    }

    #[test]
    fn keys_in_random_order_do_not_move_all_others() {
        const COUNT: u32 = 400_000;
        // An odd multiplier gives each number its own position, far from the one before.
        let key = |number: u32| format!("{:08x}", number.wrapping_mul(0x9E37_79B1));
        let start = Instant::now();
        let mut map = SortedMap::new();
        (0..COUNT).for_each(|number| map.insert(key(number), ()));
        assert_eq!(map.len(), COUNT as usize);
        assert!(map.iter().is_sorted_by_key(|(key, ())| key));
        assert!((0..COUNT).all(|number| map.remove(&key(number))));
        assert_eq!(map.len(), 0);
        // Two seconds on an idle machine. If each step moved all later entries, it would be many minutes.
        let took = start.elapsed();
        assert!(took < Duration::from_secs(120), "{took:?}");
    }
}
