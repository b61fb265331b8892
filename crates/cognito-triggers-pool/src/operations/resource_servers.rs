//! Resource servers, and the scopes that app clients can request.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs. All of them fail with
//! `ResourceNotFoundException` for an unknown pool.

use serde_json::{Value, json};

use super::page::{self, Page};
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{ResourceServer, UserPool};
use crate::tokens::ADMIN_SCOPE;

/// How many resource servers a pool can have, as AWS's page of quotas says.
const MOST: usize = 25;

/// The scopes that every pool has.
const STANDARD_SCOPES: [&str; 5] = ["openid", "email", "phone", "profile", ADMIN_SCOPE];

/// Creates a resource server with up to 100 scopes.
///
/// # Errors
/// `InvalidParameterException`: the pool has a resource server with the identifier. `LimitExceededException`: the pool has
/// 25 resource servers.
pub(crate) async fn create_resource_server(call: Call) -> Result<Value, ApiError> {
    let server = sent(&call);
    call.service.write(|state| {
        let pool = state.pool_mut(call.input.string("UserPoolId"))?;
        let id = &pool.settings.id;
        if pool.resource_servers.contains_key(&server.identifier) {
            // The message is ours.
            let message = format!("{} already exists in user pool {id}.", server.identifier);
            return Err(ApiError::invalid_parameter(message));
        }
        if pool.resource_servers.len() >= MOST {
            let message = format!("A user pool can have {MOST} resource servers.");
            return Err(ApiError::new("LimitExceededException", message));
        }
        let answer = json!({ "ResourceServer": server.to_json(id) });
        pool.resource_servers.insert(server.identifier.clone(), server);
        Ok(answer)
    })
}

/// Returns one resource server.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such resource server.
pub(super) async fn describe_resource_server(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let server = pool.resource_servers.get(call.input.string("Identifier"));
        let server = server.ok_or_else(not_found)?;
        Ok(json!({ "ResourceServer": server.to_json(&pool.settings.id) }))
    })
}

/// Replaces the name and the scopes of a resource server. Without `Scopes`, it has none afterwards.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such resource server.
pub(super) async fn update_resource_server(call: Call) -> Result<Value, ApiError> {
    let sent = sent(&call);
    call.service.write(|state| {
        let pool = state.pool_mut(call.input.string("UserPoolId"))?;
        let server = pool
            .resource_servers
            .get_mut(&sent.identifier)
            .ok_or_else(not_found)?;
        *server = sent;
        Ok(json!({ "ResourceServer": server.to_json(&pool.settings.id) }))
    })
}

/// Deletes a resource server. App clients keep its scopes. The answer is empty.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such resource server.
pub(super) async fn delete_resource_server(call: Call) -> Result<Value, ApiError> {
    call.service.write(|state| {
        let pool = state.pool_mut(call.input.string("UserPoolId"))?;
        let removed = pool.resource_servers.remove(call.input.string("Identifier"));
        removed.map(|_| json!({})).ok_or_else(not_found)
    })
}

/// Lists the resource servers of a pool by identifier, at most 50 per page.
///
/// # Errors
/// `InvalidParameterException`: `NextToken` comes from a different call.
pub(super) async fn list_resource_servers(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let page = Page::read(&call.input, "MaxResults", "NextToken", 50)?;
        let servers = pool.resource_servers.iter();
        let servers = servers.map(|(key, server)| (key.as_str(), server.to_json(&pool.settings.id)));
        Ok(page.answer("ResourceServers", page::behind(servers, page.after())))
    })
}

/// Refuses an app client that names a scope which the pool doesn't have.
///
/// # Errors
/// `ScopeDoesNotExistException` with the first such scope.
pub(super) fn check_scopes(pool: &UserPool, scopes: &[&str]) -> Result<(), ApiError> {
    let custom: Vec<_> = pool
        .resource_servers
        .values()
        .flat_map(ResourceServer::scopes)
        .collect();
    let is_known =
        |scope: &str| STANDARD_SCOPES.contains(&scope) || custom.iter().any(|known| known == scope);
    match scopes.iter().find(|scope| !is_known(scope)) {
        None => Ok(()),
        Some(unknown) => {
            let message = format!("Invalid scope requested: {unknown}");
            Err(ApiError::new("ScopeDoesNotExistException", message))
        }
    }
}

/// The resource server of the input.
fn sent(call: &Call) -> ResourceServer {
    ResourceServer {
        identifier: call.input.string("Identifier").to_owned(),
        name: call.input.string("Name").to_owned(),
        scopes: call.input.array("Scopes").to_vec(),
    }
}

/// The error for an unknown resource server. The message is ours.
fn not_found() -> ApiError {
    ApiError::resource_not_found("Resource server not found.")
}
