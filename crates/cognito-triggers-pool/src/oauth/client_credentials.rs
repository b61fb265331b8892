//! The grant `client_credentials`: an access token for the app client itself.

use serde_json::Value;

use super::{OAuthError, requested_scopes, token_response};
use crate::auth::machine;
use crate::call::{Call, ClientAndPool};
use crate::form::Form;
use crate::state::AppClient;

/// Answers with an access token whose scopes are those of the request, or all scopes of the client.
///
/// Fires `TokenGeneration_ClientCredentials` if the pool has a token trigger of version 3 (CC-01, CC-02), with
/// `aws_client_metadata` of the form as `clientMetadata`.
///
/// # Errors
/// - `unauthorized_client`: the client doesn't allow the grant, or has no secret.
/// - `invalid_scope`: the client doesn't have a scope, or it isn't one of a resource server.
/// - `invalid_request`: `aws_client_metadata` isn't a JSON object of strings, or the trigger failed.
pub(super) async fn answer(call: &Call, found: &ClientAndPool, form: &Form) -> Result<Value, OAuthError> {
    let scopes = scopes(&found.client, form.get("scope"))?;
    let metadata = match form.get("aws_client_metadata") {
        None => None,
        Some(text) => {
            Some(metadata(text).ok_or_else(|| OAuthError::missing("A JSON object in aws_client_metadata"))?)
        }
    };
    let result = machine::token(call, found, &scopes, metadata.as_ref(), false).await;
    result
        .map(token_response)
        .map_err(|error| OAuthError::of_grant(&error, &call.service.ids))
}

/// The scopes of the token: those of the parameter `scope`, or all of the client.
///
/// # Errors
/// `unauthorized_client` and `invalid_scope`, as for [`answer`].
pub(crate) fn scopes<'a>(
    client: &'a AppClient,
    requested: Option<&'a str>,
) -> Result<Vec<&'a str>, OAuthError> {
    if !client.allows_grant("client_credentials") || client.secret.is_none() {
        return Err(OAuthError::new("unauthorized_client"));
    }
    let allowed = machine::scopes(client);
    match requested {
        None => Ok(allowed),
        Some(scopes) => requested_scopes(scopes, &allowed).ok_or_else(|| OAuthError::new("invalid_scope")),
    }
}

/// A JSON object whose values are strings.
fn metadata(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.as_object()?.values().all(Value::is_string).then_some(value)
}
