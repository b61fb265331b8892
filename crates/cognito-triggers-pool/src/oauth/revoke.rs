//! `POST /oauth2/revoke`: ends a refresh token and the access tokens that were issued with it.

use std::sync::Arc;

use super::{OAuthError, client_auth};
use crate::form::Form;
use crate::jwt::Token;
use crate::service::Service;

/// Revokes the refresh token of the form. An unknown token counts as revoked, as RFC 7009 says. No trigger runs.
///
/// # Errors
/// - `invalid_request`: the token is missing, or the client has revocation off.
/// - `invalid_client`: there is no such client, its secret is wrong, or the token is another client's.
/// - `unsupported_token_type`: the token is an access token or an ID token.
pub(crate) fn answer(
    service: &Arc<Service>,
    authorization: Option<&str>,
    form: &Form,
) -> Result<(), OAuthError> {
    if form.has_duplicates() {
        return Err(OAuthError::because("invalid_request", "A parameter is repeated."));
    }
    let found = client_auth::authenticate(service, authorization, form)?;
    let token = form.get("token");
    let token = token.ok_or_else(|| OAuthError::because("invalid_request", "token is missing."))?;
    if !found.client.revokes_tokens() {
        let description = "Token revocation is not enabled for the client.";
        return Err(OAuthError::because("invalid_request", description));
    }
    if Token::parse(token).is_some() {
        return Err(OAuthError::new("unsupported_token_type"));
    }
    service.write(|state| {
        let Ok(pool) = state.pool_mut(&found.settings.id) else {
            return Ok(());
        };
        let Some(sign_in) = pool.sign_ins.of_token(token) else {
            return Ok(());
        };
        if sign_in.client_id != found.client.id {
            return Err(OAuthError::new("invalid_client"));
        }
        let id = sign_in.id.clone();
        pool.sign_ins.revoke(&id);
        Ok(())
    })
}
