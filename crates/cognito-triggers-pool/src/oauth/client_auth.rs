//! Which app client calls, and whether it knows its secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::OAuthError;
use crate::call::ClientAndPool;
use crate::form::Form;
use crate::service::Service;

/// Finds the app client of a request, and checks its secret.
///
/// `authorization` is the header of this name. A client sends its secret in it, as `Basic`, or in the form. A client without a
/// secret sends only `client_id`: clients report that Cognito refuses the header from it, even one with an empty secret, and AWS
/// documents that no client has the secret then.
///
/// # Errors
/// `invalid_client`: there is no such client, the secret is missing or wrong, the client has none, or the form names another client
/// than the header.
pub(super) fn authenticate(
    service: &Service,
    authorization: Option<&str>,
    form: &Form,
) -> Result<ClientAndPool, OAuthError> {
    let refused = || OAuthError::new("invalid_client");
    let (id, secret) = match authorization {
        Some(header) => {
            let (id, secret) = basic(header).ok_or_else(refused)?;
            if form.get("client_id").is_some_and(|other| other != id) {
                return Err(refused());
            }
            (id, Some(secret))
        }
        None => {
            let id = form.get("client_id").ok_or_else(refused)?;
            (id.to_owned(), form.get("client_secret").map(str::to_owned))
        }
    };
    let found = find(service, &id).ok_or_else(refused)?;
    let is_right = match &secret {
        None => found.client.secret.is_none(),
        Some(secret) => found.client.secret_is(secret) == Some(true),
    };
    if is_right { Ok(found) } else { Err(refused()) }
}

/// The app client with this id. `None` if no pool has it.
pub(super) fn find(service: &Service, id: &str) -> Option<ClientAndPool> {
    service.read(|state| {
        let (pool, client) = state.client(id).ok()?;
        Some(ClientAndPool {
            client: client.clone(),
            settings: pool.settings.clone(),
        })
    })
}

/// Name and password of a `Basic` header.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::basic;

    #[test]
    fn a_basic_header_has_name_and_password() {
        let expected = Some(("a".to_owned(), "b:c".to_owned()));
        assert_eq!(basic("Basic YTpiOmM="), expected);
        assert_eq!(basic("basic  YTpiOmM="), expected);
        for other in ["Bearer YTpiOmM=", "Basic", "Basic !", "Basic YQ==", ""] {
            assert_eq!(basic(other), None, "{other}");
        }
    }
}
