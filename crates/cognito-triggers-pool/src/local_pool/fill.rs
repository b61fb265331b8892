//! Fills a service with the pools, app clients and users that a builder was given.
//!
//! Without a directory that is all. With one, what is stored comes first, and the rule is: **each item is applied once, and
//! again when it changes.** So a pool whose template is edited gets the new settings and keeps its users, what calls have
//! changed or deleted since isn't undone by the next start, and ids stay.
//!
//! | the item is | applied before | what happens |
//! |---|---|---|
//! | new | no | it is added. If something with its name is stored, that gets the settings; a user stays as stored |
//! | the same | yes | nothing, even if it was changed or deleted by a call |
//! | different | yes | as for a new one, and the start says so |
//! | gone from the builder | yes | nothing: what is stored stays |
//!
//! An item is recognized by its id or name. The state has a hash of each one that was applied.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::service::Service;
use crate::source::{self, Present, ResourceKind};
use crate::state::State;

/// The id of the default pool, which exists if no other is added. Clients read the region from the id.
const LOCAL_POOL: &str = "us-east-1_localpool";

/// The id of the app client of the default pool.
const LOCAL_CLIENT: &str = "localclient";

/// What a builder was given.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    /// Settings of the default pool.
    pub(super) pool: Map<String, Value>,
    /// Settings of the app client of the default pool.
    pub(super) client: Map<String, Value>,
    /// Pools to add, each as passed to `user_pool`.
    pub(super) pools: Vec<Value>,
    /// App clients to add, each with the id of its pool.
    pub(super) clients: Vec<(String, Value)>,
    /// Domains, groups, identity providers and resource servers to add, each with the id of its pool.
    pub(super) resources: Vec<(String, ResourceKind, Value)>,
    /// Users to add, each with the id of their pool.
    pub(super) users: Vec<(String, Value)>,
}

impl Contents {
    /// Adds pools first, then what they have, then users. Returns what changed of what was stored, a sentence for each.
    ///
    /// # Errors
    /// What Cognito would refuse, and a change that a pool with users can't take.
    pub(super) async fn add_to(mut self, service: &Arc<Service>) -> Result<Vec<String>, ApiError> {
        let stored = service.read(|state| state.pools.keys().cloned().collect::<BTreeSet<_>>());
        // The default pool isn't added to others that are stored.
        if self.pools.is_empty() && (stored.is_empty() || stored.contains(LOCAL_POOL)) {
            let pool = with_defaults(self.pool, json!({ "Id": LOCAL_POOL, "PoolName": "localpool" }));
            self.pools.push(pool);
            let client = json!({
                "ClientId": LOCAL_CLIENT,
                "ClientName": LOCAL_CLIENT,
                "ExplicitAuthFlows": [
                    "ALLOW_USER_PASSWORD_AUTH",
                    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
                    "ALLOW_USER_SRP_AUTH",
                    "ALLOW_CUSTOM_AUTH",
                    "ALLOW_USER_AUTH",
                    "ALLOW_REFRESH_TOKEN_AUTH",
                ],
            });
            let client = with_defaults(self.client, client);
            self.clients.insert(0, (LOCAL_POOL.to_owned(), client));
        }
        let mut items = Items {
            service,
            seen: BTreeSet::new(),
            changed: Vec::new(),
        };
        for pool in self.pools {
            if let Some(due) = items.due("pool", "", name(&pool, &["Id", "PoolName", "Name"]), &pool) {
                let id = source::add_pool(service, pool, due.present)?;
                items.applied(due, &id);
            }
        }
        for (pool, kind, resource) in self.resources {
            if let Some(due) = items.due(kind.wrapper(), &pool, name(&resource, &[kind.name()]), &resource) {
                let id = source::add_resource(service, &pool, kind, resource, due.present).await?;
                items.applied(due, &id);
            }
        }
        for (pool, client) in self.clients {
            if let Some(due) = items.due(
                "app client",
                &pool,
                name(&client, &["ClientId", "ClientName"]),
                &client,
            ) {
                let id = source::add_client(service, &pool, client, due.present)?;
                items.applied(due, &id);
            }
        }
        for (pool, user) in self.users {
            if let Some(due) = items.due("user", &pool, name(&user, &["Username"]), &user) {
                let id = source::add_user(service, &pool, user, due.present)?;
                items.applied(due, &id);
            }
        }
        Ok(items.changed)
    }
}

