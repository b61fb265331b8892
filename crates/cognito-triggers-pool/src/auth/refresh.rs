//! New tokens for a refresh token.
//!
//! Only the token trigger runs, not PreAuthentication and PostAuthentication (RF-09). The new tokens keep
//! `auth_time`, `event_id` and `origin_jti` of the sign-in (RF-01).

use serde_json::{Map, Value, json};

use super::attempt::Attempt;
use super::finish::Issue;
use crate::call::{Call, ClientAndPool};
use crate::error::ApiError;
use crate::state::{AppClient, Rotation, Settings, SignIn, SignIns, User};
use crate::tokens::new_refresh_token;

/// What follows the underscore in the source of the token trigger.
const REASON: &str = "RefreshTokens";

/// `REFRESH_TOKEN_AUTH`. `ClientMetadata` reaches no trigger.
///
/// The answer has no refresh token: the old one stays valid until it expires.
///
/// # Errors
/// - `InvalidParameterException`: `REFRESH_TOKEN` is missing.
/// - `NotAuthorizedException`: the token is unknown, another client's (RF-05), revoked (RF-04) or expired (RF-06), the user is
///   disabled (RF-07), or the secret hash is wrong (RF-10). The same if `DEVICE_KEY` isn't that of the sign-in.
/// - `UserNotFoundException`: the user was deleted.
/// - The errors of a failing trigger.
pub(super) async fn start(attempt: &Attempt) -> Result<Value, ApiError> {
    let token = attempt.required("REFRESH_TOKEN")?;
    let (sign_in, user) = find(&attempt.call, &attempt.settings, &attempt.client, token)?;
    check_secret_hash(attempt, &user)?;
    SignIns::check_device(&sign_in, attempt.optional("DEVICE_KEY"))?;
    let issue = Issue {
        call: &attempt.call,
        settings: &attempt.settings,
        client: &attempt.client,
        reason: REASON,
        metadata: None,
        inferred: false,
    };
    let result = issue.tokens(&user, &sign_in).await?;
    // The token may have been revoked while the function ran.
    find(&attempt.call, &attempt.settings, &attempt.client, token)?;
    Ok(json!({ "AuthenticationResult": result, "ChallengeParameters": {} }))
}

/// GetTokensFromRefreshToken.
///
/// `ClientMetadata` reaches the token trigger. A client that rotates its refresh tokens gets a new one, and the
/// old one keeps working for the grace period (GT-02). The `triggerSource`, `TokenGeneration_RefreshTokens`, is
/// inferred.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such app client (GT-05).
/// - `NotAuthorizedException`: the client's secret is wrong, the token isn't valid, or `DeviceKey` isn't that of the sign-in (GT-04).
/// - `RefreshTokenReuseException`: the token was rotated, and the grace period is over (GT-03).
/// - The errors of a failing trigger. The old token stays valid then.
pub(crate) async fn get_tokens_from_refresh_token(call: Call) -> Result<Value, ApiError> {
    let ClientAndPool { client, settings } = call.client()?;
    check_client_secret(&call, &client, || {
        ApiError::not_authorized("Invalid client or secret")
    })?;
    let token = call.input.string("RefreshToken").to_owned();
    let found = ClientAndPool { client, settings };
    let result = renew(&call, &found, &token, call.input.client_metadata()).await?;
    Ok(json!({ "AuthenticationResult": result }))
}

/// New tokens for a refresh token, for callers whose client may have rotation.
///
/// The token trigger runs as `TokenGeneration_RefreshTokens`, which is inferred (GT-01, FE-07). `metadata` is its
/// `clientMetadata`. The result has a refresh token if the client rotates them.
///
/// # Errors
/// Those of the token and of a failing trigger.
pub(crate) async fn renew(
    call: &Call,
    found: &ClientAndPool,
    token: &str,
    metadata: Option<&Value>,
) -> Result<Map<String, Value>, ApiError> {
    let (settings, client) = (&found.settings, &found.client);
    let (sign_in, user) = find(call, settings, client, token)?;
    SignIns::check_device(&sign_in, call.input.get_string("DeviceKey"))?;
    let issue = Issue {
        call,
        settings,
        client,
        reason: REASON,
        metadata,
        inferred: true,
    };
    let mut result = issue.tokens(&user, &sign_in).await?;
    rotate(call, settings, client, token, &mut result)?;
    Ok(result)
}

/// Replaces the refresh token, if the client rotates them.
fn rotate(
    call: &Call,
    settings: &Settings,
    client: &AppClient,
    token: &str,
    result: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    let new = Rotation::of(client).map(|_| new_refresh_token(&call.service.ids));
    call.service.write(|state| {
        let now = call.now(settings);
        let pool = state.pool_mut(&settings.id)?;
        // Another caller may have used the token while the function ran.
        pool.sign_ins.check(token, client, &pool.users, now)?;
        if let Some(new) = new {
            pool.sign_ins.rotate(token, &new, now);
            result.insert("RefreshToken".to_owned(), json!(new));
        }
        Ok(())
    })
}

/// The sign-in and the user of a refresh token.
///
/// # Errors
/// Those of a token that is unknown, expired, revoked or replaced.
fn find(
    call: &Call,
    settings: &Settings,
    client: &AppClient,
    token: &str,
) -> Result<(SignIn, User), ApiError> {
    let now = call.now(settings);
    call.service.read(|state| {
        let pool = state.pool(&settings.id)?;
        let (sign_in, user) = pool.sign_ins.check(token, client, &pool.users, now)?;
        Ok((sign_in.clone(), user.clone()))
    })
}

/// Checks `SECRET_HASH` over the user name or over an alias: both are reported to work.
fn check_secret_hash(attempt: &Attempt, user: &User) -> Result<(), ApiError> {
    let aliases = ["email", "phone_number", "preferred_username"].into_iter();
    let mut names = aliases
        .filter_map(|name| user.attribute(name))
        .chain([user.sub.as_str()]);
    if names.any(|name| attempt.check_secret_hash(name).is_ok()) {
        return Ok(());
    }
    attempt.check_secret_hash(&user.username)
}

/// Checks the member `ClientSecret`. A client without a secret accepts any value.
///
/// # Errors
/// Fails with the error of `refused`: each operation has its own exception for a wrong secret.
pub(super) fn check_client_secret(
    call: &Call,
    client: &AppClient,
    refused: impl FnOnce() -> ApiError,
) -> Result<(), ApiError> {
    match client.secret_is(call.input.string("ClientSecret")) {
        Some(false) => Err(refused()),
        Some(true) | None => Ok(()),
    }
}
