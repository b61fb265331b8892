//! The users of a pool, found by user name, sub, alias, address or group.

mod index;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use self::index::Index;
use super::settings::Settings;
use super::user::User;

/// The users of a pool.
///
/// The indexes make lookups fast with any number of users.
#[derive(Clone, Debug)]
pub(crate) struct Users {
    rules: Rules,
    /// The users by user name, case-folded if user names are case-insensitive.
    ///
    /// Boxed: the nodes of the map are about half empty.
    by_key: BTreeMap<String, Box<User>>,
    by_sub: HashMap<String, String>,
    /// The key of the owner of each alias, by attribute and value.
    by_alias: HashMap<(String, String), String>,
    /// The key of the owner of each account at an identity provider, by provider, attribute and value.
    by_identity: HashMap<[String; 3], String>,
    index: Index,
    /// The keys of users who may have changed. A key may be there several times.
    touched: Vec<String>,
}

/// The settings that decide how users are found. They can't be changed once the pool exists.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rules {
    case_sensitive: bool,
    aliases: Vec<String>,
    usernames: Vec<String>,
}

impl Users {
    pub(crate) fn new(settings: &Settings) -> Self {
        let those = |names: &[&str], holds: &dyn Fn(&str) -> bool| {
            names
                .iter()
                .filter(|name| holds(name))
                .map(|name| (*name).to_owned())
                .collect()
        };
        Self::with_rules(Rules {
            case_sensitive: settings.case_sensitive(),
            aliases: those(&["email", "phone_number", "preferred_username"], &|name| {
                settings.is_alias(name)
            }),
            usernames: those(&["email", "phone_number"], &|name| settings.is_username(name)),
        })
    }

    fn with_rules(rules: Rules) -> Self {
        Self {
            rules,
            by_key: BTreeMap::new(),
            by_sub: HashMap::new(),
            by_alias: HashMap::new(),
            by_identity: HashMap::new(),
            index: Index::default(),
            touched: Vec::new(),
        }
    }

    /// Whether users are found by the same attributes in a pool with these settings.
    pub(crate) fn fits(&self, settings: &Settings) -> bool {
        self.rules == Self::new(settings).rules
    }

    /// The keys of users who may have changed since this was asked before. Those who were removed have none any more.
    pub(super) fn take_touched(&mut self) -> BTreeSet<String> {
        self.touched.drain(..).collect()
    }

    /// The key of the user with this user name.
    pub(super) fn key(&self, username: &str) -> String {
        self.rules.fold(username)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }

    /// The user with this real user name.
    pub(crate) fn get(&self, username: &str) -> Option<&User> {
        self.at(&self.rules.fold(username))
    }

    /// The user with this user name, or with this value of an alias that works for signing in.
    pub(crate) fn find(&self, typed: &str) -> Option<&User> {
        self.get(typed).or_else(|| {
            let attributes = self.rules.usernames.iter().chain(&self.rules.aliases);
            attributes
                .filter_map(|attribute| self.owner(attribute, typed))
                .next()
        })
    }

    /// The user with this user name, alias or sub, as operations of administrators find users.
    pub(crate) fn find_for_admin(&self, typed: &str) -> Option<&User> {
        self.find(typed).or_else(|| self.with_sub(typed))
    }

    /// The user with this sub.
    pub(crate) fn with_sub(&self, sub: &str) -> Option<&User> {
        self.at(self.by_sub.get(sub)?)
    }

    /// The user who signs in with the account at an identity provider whose attribute has this value.
    pub(crate) fn with_identity(&self, provider: &str, attribute: &str, value: &str) -> Option<&User> {
        let key = [provider, attribute, value].map(str::to_owned);
        self.at(self.by_identity.get(&key)?)
    }

    /// The user who signs in with this value of an attribute.
    pub(crate) fn owner(&self, attribute: &str, value: &str) -> Option<&User> {
        let key = (attribute.to_owned(), self.rules.fold(value));
        self.at(self.by_alias.get(&key)?)
    }

    /// Whether another user than `username` signs in with this value of an attribute.
    pub(crate) fn is_taken(&self, attribute: &str, value: &str, username: &str) -> bool {
        self.owner(attribute, value)
            .is_some_and(|owner| owner.username != username)
    }

