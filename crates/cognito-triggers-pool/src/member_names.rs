//! Names of members that change, without two that become one.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// Gives members of an object other names. `new_name` returns `None` for a name that stays.
///
/// A name that is taken gets a number: no member is lost.
pub(crate) fn rename(members: &mut Map<String, Value>, new_name: &mut dyn FnMut(&str) -> Option<String>) {
    let changed = members.keys().filter_map(|name| {
        let new = new_name(name).filter(|new| new != name)?;
        Some((name.clone(), new))
    });
    let changed: Vec<_> = changed.collect();
    // All old names are free before the first new one is used.
    let moved: Vec<_> = changed
        .into_iter()
        .filter_map(|(name, new)| Some((new, members.remove(&name)?)))
        .collect();
    let mut free = FreeNames::default();
    for (new, value) in moved {
        members.insert(free.name(members, new), value);
    }
}

/// Names for the members of one object.
///
/// It remembers the next number of each name, so many members that want the same name take no longer than others.
#[derive(Debug, Default)]
pub struct FreeNames {
    next: HashMap<String, usize>,
    /// How many names were tried, which a test looks at.
    #[cfg(test)]
    tried: usize,
}

impl FreeNames {
    /// Returns the name, with a number if it is taken.
    pub fn name(&mut self, members: &Map<String, Value>, name: String) -> String {
        if !members.contains_key(&name) {
            return name;
        }
        let next = self.next.entry(name.clone()).or_insert(2);
        loop {
            #[cfg(test)]
            {
                self.tried += 1;
            }
            let numbered = format!("{name}-{next}");
            *next += 1;
            if !members.contains_key(&numbered) {
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn renamed(mut value: Value, new_name: impl Fn(&str) -> Option<&'static str>) -> Value {
        if let Some(members) = value.as_object_mut() {
            rename(members, &mut |name| new_name(name).map(str::to_owned));
        }
        value
    }

    #[test]
    fn no_member_is_lost() {
        let all_the_same = renamed(json!({ "a": 1, "b": 2, "x": 3 }), |_| Some("x"));
        assert_eq!(all_the_same, json!({ "x": 3, "x-2": 1, "x-3": 2 }));
        let exchanged = renamed(json!({ "a": 1, "b": 2 }), |name| {
            Some(if name == "a" { "b" } else { "a" })
        });
        assert_eq!(exchanged, json!({ "a": 2, "b": 1 }));
        assert_eq!(renamed(json!({ "a": 1 }), |_| None), json!({ "a": 1 }));
    }

    #[test]
    fn each_number_is_tried_once() {
        let mut members = Map::new();
        let mut free = FreeNames::default();
        for _ in 0..1000 {
            let name = free.name(&members, "x".to_owned());
            members.insert(name, Value::Null);
        }
        assert_eq!(free.tried, 999);
        assert!(members.contains_key("x-1000"));
        assert_eq!(free.name(&members, "x-2".to_owned()), "x-2-2");
    }
}
