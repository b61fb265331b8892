//! App clients.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs. The rows of the truth
//! table are ST-09, ST-10 and ST-16.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::client_oauth;
use super::client_settings;
use super::page::{self, Page};
use crate::call::{Call, Input};
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::state::{AppClient, Settings};

/// Creates an app client, with a secret if the caller asks for one or gives one.
///
/// The id has 26 lowercase letters and digits, a generated secret has 51. The answer includes the secret.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool.
/// - `InvalidParameterException`: settings contradict each other, a validity is out of range, an attribute isn't in the
///   schema, or the pool lacks an identity provider.
/// - `ScopeDoesNotExistException`: the pool lacks a scope.
/// - `InvalidOAuthFlowException`: `client_credentials` is combined with another grant, or the client has no secret.
/// - `UnsupportedOperationException`: the secret would be published in Secrets Manager.
pub(super) async fn create_user_pool_client(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let secret = match call.input.get_string("ClientSecret") {
        Some(given) => Some(given.to_owned()),
        None => call
            .input
            .boolean("GenerateSecret")
            .then(|| call.service.ids.client_secret()),
    };
    let id = call.service.ids.client_id();
    let client = new_client(&call.input, &settings, id, secret, call.now(&settings))?;
    store(&call, &settings, client)
}

/// A new app client of a pool.
///
/// `secret` is `None` for a client without one. The date of the last change is the date of creation.
///
/// # Errors
/// As for CreateUserPoolClient, except those about the pool.
pub(crate) fn new_client(
    input: &Input,
    settings: &Settings,
    id: String,
    secret: Option<String>,
    now: Timestamp,
) -> Result<AppClient, ApiError> {
    let mut members = client_settings::complete(input.members(), settings)?;
    members.insert("ClientName".to_owned(), json!(input.string("ClientName")));
    let pool_id = settings.id.clone();
    Ok(AppClient {
        id,
        pool_id,
        secret,
        created: now,
        modified: now,
        members,
    })
}

/// Returns all settings of an app client, including its secret.
///
/// `ClientSecret` is missing for a client without one.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool, or no such app client in it (ST-10).
pub(super) async fn describe_user_pool_client(call: Call) -> Result<Value, ApiError> {
    let (_, client) = named(&call)?;
    Ok(json!({ "UserPoolClient": describe(&client) }))
}

/// Replaces the settings of an app client. A setting that is left out is reset to its default, except the name.
///
/// The id and the secret don't change, and issued tokens stay valid. The answer has all settings.
///
/// # Errors
/// As for CreateUserPoolClient, and `ResourceNotFoundException` for an unknown client. Nothing is stored.
pub(super) async fn update_user_pool_client(call: Call) -> Result<Value, ApiError> {
    let (settings, before) = named(&call)?;
    let mut members = client_settings::complete(call.input.members(), &settings)?;
    let name = call.input.get("ClientName").or(before.members.get("ClientName"));
    members.extend(name.map(|name| ("ClientName".to_owned(), name.clone())));
    let client = AppClient {
        members,
        modified: call.now(&settings),
        ..(*before).clone()
    };
    store(&call, &settings, client)
}

/// Stores an app client, and answers with its settings.
///
/// # Errors
/// Those of OAuth settings that the pool doesn't allow.
fn store(call: &Call, settings: &Settings, client: AppClient) -> Result<Value, ApiError> {
    let answer = json!({ "UserPoolClient": describe(&client) });
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        client_oauth::check(pool, &client)?;
        pool.clients.insert(client.id.clone(), Arc::new(client));
        Ok(answer)
    })
}

/// Removes an app client. Its tokens stop working.
///
/// The answer is empty.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool, or no such app client in it.
pub(super) async fn delete_user_pool_client(call: Call) -> Result<Value, ApiError> {
    let (settings, client) = named(&call)?;
    call.service.write(|state| {
        state.pool_mut(&settings.id)?.clients.remove(&client.id);
        Ok(json!({}))
    })
}

/// Lists the app clients of a pool by id, at most 60 per page, without their settings.
///
/// An item has the id, the pool's id and the name, but no secret.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool. `InvalidParameterException`: `NextToken` comes from
/// a different call.
pub(super) async fn list_user_pool_clients(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let page = Page::read(&call.input, "MaxResults", "NextToken", 60)?;
        // Dynamic registration isn't simulated, so all clients are regular.
        let wanted = call
            .input
            .get_string("ClientType")
            .is_none_or(|wanted| wanted == "REGULAR");
        let clients = pool.clients.values().filter(|_| wanted).map(|client| {
            let item = json!({
                "ClientId": client.id,
                "UserPoolId": client.pool_id,
                "ClientName": client.string("ClientName"),
            });
            (client.id.as_str(), item)
        });
        Ok(page.answer("UserPoolClients", page::behind(clients, page.after())))
    })
}

/// The client that `UserPoolId` and `ClientId` name.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool, or no such app client in it. The pool is looked up
/// first.
fn named(call: &Call) -> Result<(Arc<Settings>, Arc<AppClient>), ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let id = call.input.string("ClientId");
        let client = pool
            .clients
            .get(id)
            .ok_or_else(|| ApiError::client_not_found(id))?;
        Ok((pool.settings.clone(), client.clone()))
    })
}

/// `UserPoolClient` of an answer.
///
/// It has the settings that a caller set or that have a default, the ids, the dates, and the secret.
fn describe(client: &AppClient) -> Map<String, Value> {
    let mut json = client.members.clone();
    let computed = [
        ("UserPoolId", json!(client.pool_id)),
        ("ClientId", json!(client.id)),
        ("CreationDate", client.created.to_json()),
        ("LastModifiedDate", client.modified.to_json()),
    ];
    json.extend(computed.map(|(name, value)| (name.to_owned(), value)));
    json.extend(
        client
            .secret
            .as_ref()
            .map(|secret| ("ClientSecret".to_owned(), json!(secret))),
    );
    json
}
