//! Which users have an email address, a phone number or a group, without looking at every user.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use crate::state::User;

/// What is indexed, besides the attributes of [`ATTRIBUTES`]: the groups.
pub(super) const GROUP: &str = "cognito:groups";

/// The indexed attributes. They are what applications look users up by.
const ATTRIBUTES: [&str; 2] = ["email", "phone_number"];

/// The keys of the users with each value of an indexed attribute, and of those in each group.
///
/// Unlike an alias, a value may belong to several users, and needn't be verified.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    keys: HashMap<&'static str, HashMap<String, BTreeSet<String>>>,
}

impl Index {
    /// Adds what is indexed of a user. `key` is that of the user.
    pub(super) fn add(&mut self, key: &str, user: &User) {
        for (name, value) in values(user) {
            let keys = self.keys.entry(name).or_default();
            keys.entry(value.clone()).or_default().insert(key.to_owned());
        }
    }

    /// Removes a user, who must have the same values as when added.
    pub(super) fn remove(&mut self, key: &str, user: &User) {
        for (name, value) in values(user) {
            if let Some(by_value) = self.keys.get_mut(name)
                && let Some(keys) = by_value.get_mut(value)
            {
                keys.remove(key);
                if keys.is_empty() {
                    by_value.remove(value);
                }
            }
        }
    }

    /// The sorted keys of the users with this value, after the key `after`.
    pub(super) fn keys<'a>(
        &'a self,
        name: &str,
        value: &str,
        after: Option<&'a str>,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let keys = self.keys.get(name).and_then(|by_value| by_value.get(value));
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let after = keys.map(|keys| keys.range::<str, _>((from, Bound::Unbounded)));
        after.into_iter().flatten().map(String::as_str)
    }
}

/// Whether the values of an attribute are indexed.
pub(super) fn has(attribute: &str) -> bool {
    ATTRIBUTES.contains(&attribute)
}

/// What is indexed of a user: names and values.
fn values(user: &User) -> impl Iterator<Item = (&'static str, &String)> {
    let attributes = ATTRIBUTES
        .into_iter()
        .filter_map(|name| Some((name, user.attributes.get(name)?)));
    attributes.chain(user.groups.iter().map(|group| (GROUP, group)))
}
