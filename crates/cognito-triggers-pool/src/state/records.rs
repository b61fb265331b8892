//! The state as records: what changed, everything, and reading it again.
//!
//! | kind | name | value |
//! |---|---|---|
//! | `settings`, `domains` | | the settings and the domains of a pool |
//! | `clients`, `groups`, `providers`, `resourceServers` | id or name | one of them |
//! | `users` | user name, case-folded if the pool ignores case | a user |
//! | `signIns` | id | a sign-in, with the hashes of its refresh tokens |
//!
//! To store something new: a field of an entity needs `#[serde(default)]`, so that older files open; a collection of a pool is a
//! [`Tracked`], a name in [`KINDS`], a line in `take_changes`, `forget_changes`, `all` and `load`, and a row of the truth tables
//! that fills it. The compiler names `take_changes`; the tables fail without the others.
//!
//! Three kinds belong to no pool: `keys` that sign tokens, `sources` that were applied, and `seeds` of generated ids. What
//! lives for minutes isn't stored: sessions, authorization codes, sign-ins in a browser or at a provider, registrations of passkeys
//! that have begun, and browsers that are signed in.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::saved::Saved;
use super::settings::Settings;
use super::tracked::Tracked;
use super::{AppClient, SignIn, State, User, UserPool};
use crate::keys::KeyPair;
use crate::store::{Key, Record, value};

/// The kinds of entities of a pool, in the order in which they are read.
pub(crate) const KINDS: [&str; 8] = [
    "settings",
    "domains",
    "clients",
    "groups",
    "providers",
    "resourceServers",
    "users",
    "signIns",
];

/// The kinds that have one entity, without a name.
pub(crate) const SINGLE: [&str; 2] = ["settings", "domains"];

impl State {
    /// The changes since this was asked before, in an order in which they can be applied.
    ///
    /// An entity that was touched and is as before is a change too, but not an empty one: storing it again is harmless. What
    /// was touched and removed again within one change of the state is removed.
    pub(crate) fn take_changes(&mut self) -> Vec<Record> {
        let mut changes = Vec::new();
        if !self.saved {
            self.forget_changes();
            changes.push(Record::Clear);
            changes.extend(self.all());
            return changes;
        }
        for id in self.pools.take_touched() {
            match self.pools.unmarked().get_mut(&id) {
                Some(pool) => pool.take_changes(&id, &mut changes),
                None => changes.push(Record::Drop(id)),
            }
        }
        take_entries(&mut self.sources, "", "sources", &mut changes);
        take_entries(&mut self.seeds, "", "seeds", &mut changes);
        if !same(self.keys.as_ref(), self.saved_keys.as_ref()) {
            self.saved_keys.clone_from(&self.keys);
            changes.extend(self.keys_record());
        }
        changes
    }

    /// Considers everything as stored, as after reading it. Without a store it keeps the lists of changes short.
    pub(crate) fn forget_changes(&mut self) {
        let touched = self.pools.take_touched();
        let pools = self.pools.unmarked();
        if self.saved {
            for id in touched {
                pools.get_mut(&id).into_iter().for_each(UserPool::forget_changes);
            }
        } else {
            pools.values_mut().for_each(UserPool::forget_changes);
        }
        self.sources.take_touched();
        self.seeds.take_touched();
        self.saved_keys.clone_from(&self.keys);
        self.saved = true;
    }

    /// Considers nothing as stored: the next changes are everything, in place of what is stored.
    pub(crate) fn mark_unsaved(&mut self) {
        self.saved = false;
    }

    /// Everything, in a stable order.
    pub(crate) fn all(&self) -> impl Iterator<Item = Record> {
        let shared = all_entries(&self.sources, "", "sources")
            .chain(all_entries(&self.seeds, "", "seeds"))
            .chain(self.keys_record());
        shared.chain(self.pools.iter().flat_map(|(id, pool)| pool.all(id)))
    }

    fn keys_record(&self) -> Option<Record> {
        let keys = self.keys.as_ref()?;
        Some(Record::put(Key::new("", "keys", ""), &keys.to_json()))
    }