    /// Stores a user. If the user takes over an alias, its earlier owner loses it: an address becomes unverified there, and a
    /// `preferred_username` is removed.
    pub(crate) fn put(&mut self, user: User) {
        let key = self.rules.fold(&user.username);
        let earlier = self.by_key.remove(&key);
        if earlier.as_deref() != Some(&user) {
            self.touched.push(key.clone());
        }
        if let Some(earlier) = earlier {
            self.unlink(&key, &earlier);
        }
        for alias in self.rules.aliases_of(&user) {
            let attribute = alias.0.clone();
            if let Some(earlier) = self.by_alias.insert(alias, key.clone())
                && let Some((key, earlier)) = self.by_key.get_mut(&earlier).map(|user| (earlier, user))
            {
                self.touched.push(key);
                match attribute.as_str() {
                    "preferred_username" => drop(earlier.attributes.remove("preferred_username")),
                    _ => earlier.set_verified(&attribute, false),
                }
            }
        }
        for identity in identities_of(&user) {
            self.by_identity.insert(identity, key.clone());
        }
        self.index.add(&key, &user);
        self.by_sub.insert(user.sub.clone(), key.clone());
        self.by_key.insert(key, Box::new(user));
    }

    pub(crate) fn remove(&mut self, username: &str) -> Option<User> {
        let key = self.rules.fold(username);
        let user = self.by_key.remove(&key)?;
        self.unlink(&key, &user);
        self.touched.push(key);
        Some(*user)
    }

    /// Changes a user in place.
    pub(crate) fn update<T>(&mut self, username: &str, change: impl FnOnce(&mut User) -> T) -> Option<T> {
        let mut user = self.get(username)?.clone();
        let result = change(&mut user);
        self.put(user);
        Some(result)
    }

    /// All users after this key, in a stable order.
    pub(crate) fn after<'a>(&'a self, key: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a User)> {
        let from = key.map_or(Bound::Unbounded, Bound::Excluded);
        let range = self.by_key.range::<str, _>((from, Bound::Unbounded));
        range.map(|(key, user)| (key.as_str(), &**user))
    }

    /// The users after this key who may have a value of an attribute, in the order of [`after`](Self::after).
    ///
    /// `attribute` may also be `username`. All users who have the value are among them. Only an indexed attribute is looked
    /// up; otherwise the caller has to look at all users.
    pub(crate) fn candidates<'a>(
        &'a self,
        attribute: &str,
        value: &str,
        after: Option<&'a str>,
    ) -> Box<dyn Iterator<Item = (&'a str, &'a User)> + 'a> {
        let single = |key: Option<&String>| {
            let found = key.and_then(|key| self.by_key.get_key_value(key));
            let found = found.filter(|(key, _)| after.is_none_or(|after| key.as_str() > after));
            Box::new(found.map(|(key, user)| (key.as_str(), &**user)).into_iter())
        };
        match (attribute, index::attribute(attribute)) {
            ("username", _) => single(Some(&self.rules.fold(value))),
            ("sub", _) => single(self.by_sub.get(value)),
            (_, Some(attribute)) => Box::new(self.indexed(attribute, value, after)),
            (_, None) => Box::new(self.after(after)),
        }
    }

    /// The users of a group after this key, in the order of [`after`](Self::after).
    pub(crate) fn in_group<'a>(
        &'a self,
        group: &str,
        after: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a str, &'a User)> + use<'a> {
        self.indexed(index::GROUP, group, after)
    }

    fn indexed<'a>(
        &'a self,
        name: &'static str,
        value: &str,
        after: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a str, &'a User)> + use<'a> {
        let keys = self.index.keys(name, value, after);
        keys.filter_map(|key| Some((key, self.at(key)?)))
    }

    /// The user with this key.
    pub(super) fn at(&self, key: &str) -> Option<&User> {
        self.by_key.get(key).map(Box::as_ref)
    }

    fn unlink(&mut self, key: &str, user: &User) {
        self.index.remove(key, user);
        self.by_sub.remove(&user.sub);
        for identity in identities_of(user) {
            self.by_identity.remove(&identity);
        }
        for alias in self.rules.aliases_of(user) {
            if self.by_alias.get(&alias).is_some_and(|owner| owner == key) {
                self.by_alias.remove(&alias);
            }
        }
    }
}

/// The keys of a user's accounts at identity providers.
fn identities_of(user: &User) -> impl Iterator<Item = [String; 3]> {
    let identities = user.identities.iter();
    identities.map(|identity| [&identity.provider, &identity.attribute, &identity.user_id].map(Clone::clone))
}

impl Rules {
    fn fold(&self, name: &str) -> String {
        if self.case_sensitive {
            name.to_owned()
        } else {
            name.to_lowercase()
        }
    }

    /// What the user can sign in with besides the user name.
    ///
    /// An alias works once it is verified; an attribute that is used as the user name always works.
    fn aliases_of(&self, user: &User) -> Vec<(String, String)> {
        if user.is_external() {
            return Vec::new();
        }
        let usernames = self.usernames.iter();
        let aliases = self.aliases.iter().filter(|attribute| match attribute.as_str() {
            "preferred_username" => true,
            attribute => user.has_verified(attribute),
        });
        usernames
            .chain(aliases)
            .filter_map(|name| Some((name.clone(), self.fold(user.attributes.get(name)?))))
            .collect()
    }
}
