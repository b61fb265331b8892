//! `POST /oauth2/token`: tokens for a code, a refresh token, or the client's own credentials.

use std::sync::Arc;

use aws_lc_rs::constant_time;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{OAuthError, client_auth, client_credentials, token_response};
use crate::auth::{hosted, renew};
use crate::call::{Call, ClientAndPool};
use crate::form::Form;
use crate::service::Service;
use crate::state::Authorization;

/// The name of the call in records.
const OPERATION: &str = "OAuth /oauth2/token";

/// Answers with tokens.
///
/// # Errors
/// - `invalid_request`: a parameter is missing or repeated, or a trigger failed.
/// - `invalid_client`: there is no such client, or its secret is wrong (CC-03).
/// - `unauthorized_client`: the client doesn't allow the grant.
/// - `unsupported_grant_type`: there is no such grant.
/// - `invalid_grant`: the code or the refresh token isn't valid.
/// - `invalid_scope`: the client doesn't have a scope (CC-03).
pub(crate) async fn answer(
    service: &Arc<Service>,
    authorization: Option<&str>,
    form: &Form,
) -> Result<Value, OAuthError> {
    if form.has_duplicates() {
        return Err(OAuthError::because("invalid_request", "A parameter is repeated."));
    }
    let found = client_auth::authenticate(service, authorization, form)?;
    let call = Call::of_endpoint(service, OPERATION, json!({ "ClientId": found.client.id }));
    let grant = form
        .get("grant_type")
        .ok_or_else(|| OAuthError::missing("grant_type"))?;
    match grant {
        "authorization_code" => for_code(&call, &found, form).await,
        "refresh_token" => for_refresh_token(&call, &found, form).await,
        "client_credentials" => client_credentials::answer(&call, &found, form).await,
        _ => Err(OAuthError::new("unsupported_grant_type")),
    }
}

/// Exchanges a code. It works once, for the client and with the redirect URI of its request.
async fn for_code(call: &Call, found: &ClientAndPool, form: &Form) -> Result<Value, OAuthError> {
    if !found.client.allows_grant("code") {
        return Err(OAuthError::new("unauthorized_client"));
    }
    let code = form.get("code").ok_or_else(|| OAuthError::missing("code"))?;
    let redirect_uri = form
        .get("redirect_uri")
        .ok_or_else(|| OAuthError::missing("redirect_uri"))?;
    let now = call.now(&found.settings);
    // A code that is presented is used, even if the rest of the request is wrong.
    let taken = call.service.write(|state| {
        let pool = state.pool_mut(&found.settings.id).ok()?;
        pool.codes.take(code, now)
    });
    let authorization = taken.ok_or_else(|| OAuthError::new("invalid_grant"))?;
    let fits = authorization.client_id == found.client.id
        && authorization.redirect_uri == redirect_uri
        && is_verified(&authorization, form.get("code_verifier"));
    if !fits {
        return Err(OAuthError::new("invalid_grant"));
    }
    let tokens = hosted::tokens(call, authorization, true).await;
    tokens
        .map(token_response)
        .map_err(|error| OAuthError::of_grant(&error, &call.service.ids))
}

/// Exchanges a refresh token. Fires `TokenGeneration_RefreshTokens` (FE-07). A client that rotates its tokens gets a new one.
async fn for_refresh_token(call: &Call, found: &ClientAndPool, form: &Form) -> Result<Value, OAuthError> {
    let token = form
        .get("refresh_token")
        .ok_or_else(|| OAuthError::missing("refresh_token"))?;
    let tokens = renew(call, found, token, None).await;
    tokens
        .map(token_response)
        .map_err(|error| OAuthError::of_grant(&error, &call.service.ids))
}

/// Whether the verifier belongs to the challenge of the authorization request.
///
/// A verifier without a challenge is refused too: somebody may have removed the challenge from the request.
fn is_verified(authorization: &Authorization, verifier: Option<&str>) -> bool {
    match (&authorization.challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            constant_time::verify_slices_are_equal(hash.as_bytes(), challenge.as_bytes()).is_ok()
        }
        _ => false,
    }
}
