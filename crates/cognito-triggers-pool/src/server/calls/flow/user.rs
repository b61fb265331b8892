//! The user and the pool of a flow.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::played::{Played, has_secret, pairs};
use crate::calls::CallRecord;
use crate::redact::is_token;
use crate::server::events::Secrets;
use crate::service::Service;
use crate::state::{Settings, User};

/// Settings of a pool that a flow takes over, because they change what a person sees.
const POOL: [&str; 6] = [
    "AliasAttributes",
    "UsernameAttributes",
    "AutoVerifiedAttributes",
    "Policies",
    "UserAttributeUpdateSettings",
    "UsernameConfiguration",
];

/// The user of a flow.
pub(super) struct FlowUser {
    /// What the person typed as the name.
    name: String,
    /// Whether the user is there before the first call.
    exists: bool,
    /// The attributes at the beginning.
    attributes: Map<String, Value>,
    /// The names of attributes that are left out, because their values are secrets and no call says so.
    pub(super) secrets: Vec<String>,
}

/// The user of the flow. `earlier` are the calls before those of the flow.
///
/// A stored attribute may be a token, such as one that an identity provider's mapping has copied. It stays out, as in calls, unless
/// secrets were asked for.
pub(super) fn user(
    service: &Service,
    last: &CallRecord,
    earlier: &[Played],
    calls: &[Played],
    secrets: Secrets,
) -> FlowUser {
    let first = calls.first();
    let request = first.and_then(|played| played.call.request()).unwrap_or_default();
    let typed = [
        "/Username",
        "/AuthParameters/USERNAME",
        "/ChallengeResponses/USERNAME",
    ];
    let typed = typed.iter().find_map(|place| request.pointer(place)?.as_str());
    let name = typed.or(last.user_name.as_deref()).unwrap_or_default();
    let present = match first.is_some_and(Played::begins) {
        true => None,
        false => present(service, last, earlier),
    };
    let exists = present.is_some();
    let mut attributes = present.unwrap_or_else(|| pairs(request.get("UserAttributes")));
    let mut left_out = Vec::new();
    attributes.retain(|name, value| {
        let is_token = || value.as_str().is_some_and(is_token);
        let is_kept = !has_secret(value) && (secrets == Secrets::Shown || !is_token());
        // The call of a sign-up says it of its own attributes.
        left_out.extend((!is_kept && exists).then(|| name.clone()));
        is_kept
    });
    FlowUser {
        name: name.to_owned(),
        exists,
        attributes,
        secrets: left_out,
    }
}

impl FlowUser {
    /// The member `user` of the flow, with the groups that its calls name.
    pub(super) fn into_json(self, groups: Vec<String>) -> Value {
        let mut members = Map::from_iter([("userName".to_owned(), json!(self.name))]);
        if self.exists {
            members.insert("exists".to_owned(), json!(true));
        }
        if !self.attributes.is_empty() {
            members.insert("attributes".to_owned(), Value::Object(self.attributes));
        }
        if !groups.is_empty() {
            members.insert("groups".to_owned(), json!(groups));
        }
        Value::Object(members)
    }
}

/// The attributes of a user who is there before the first call: as stored now, or as the sign-up among the earlier calls has them.
/// `None` if there is no such user.
///
/// The calls of a recording aren't made, so its users who signed up aren't stored.
fn present(service: &Service, last: &CallRecord, earlier: &[Played]) -> Option<Map<String, Value>> {
    if let Some((user, _)) = stored(service, last) {
        let stored = user.attributes.iter();
        return Some(stored.map(|(name, value)| (name.clone(), json!(value))).collect());
    }
    let sign_up = earlier.first().filter(|played| played.begins())?;
    let mut attributes = pairs(sign_up.call.request()?.get("UserAttributes"));
    let confirmed = earlier
        .iter()
        .any(|played| played.call.operation == "ConfirmSignUp" && played.call.exception.is_none());
    let answer = sign_up.call.answer().unwrap_or_default();
    let address = answer.pointer("/CodeDeliveryDetails/AttributeName");
    if let (true, Some(address)) = (confirmed, address.and_then(Value::as_str)) {
        attributes.insert(format!("{address}_verified"), json!("true"));
    }
    Some(attributes)
}

/// The user as stored now.
fn stored(service: &Service, call: &CallRecord) -> Option<(User, Arc<Settings>)> {
    service.read(|state| {
        let pool = state.pools.get(call.user_pool_id.as_deref()?)?;
        let user = pool.users.find_for_admin(call.user_name.as_deref()?)?;
        Some((user.clone(), Arc::clone(&pool.settings)))
    })
}

/// The settings of the pool that the flow's pool gets too.
///
/// A pool that verifies no address says so, because the pool of a flow verifies one by default.
pub(super) fn pool_settings(service: &Service, call: &CallRecord) -> Map<String, Value> {
    service.read(|state| {
        let pool = call.user_pool_id.as_deref().and_then(|id| state.pools.get(id));
        let Some(members) = pool.map(|pool| &pool.settings.members) else {
            return Map::new();
        };
        let chosen = POOL
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), members.get(*name)?.clone())));
        let none = [("AutoVerifiedAttributes".to_owned(), json!([]))];
        none.into_iter().chain(chosen).collect()
    })
}
