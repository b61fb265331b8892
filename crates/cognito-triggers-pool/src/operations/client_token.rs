//! GetClientToken: an access token for an app client itself, without a domain.

use serde_json::{Value, json};

use crate::auth::machine;
use crate::call::{Call, ClientAndPool};
use crate::error::ApiError;

/// The flow that a client needs for this operation alone.
pub(super) const FLOW: &str = "ALLOW_CLIENT_TOKEN_AUTH";

/// Returns an access token with the requested scopes, or with all scopes of resource servers that the client has.
///
/// Fires the token trigger if its version is 3, with `ClientMetadata`. The source, `TokenGeneration_ClientCredentials`, is
/// inferred (CC-04).
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such app client.
/// - `NotAuthorizedException`: the secret is wrong (CC-05).
/// - `InvalidParameterException`: the client doesn't allow the flow or doesn't have a scope, or the trigger failed. The service
///   model declares no exception for a failing trigger; that it is this one is inferred.
pub(super) async fn get_client_token(call: Call) -> Result<Value, ApiError> {
    let found: ClientAndPool = call.client()?;
    let given = call.input.string("Secret");
    if found.client.secret_is(given) != Some(true) {
        return Err(ApiError::not_authorized("Invalid client or secret"));
    }
    if !found.client.allows(&[FLOW]) {
        // The class and the message are inferred.
        return Err(ApiError::invalid_parameter(
            "Auth flow not enabled for this client",
        ));
    }
    let allowed = machine::scopes(&found.client);
    let mut scopes = call.input.strings("Scopes");
    if let Some(unknown) = scopes.iter().find(|scope| !allowed.contains(scope)) {
        // The class and the message are inferred.
        return Err(ApiError::invalid_parameter(format!(
            "Invalid scope requested: {unknown}"
        )));
    }
    if scopes.is_empty() {
        scopes = allowed;
    }
    let metadata = call.input.client_metadata();
    let result = machine::token(&call, &found, &scopes, metadata, true).await;
    let result = result.map_err(|error| ApiError::invalid_parameter(error.message()))?;
    Ok(json!({ "ClientAuthenticationResult": result }))
}
