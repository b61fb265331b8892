//! `/oauth2/userInfo`: the attributes of the user of an access token.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::OAuthError;
use crate::call::Call;
use crate::service::Service;
use crate::state::Granted;
use crate::tokens::access;
use crate::tokens::is_granted;

/// The attributes that the app client may read and the scopes of the token include. All values are strings. No trigger runs.
///
/// `authorization` is the header of this name, with the access token after `Bearer`.
///
/// # Errors
/// `invalid_request` without a token, and `invalid_token` for one that isn't valid, or doesn't have the scope `openid`.
pub(crate) async fn answer(service: &Arc<Service>, authorization: Option<&str>) -> Result<Value, OAuthError> {
    let token = authorization.and_then(|header| {
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let token =
        token.ok_or_else(|| OAuthError::because("invalid_request", "The access token is missing."))?;
    let call = Call::of_endpoint(service, "OAuth /oauth2/userInfo", json!({ "AccessToken": token }));
    let caller = access::caller(&call).await.map_err(|_| {
        let description =
            "Access token is expired, disabled, or deleted, or the user has globally signed out.";
        OAuthError::because("invalid_token", description)
    })?;
    if !caller.scopes.iter().any(|scope| scope == "openid") {
        let description = "Access token does not contain openid scope";
        return Err(OAuthError::because("invalid_token", description));
    }
    let granted = Granted {
        scopes: caller.scopes,
        nonce: None,
    };
    let user = &caller.user;
    let mut claims = Map::new();
    let attributes = user
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()));
    let identities = user.identities_attribute().map(|value| ("identities", value));
    for (name, value) in attributes.chain(identities) {
        if caller.client.may_read(name) && is_granted(Some(&granted), name) {
            claims.insert(name.to_owned(), json!(value));
        }
    }
    claims.insert("sub".to_owned(), json!(user.sub));
    claims.insert("username".to_owned(), json!(user.username));
    Ok(Value::Object(claims))
}
