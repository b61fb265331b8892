//! Tokens for an app client itself: the grant `client_credentials`, and GetClientToken.

use cognito_triggers_model::Route;
use serde_json::{Map, Value, json};

use crate::call::{Call, ClientAndPool};
use crate::error::ApiError;
use crate::state::AppClient;
use crate::tokens::access::no_keys;
use crate::tokens::{Overrides, Validity, machine_claims};
use crate::triggers::{self, Event, Hook};

/// The user name in the event, since there is no user.
const USER_NAME: &str = "ClientCredentials";

/// The scopes of resource servers that a client has, which are all that it can get for itself.
pub(crate) fn scopes(client: &AppClient) -> Vec<&str> {
    let scopes = client.strings("AllowedOAuthScopes");
    scopes.filter(|scope| scope.contains('/')).collect()
}

/// The access token of an app client, with its lifetime and its type.
///
/// Fires `TokenGeneration_ClientCredentials` if the pool has a token trigger of version 3. `metadata` is its `clientMetadata`, and
/// `inferred` is true if it isn't documented that Cognito sends this source here.
///
/// # Errors
/// Those of a failing trigger, and `InternalErrorException` if the system has no source of randomness.
pub(crate) async fn token(
    call: &Call,
    found: &ClientAndPool,
    scopes: &[&str],
    metadata: Option<&Value>,
    inferred: bool,
) -> Result<Map<String, Value>, ApiError> {
    let settings = &found.settings;
    let mut overrides = Overrides::default();
    let hook = Hook::find(settings, Route::PreTokenGenerationV3);
    if hook.is_some_and(|hook| hook.route == Route::PreTokenGenerationV3) {
        let mut event = Event::new(
            Route::PreTokenGenerationV3,
            "ClientCredentials",
            USER_NAME,
            &*found.client,
        )
        .with("userAttributes", Map::new())
        .with("groupConfiguration", Value::Null)
        .with("scopes", json!(scopes))
        .with_client_metadata(metadata);
        if inferred {
            event = event.inferred();
        }
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
    let keys = call.service.keys().await.ok_or_else(no_keys)?;
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
