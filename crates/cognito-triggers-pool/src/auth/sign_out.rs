//! RevokeToken, GlobalSignOut and AdminUserGlobalSignOut.
//!
//! No trigger runs. The rows of the truth table are SO-01 to SO-07.

use serde_json::{Value, json};

use super::refresh::check_client_secret;
use crate::call::{Call, ClientAndPool};
use crate::error::ApiError;
use crate::jwt::Token;
use crate::state::Settings;
use crate::tokens::access::authorize;

/// RevokeToken: revokes a refresh token, and the access tokens that were issued with it.
///
/// An unknown token isn't an error: it counts as revoked.
///
/// The answer is empty. Other sign-ins of the user stay valid (SO-01).
///
/// # Errors
/// - `UnauthorizedException`: there is no such app client, its secret is wrong, or the token is another client's. The
///   service model declares no `ResourceNotFoundException` here; which error AWS sends for an unknown client is inferred.
/// - `UnsupportedTokenTypeException`: the token is an access token or an ID token (SO-02).
/// - `UnsupportedOperationException`: the client has revocation off (SO-03), or associated sessions would be
///   revoked too.
pub(crate) async fn revoke_token(call: Call) -> Result<Value, ApiError> {
    let unauthorized = |message: &str| ApiError::new("UnauthorizedException", message);
    let invalid_client = || unauthorized("Invalid client or secret");
    let ClientAndPool { client, settings } = call.client().map_err(|_| invalid_client())?;
    check_client_secret(&call, &client, invalid_client)?;
    if call
        .input
        .get_string("RevokeAssociatedSessions")
        .is_some_and(|choice| choice != "NONE")
    {
        return Err(ApiError::not_simulated("RevokeAssociatedSessions LINKED"));
    }
    if client.members.get("EnableTokenRevocation") == Some(&json!(false)) {
        let message = "Token revocation is not enabled for the client";
        return Err(ApiError::new("UnsupportedOperationException", message));
    }
    let token = call.input.string("Token");
    if Token::parse(token).is_some() {
        let message = "Only refresh tokens can be revoked";
        return Err(ApiError::new("UnsupportedTokenTypeException", message));
    }
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        let Some(sign_in) = pool.sign_ins.of_token(token) else {
            return Ok(());
        };
        if sign_in.client_id != client.id {
            return Err(unauthorized("The token was issued to another client"));
        }
        let id = sign_in.id.clone();
        pool.sign_ins.revoke(&id);
        Ok(())
    })?;
    Ok(json!({}))
}

/// GlobalSignOut: revokes all tokens of the user who calls.
///
/// Later events have the time of the call as `cognito:token_nbf`, in milliseconds since 1970 (SO-04). The
/// answer is empty.
///
/// # Errors
/// `NotAuthorizedException`: the access token isn't valid (SO-07).
pub(crate) async fn global_sign_out(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    sign_out(&call, &caller.settings, &caller.user.username)?;
    Ok(json!({}))
}

/// AdminUserGlobalSignOut: revokes all tokens of a user.
///
/// # Errors
/// `ResourceNotFoundException` or `UserNotFoundException`: there is no such pool or user (SO-06).
pub(crate) async fn admin_user_global_sign_out(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let username = call.service.read(|state| {
        let user = state
            .pool(&settings.id)?
            .users
            .find_for_admin(call.input.string("Username"));
        user.map(|user| user.username.clone())
            .ok_or_else(ApiError::user_not_found)
    })?;
    sign_out(&call, &settings, &username)?;
    Ok(json!({}))
}

/// Revokes all tokens that were issued up to now. A sign-in in the same millisecond is revoked too.
fn sign_out(call: &Call, settings: &Settings, username: &str) -> Result<(), ApiError> {
    let now = call.now(settings);
    call.service.write(|state| {
        let users = &mut state.pool_mut(&settings.id)?.users;
        let updated = users.update(username, |user| user.tokens_not_before = Some(now));
        updated.ok_or_else(ApiError::user_not_found)
    })
}