/// Applies items, and remembers those that were.
struct Items<'a> {
    service: &'a Arc<Service>,
    /// The items of this start: a second one with the same name is an error.
    seen: BTreeSet<String>,
    /// What was stored and got a change.
    changed: Vec<String>,
}

/// An item that is to be applied.
struct Due {
    /// Whether an earlier one with its name may be there.
    present: Present,
    kind: &'static str,
    /// What the state remembers of it: its name and its hash. `None` for an item without a name, which can't be recognized.
    source: Option<(String, String)>,
    /// Whether it was applied before, when it was different.
    has_changed: bool,
}

impl Items<'_> {
    /// What has to be done with an item. `None` if the same was applied before.
    fn due(&mut self, kind: &'static str, pool: &str, name: Option<String>, item: &Value) -> Option<Due> {
        let Some(name) = name else {
            // Without a directory that doesn't matter, and adding it says what is missing.
            return Some(Due {
                present: Present::Refused,
                kind,
                source: None,
                has_changed: false,
            });
        };
        let key = json!([kind, pool, name]).to_string();
        let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, item.to_string().as_bytes()));
        let is_first = self.seen.insert(key.clone());
        let applied = self.service.read(|state| state.sources.get(&key).cloned());
        if is_first && applied.as_ref() == Some(&hash) {
            return None;
        }
        Some(Due {
            present: if is_first {
                Present::Changed
            } else {
                Present::Refused
            },
            kind,
            source: Some((key, hash)),
            has_changed: applied.is_some(),
        })
    }

    /// Remembers an item that was applied.
    fn applied(&mut self, due: Due, id: &str) {
        if due.has_changed {
            let kind = due.kind;
            self.changed.push(format!(
                "{kind} {id} has changed since the last start; the change is applied"
            ));
        }
        if let Some((key, hash)) = due.source {
            self.service.write(|state| state.sources.insert(key, hash));
        }
    }
}

/// The first of these members that is a string. It may be inside of another one, as the AWS CLI prints it.
fn name(item: &Value, members: &[&str]) -> Option<String> {
    let wrapped = [
        "UserPool",
        "UserPoolClient",
        "User",
        "DomainDescription",
        "Group",
        "IdentityProvider",
        "ResourceServer",
    ];
    let inner = wrapped.iter().find_map(|wrapper| item.get(wrapper));
    let item = inner.filter(|inner| inner.is_object()).unwrap_or(item);
    let found = members.iter().find_map(|member| item.get(member)?.as_str());
    found.map(str::to_owned)
}

/// `data in ./users: 1 user pool, 2 app clients, 3 users`
pub(super) fn summary(directory: &Path, state: &State) -> String {
    if state.pools.is_empty() {
        return format!("data in {}: nothing is stored yet", directory.display());
    }
    let count = |number: usize, what: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {what}{plural}")
    };
    let pools = state.pools.values();
    let (clients, users) = pools.fold((0, 0), |(clients, users), pool| {
        (clients + pool.clients.len(), users + pool.users.len())
    });
    format!(
        "data in {}: {}, {}, {}",
        directory.display(),
        count(state.pools.len(), "user pool"),
        count(clients, "app client"),
        count(users, "user")
    )
}

/// Adds each default whose member is missing.
fn with_defaults(mut members: Map<String, Value>, defaults: Value) -> Value {
    if let Value::Object(defaults) = defaults {
        for (name, value) in defaults {
            members.entry(name).or_insert(value);
        }
    }
    Value::Object(members)
}
