//! Access tokens as the authorization of a call.

use std::sync::Arc;

use serde_json::Value;

use super::ADMIN_SCOPE;
use crate::call::Call;
use crate::error::ApiError;
use crate::jwt::{Claims, Token};
use crate::state::{AppClient, DeviceKeys, Settings, User};

/// The caller, according to the access token.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The settings of the user's pool.
    pub(crate) settings: Arc<Settings>,
    /// The app client that the token was issued to.
    pub(crate) client: Arc<AppClient>,
    /// The user, as stored when the call began.
    pub(crate) user: User,
    /// The scopes of the token.
    pub(crate) scopes: Vec<String>,
    /// The device of the sign-in to which the token belongs; `None` if the pool tracked no devices.
    pub(crate) device: Option<DeviceKeys>,
}

/// Checks the member `AccessToken` of a call to the API.
///
/// # Errors
/// Those of [`caller`], and `NotAuthorizedException` if the token lacks the scope `aws.cognito.signin.user.admin`.
pub(crate) async fn authorize(call: &Call) -> Result<Caller, ApiError> {
    let caller = caller(call).await?;
    if !caller.scopes.iter().any(|scope| scope == ADMIN_SCOPE) {
        return Err(lacks_scope());
    }
    Ok(caller)
}

/// Checks the member `AccessToken` of a call, but not its scopes.
///
/// The order is: form, signature, app client, issuer, expiry, user, revocation. An ID token is invalid, although this server
/// signed it (SO-07). An app client's own token belongs to no user, so it lacks every scope that is about one.
///
/// # Errors
/// `NotAuthorizedException` if this server didn't issue the token, or if it has expired or was revoked;
/// `UserNotFoundException` if the user was deleted.
pub(crate) async fn caller(call: &Call) -> Result<Caller, ApiError> {
    let invalid = || ApiError::not_authorized("Invalid Access Token");
    let token = Token::parse(call.input.string("AccessToken")).ok_or_else(invalid)?;
    let keys = call.service.keys().await.ok_or_else(no_keys)?;
    // An ID token is signed with the other key of this server.
    if keys.id.verify(&token).is_ok() {
        return Err(invalid());
    }
    let claims = keys
        .access
        .verify(&token)
        .map_err(|_| ApiError::not_authorized("Could not verify signature for Access Token"))?;
    call.service.read(|state| {
        let (pool, client) = state
            .client(string(&claims, "client_id"))
            .map_err(|_| invalid())?;
        if string(&claims, "iss") != call.service.issuer(&pool.settings) {
            return Err(invalid());
        }
        if claims.get("exp").and_then(Value::as_i64).unwrap_or_default() <= call.now(&pool.settings).seconds()
        {
            return Err(ApiError::not_authorized("Access Token has expired"));
        }
        if !claims.contains_key("username") {
            return Err(lacks_scope());
        }
        let user = pool
            .users
            .with_sub(string(&claims, "sub"))
            .ok_or_else(ApiError::user_not_found)?;
        let sign_in = pool.sign_ins.get(string(&claims, "event_id"));
        if sign_in.is_none_or(|sign_in| sign_in.is_revoked(user)) {
            return Err(ApiError::not_authorized("Access Token has been revoked"));
        }
        if !user.enabled {
            return Err(ApiError::not_authorized("User is disabled."));
        }
        Ok(Caller {
            settings: pool.settings.clone(),
            client: client.clone(),
            user: user.clone(),
            scopes: string(&claims, "scope").split(' ').map(str::to_owned).collect(),
            device: sign_in.and_then(|sign_in| sign_in.device.clone()),
        })
    })
}

fn lacks_scope() -> ApiError {
    ApiError::not_authorized("Access Token does not have required scopes")
}

/// The error if the system has no source of randomness for generating keys.
pub(crate) fn no_keys() -> ApiError {
    ApiError::new(
        "InternalErrorException",
        "The system has no source of randomness for generating keys.",
    )
}

fn string<'a>(claims: &'a Claims, name: &str) -> &'a str {
    claims.get(name).and_then(Value::as_str).unwrap_or_default()
}
