//! Names of members that change, without two that become one.

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
    for (new, value) in moved {
        members.insert(free(members, new), value);
    }
}

/// The name, with a number if it is taken.
pub(crate) fn free(members: &Map<String, Value>, name: String) -> String {
    if !members.contains_key(&name) {
        return name;
    }
    let mut number = 2_usize;
    loop {
        let numbered = format!("{name}-{number}");
        if !members.contains_key(&numbered) {
            return numbered;
        }
        number += 1;
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
}
