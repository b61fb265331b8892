//! Which users have an email address, a phone number or a group, without looking at every user.

use std::collections::BTreeSet;
use std::ops::Bound;

use crate::state::User;

/// What is indexed, besides the attributes of [`ATTRIBUTES`]: the groups.
pub(super) const GROUP: &str = "cognito:groups";

/// The indexed attributes. They are what applications look users up by.
const ATTRIBUTES: [&str; 2] = ["email", "phone_number"];

/// The users with each value of an indexed attribute, and those in each group.
///
/// Unlike an alias, a value may belong to several users, and needn't be verified.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    entries: BTreeSet<Entry>,
}

/// What is indexed, its value, and the key of a user who has it.
type Entry = (&'static str, Box<str>, Box<str>);

impl Index {
    /// Adds what is indexed of a user. `key` is that of the user.
    pub(super) fn add(&mut self, key: &str, user: &User) {
        self.entries.extend(entries(key, user));
    }

    /// Removes a user, who must have the same values as when added.
    pub(super) fn remove(&mut self, key: &str, user: &User) {
        for entry in entries(key, user) {
            self.entries.remove(&entry);
        }
    }

    /// The sorted keys of the users with this value, after the key `after`.
    pub(super) fn keys<'a>(
        &'a self,
        name: &'static str,
        value: &str,
        after: Option<&str>,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let value: Box<str> = value.into();
        // No key is empty.
        let after = (name, value.clone(), after.unwrap_or_default().into());
        self.entries
            .range((Bound::Excluded(after), Bound::Unbounded))
            .take_while(move |(other, found, _)| *other == name && *found == value)
            .map(|(.., key)| &**key)
    }
}

/// The indexed attribute with this name. `None` if it isn't indexed.
pub(super) fn attribute(name: &str) -> Option<&'static str> {
    ATTRIBUTES.into_iter().find(|indexed| *indexed == name)
}

/// The entries of a user.
fn entries(key: &str, user: &User) -> impl Iterator<Item = Entry> {
    let attributes = ATTRIBUTES
        .into_iter()
        .filter_map(|name| Some((name, user.attributes.get(name)?)));
    let values = attributes.chain(user.groups.iter().map(|group| (GROUP, group)));
    values.map(move |(name, value)| (name, value.as_str().into(), key.into()))
}
