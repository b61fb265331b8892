//! Collections that remember which of their entries have changed.
//!
//! The users and the sign-ins of a pool do the same in their own way, because they have indexes.

use std::collections::BTreeSet;
use std::collections::btree_map::{self, BTreeMap};
use std::ops::Deref;

/// A map that remembers the keys of entries that were added, changed or removed.
///
/// It is read like a [`BTreeMap`], and changed with methods of the same names, so that those who use it needn't think of
/// what is stored.
#[derive(Clone, Debug)]
pub(crate) struct Tracked<V> {
    map: BTreeMap<String, V>,
    /// The keys that may have changed. A key may be there several times.
    touched: Vec<String>,
}

impl<V> Default for Tracked<V> {
    fn default() -> Self {
        Self {
            map: BTreeMap::new(),
            touched: Vec::new(),
        }
    }
}

impl<V> Deref for Tracked<V> {
    type Target = BTreeMap<String, V>;

    fn deref(&self) -> &Self::Target {
        &self.map
    }
}

impl<'a, V> IntoIterator for &'a Tracked<V> {
    type Item = (&'a String, &'a V);
    type IntoIter = btree_map::Iter<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.iter()
    }
}

impl<V> Tracked<V> {
    pub(crate) fn insert(&mut self, key: String, value: V) -> Option<V> {
        self.touched.push(key.clone());
        self.map.insert(key, value)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<V> {
        let removed = self.map.remove(key);
        if removed.is_some() {
            self.touched.push(key.to_owned());
        }
        removed
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let value = self.map.get_mut(key)?;
        self.touched.push(key.to_owned());
        Some(value)
    }

    pub(crate) fn entry(&mut self, key: String) -> btree_map::Entry<'_, String, V> {
        self.touched.push(key.clone());
        self.map.entry(key)
    }

    /// All values, each of which counts as changed.
    pub(crate) fn values_mut(&mut self) -> btree_map::ValuesMut<'_, String, V> {
        self.touched.extend(self.map.keys().cloned());
        self.map.values_mut()
    }

    /// The values without marking them as changed, for what isn't stored.
    pub(super) fn unmarked(&mut self) -> &mut BTreeMap<String, V> {
        &mut self.map
    }

    /// The keys that may have changed since this was asked before. The map doesn't have those that were removed.
    pub(super) fn take_touched(&mut self) -> BTreeSet<String> {
        self.touched.drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_change_is_remembered() {
        let mut map = Tracked::default();
        for key in ["a", "b", "c", "d"] {
            map.insert(key.to_owned(), 0);
        }
        assert_eq!(map.take_touched().len(), 4);
        assert_eq!(map.get("a"), Some(&0));
        assert!(map.get_mut("x").is_none() && map.remove("x").is_none());
        assert!(map.take_touched().is_empty());
        *map.get_mut("a").unwrap() = 1;
        map.remove("b");
        map.entry("e".to_owned()).or_insert(1);
        assert_eq!(
            map.take_touched().into_iter().collect::<Vec<_>>(),
            ["a", "b", "e"]
        );
        map.values_mut().for_each(|value| *value = 2);
        assert_eq!(map.take_touched().len(), 4);
    }
}
