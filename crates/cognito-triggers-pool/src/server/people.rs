//! `GET /_dev/pools` and `GET /_dev/people`: who is in the pools, without anything that proves a password.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::body::{Answer, json_answer};
use crate::form::Form;
use crate::service::Service;
use crate::state::{Device, Settings, User, UserPool};

/// How many users one answer has.
const PAGE: usize = 100;

/// How many users one request looks at, so that a search in a large pool holds nobody up.
const LOOKED_AT: usize = 20_000;

/// The pools with their app clients and their groups.
pub(super) fn pools(service: &Service) -> Answer {
    let pools = service.read(|state| state.pools.values().map(pool).collect::<Vec<_>>());
    json_answer(StatusCode::OK, &json!({ "userPools": pools }))
}

/// A pool. `lambdaConfig` is as DescribeUserPool returns it. Secrets of app clients aren't included.
fn pool(pool: &UserPool) -> Value {
    let clients = pool.clients.values();
    let clients = clients.map(|client| json!({ "id": client.id, "name": client.string("ClientName") }));
    let groups = pool.groups.values().map(|group| {
        json!({ "name": group.name, "description": group.description, "precedence": group.precedence, "roleArn": group.role_arn })
    });
    let lambda_config = pool.settings.members.get("LambdaConfig");
    json!({
        "id": pool.settings.id,
        "name": pool.settings.name,
        "users": pool.users.len(),
        "clients": clients.collect::<Vec<_>>(),
        "groups": groups.collect::<Vec<_>>(),
        "lambdaConfig": lambda_config.cloned().unwrap_or_else(|| json!({})),
    })
}

/// The users of the pool `userPoolId`, in a stable order: a page that begins after `next` of the page before, of those in whose
/// name, `sub`, attributes or groups `search` occurs. `None` if there is no such pool.
pub(super) fn people(service: &Service, query: &Form) -> Option<Answer> {
    let search = query.get("search").unwrap_or_default().to_lowercase();
    let answer = service.read(|state| {
        let pool = state.pools.get(query.get("userPoolId")?)?;
        let (mut people, mut next) = (Vec::new(), None);
        for (count, (key, user)) in pool.users.after(query.get("after")).enumerate() {
            if people.len() == PAGE || count == LOOKED_AT {
                break;
            }
            next = Some(key);
            if fits(user, &search) {
                people.push(person(user, &pool.settings));
            }
        }
        let is_last = next.is_none_or(|next| pool.users.after(Some(next)).next().is_none());
        let next = next.filter(|_| !is_last);
        Some(json!({ "people": people, "next": next }))
    });
    Some(json_answer(StatusCode::OK, &answer?))
}

/// Whether a user is looked for. `search` is in lowercase; every user fits an empty one.
fn fits(user: &User, search: &str) -> bool {
    let names = [&user.username, &user.sub].into_iter();
    let mut texts = names.chain(user.attributes.values()).chain(&user.groups);
    search.is_empty() || texts.any(|text| text.to_lowercase().contains(search))
}

/// A user without verifiers, codes and secrets.
///
/// `passkeys` is as ListWebAuthnCredentials returns it. `unverified` has the new values of attributes that wait for a code. `hasPassword` is false for users who come from a provider, or
/// who sign in without one. Times are seconds since 1970.
fn person(user: &User, settings: &Settings) -> Value {
    let mut attributes: Map<String, Value> = Map::new();
    for attribute in user.attribute_list() {
        if let (Some(name), Some(value)) = (
            attribute.get("Name").and_then(Value::as_str),
            attribute.get("Value"),
        ) {
            attributes.insert(name.to_owned(), value.clone());
        }
    }
    json!({
        "userPoolId": settings.id,
        "userName": user.username,
        "status": user.status.as_str(),
        "enabled": user.enabled,
        "created": user.created.to_json(),
        "modified": user.modified.to_json(),
        "attributes": attributes,
        "unverified": user.pending,
        "groups": user.groups,
        "hasPassword": user.password.is_some(),
        "factors": user.mfa.enabled.iter().map(|factor| factor.as_str()).collect::<Vec<_>>(),
        "preferredFactor": user.mfa.preferred.map(|factor| factor.as_str()),
        "passkeys": user.passkeys.iter().map(|(id, passkey)| passkey.to_json(id)).collect::<Vec<_>>(),
        "devices": user.devices.values().map(device).collect::<Vec<_>>(),
    })
}

/// A confirmed device. Its verifier isn't included.
fn device(device: &Device) -> Value {
    json!({
        "key": device.keys.key,
        "name": device.name,
        "remembered": device.remembered,
        "lastAuthenticated": device.authenticated.to_json(),
    })
}
