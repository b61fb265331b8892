//! `/logout`: ends the session of a browser, and sends it on.

use std::sync::Arc;

use super::authorize::{AuthorizeRequest, Refusal};
use super::client_auth;
use super::location::Location;
use crate::form::Form;
use crate::service::Service;
use crate::state::Settings;

/// The pool whose session ends, and where the browser goes afterwards: to `logout_uri`, or with the parameters of an authorization request to a new
/// sign-in.
///
/// # Errors
/// A page, so that nobody can use this address to send a browser somewhere: the client is unknown, `logout_uri` isn't
/// exactly one of its `LogoutURLs`, or neither way is named.
pub(crate) fn destination(service: &Service, query: &Form) -> Result<(Location, Arc<Settings>), Refusal> {
    let id = query.get("client_id").ok_or(Refusal::Page("invalid_request"))?;
    let found = client_auth::find(service, id).ok_or(Refusal::Page("invalid_client"))?;
    match query.get("logout_uri") {
        Some(uri) if found.client.strings("LogoutURLs").any(|allowed| allowed == uri) => {
            Ok((Location(uri.to_owned()), found.settings))
        }
        Some(_) => Err(Refusal::Page("redirect_mismatch")),
        None if query.get("redirect_uri").is_some() => {
            let request = AuthorizeRequest::parse(service, query)?;
            Ok((request.page("/login"), found.settings))
        }
        None => Err(Refusal::Page("invalid_request")),
    }
}