    /// Reads records in any order. Everything counts as stored then.
    ///
    /// What is read has to fit: an entity is the one that its key names, no pool is there twice, and no two users of a pool
    /// have one sub. The checksums of a file prove that it is what was written; this proves that it makes sense, which an
    /// edited export may not.
    ///
    /// # Errors
    /// The key of an entity that can't be read, and why.
    pub(crate) fn from_records<E>(
        records: impl IntoIterator<Item = Result<Record, E>>,
    ) -> Result<Result<Self, (Key, String)>, E> {
        let mut state = Self::default();
        // Pools come first, because their settings decide how users are found.
        let mut waiting = BTreeMap::<_, Vec<_>>::new();
        for record in records {
            let Record::Put(key, text) = record? else { continue };
            let settled =
                key.pool.is_empty() || key.kind == "settings" || state.pools.contains_key(&key.pool);
            if !settled {
                waiting.entry(key.pool.clone()).or_default().push((key, text));
                continue;
            }
            if let Err(error) = state.load(&key, &text) {
                return Ok(Err((key, error)));
            }
            for (key, text) in waiting.remove(&key.pool).unwrap_or_default() {
                if let Err(error) = state.load(&key, &text) {
                    return Ok(Err((key, error)));
                }
            }
        }
        if let Some((key, _)) = waiting.into_values().flatten().next() {
            return Ok(Err((key, "its user pool has no settings".to_owned())));
        }
        state.forget_changes();
        Ok(Ok(state))
    }

    /// Reads an entity.
    fn load(&mut self, key: &Key, text: &str) -> Result<(), String> {
        let Key { pool: id, kind, name } = key;
        if id.is_empty() {
            match kind.as_str() {
                "sources" => drop(self.sources.insert(name.clone(), value(text)?)),
                "seeds" => drop(self.seeds.insert(name.clone(), value(text)?)),
                "keys" => {
                    let keys = KeyPair::from_json(&value(text)?).ok_or("the keys can't be read")?;
                    self.keys = Some(Arc::new(keys));
                }
                _ => return Err("this kind is unknown".to_owned()),
            }
            return Ok(());
        }
        if kind == "settings" {
            let settings: Settings = value(text)?;
            named(&settings.id, id)?;
            if self.pools.insert(id.clone(), UserPool::new(settings)).is_some() {
                return Err("the user pool is there twice".to_owned());
            }
            return Ok(());
        }
        let pool = self.pools.get_mut(id).ok_or("there is no such user pool")?;
        pool.load(kind, name, text)
    }
}

impl UserPool {
    fn take_changes(&mut self, id: &str, changes: &mut Vec<Record>) {
        let Some(saved) = &self.saved else {
            changes.push(Record::Drop(id.to_owned()));
            changes.extend(self.all(id));
            self.forget_changes();
            return;
        };
        // Every field is named, so that nobody adds one without deciding whether it is stored.
        let Self {
            settings,
            clients,
            groups,
            users,
            providers,
            domains,
            resource_servers,
            sign_ins,
            saved: _,
            sessions: _,
            codes: _,
            federations: _,
            steps: _,
            passkey_registrations: _,
            browsers: _,
        } = self;
        if !Arc::ptr_eq(settings, &saved.settings) {
            changes.push(Record::put(Key::new(id, "settings", ""), settings));
        }
        if *domains != saved.domains {
            changes.push(Record::put(Key::new(id, "domains", ""), domains));
        }
        take_entries(clients, id, "clients", changes);
        take_entries(groups, id, "groups", changes);
        take_entries(providers, id, "providers", changes);
        take_entries(resource_servers, id, "resourceServers", changes);
        for key in users.take_touched() {
            changes.push(entry(id, "users", &key, users.at(&key)));
        }
        for key in sign_ins.take_touched() {
            changes.push(entry(id, "signIns", &key, sign_ins.get(&key)));
        }
        self.save_single();
    }

    fn forget_changes(&mut self) {
        self.clients.take_touched();
        self.groups.take_touched();
        self.providers.take_touched();
        self.resource_servers.take_touched();
        self.users.take_touched();
        self.sign_ins.take_touched();
        self.save_single();
    }

