//! The grant `client_credentials`: an access token for the app client itself.

use cognito_triggers_model::Route;
use serde_json::{Map, Value, json};

use super::{OAuthError, requested_scopes, token_response};
use crate::call::{Call, ClientAndPool};
use crate::error::ApiError;
use crate::form::Form;
use crate::keys;
use crate::tokens::access::no_keys;
use crate::tokens::{Overrides, Validity, machine_claims};
use crate::triggers::{self, Event, Hook};

/// The user name in the event, since there is no user.
const USER_NAME: &str = "ClientCredentials";

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
    if !found.client.allows_grant("client_credentials") || found.client.secret.is_none() {
        return Err(OAuthError::new("unauthorized_client"));
    }
    let allowed: Vec<_> = found
        .client
        .strings("AllowedOAuthScopes")
        .filter(|scope| scope.contains('/'))
        .collect();
    let scopes = match form.get("scope") {
        None => allowed,
        Some(scopes) => requested_scopes(scopes, &allowed).ok_or_else(|| OAuthError::new("invalid_scope"))?,
    };
    let metadata = match form.get("aws_client_metadata") {
        None => None,
        Some(text) => {
            Some(metadata(text).ok_or_else(|| OAuthError::missing("A JSON object in aws_client_metadata"))?)
        }
    };
    let result = token(call, found, &scopes, metadata.as_ref()).await;
    result
        .map(token_response)
        .map_err(|error| OAuthError::of_grant(&error, &call.service.ids))
}

/// The access token of an app client, with its lifetime and its type.
///
/// # Errors
/// Those of a failing trigger, and `InternalErrorException` if the system has no source of randomness.
async fn token(
    call: &Call,
    found: &ClientAndPool,
    scopes: &[&str],
    metadata: Option<&Value>,
) -> Result<Map<String, Value>, ApiError> {
    let settings = &found.settings;
    let mut overrides = Overrides::default();
    let hook = Hook::find(settings, Route::PreTokenGenerationV3);
    if hook.is_some_and(|hook| hook.route == Route::PreTokenGenerationV3) {
        let event = Event::new(
            Route::PreTokenGenerationV3,
            "ClientCredentials",
            USER_NAME,
            &*found.client,
        )
        .with("userAttributes", Map::new())
        .with("groupConfiguration", Value::Null)
        .with("scopes", json!(scopes))
        .with_client_metadata(metadata);
        if let Some(response) = triggers::fire(call, settings, event).await? {
            overrides = Overrides::parse("3", &response)?;
        }
    }
    let issuer = call.service.issuer(settings);
    let claims = machine_claims(
        &found.client,
        &issuer,
        scopes,
        call.now(settings),
        &call.service.ids.uuid(),
        &overrides,
    );
    let keys = keys::shared().await.ok_or_else(no_keys)?;
    let token = keys.access.sign(&claims).ok_or_else(no_keys)?;
    let members = [
        ("AccessToken", json!(token)),
        ("ExpiresIn", json!(Validity::of(&found.client).access.as_secs())),
        ("TokenType", json!("Bearer")),
    ];
    Ok(members
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect())
}

/// A JSON object whose values are strings.
fn metadata(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.as_object()?.values().all(Value::is_string).then_some(value)
}