    fn save_single(&mut self) {
        let up_to_date = self.saved.as_ref().is_some_and(|saved| {
            Arc::ptr_eq(&saved.settings, &self.settings) && saved.domains == self.domains
        });
        if !up_to_date {
            self.saved = Some(Saved {
                settings: Arc::clone(&self.settings),
                domains: self.domains.clone(),
            });
        }
    }

    /// Everything that is stored of the pool, the settings first.
    fn all<'a>(&'a self, id: &'a str) -> impl Iterator<Item = Record> + 'a {
        let singles = [
            Record::put(Key::new(id, "settings", ""), &self.settings),
            Record::put(Key::new(id, "domains", ""), &self.domains),
        ];
        let users = self.users.after(None);
        let users = users.map(|(name, user)| Record::put(Key::new(id, "users", name), user));
        let sign_ins = self.sign_ins.all();
        let sign_ins = sign_ins.map(|sign_in| Record::put(Key::new(id, "signIns", &sign_in.id), sign_in));
        singles
            .into_iter()
            .chain(all_entries(&self.clients, id, "clients"))
            .chain(all_entries(&self.groups, id, "groups"))
            .chain(all_entries(&self.providers, id, "providers"))
            .chain(all_entries(&self.resource_servers, id, "resourceServers"))
            .chain(users)
            .chain(sign_ins)
    }

    /// Reads an entity of the pool.
    fn load(&mut self, kind: &str, name: &str, text: &str) -> Result<(), String> {
        match kind {
            "domains" => self.domains = value(text)?,
            "clients" => {
                let client: AppClient = value(text)?;
                named(&client.id, name)?;
                named(&client.pool_id, &self.settings.id)?;
                self.clients.insert(name.to_owned(), Arc::new(client));
            }
            "groups" => load_entry(&mut self.groups, name, text, |group| &group.name)?,
            "providers" => load_entry(&mut self.providers, name, text, |provider| &provider.name)?,
            "resourceServers" => load_entry(&mut self.resource_servers, name, text, |server| {
                &server.identifier
            })?,
            "users" => {
                let user: User = value(text)?;
                named(&self.users.key(&user.username), name)?;
                if let Some(other) = self.users.with_sub(&user.sub) {
                    return Err(format!("the user {} has the same sub", other.username));
                }
                self.users.put(user);
            }
            "signIns" => {
                let sign_in: SignIn = value(text)?;
                named(&sign_in.id, name)?;
                self.sign_ins.restore(sign_in);
            }
            _ => return Err("this kind is unknown".to_owned()),
        }
        Ok(())
    }
}

/// Checks that an entity is the one that its key says.
fn named(found: &str, expected: &str) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("it is that of {found}"))
}

fn load_entry<V: serde::de::DeserializeOwned>(
    entries: &mut Tracked<V>,
    name: &str,
    text: &str,
    own: impl FnOnce(&V) -> &String,
) -> Result<(), String> {
    let read: V = value(text)?;
    named(own(&read), name)?;
    entries.insert(name.to_owned(), read);
    Ok(())
}

fn take_entries<V: Serialize>(entries: &mut Tracked<V>, pool: &str, kind: &str, changes: &mut Vec<Record>) {
    for name in entries.take_touched() {
        changes.push(entry(pool, kind, &name, entries.get(&name)));
    }
}

/// The change to a value, or to none.
fn entry(pool: &str, kind: &str, name: &str, value: Option<&impl Serialize>) -> Record {
    let key = Key::new(pool, kind, name);
    match value {
        Some(value) => Record::put(key, value),
        None => Record::Remove(key),
    }
}

fn all_entries<'a, V: Serialize>(
    entries: &'a Tracked<V>,
    pool: &'a str,
    kind: &'static str,
) -> impl Iterator<Item = Record> + 'a {
    let entries = entries.iter();
    entries.map(move |(name, value)| Record::put(Key::new(pool, kind, name), value))
}

fn same<T>(one: Option<&Arc<T>>, other: Option<&Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}
