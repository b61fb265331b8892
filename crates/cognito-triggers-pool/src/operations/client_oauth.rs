//! The OAuth settings of an app client, as its pool allows them.

use crate::error::ApiError;
use crate::state::{AppClient, UserPool};

use super::{client_token, identity_providers, resource_servers};

/// The hosts to which a redirect may use plain HTTP, because they are this machine.
const LOCAL_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses OAuth settings that Cognito refuses: unknown providers and scopes, grants without what they need, and addresses
/// that aren't absolute or would send a code in the clear.
///
/// The rules are those of AWS's API reference for CreateUserPoolClient.
///
/// # Errors
/// `ScopeDoesNotExistException` for an unknown scope, `InvalidOAuthFlowException` for `client_credentials` without a secret,
/// and `InvalidParameterException` for everything else.
pub(super) fn check(pool: &UserPool, client: &AppClient) -> Result<(), ApiError> {
    let strings = |member| client.strings(member).collect::<Vec<_>>();
    identity_providers::check_supported(pool, &strings("SupportedIdentityProviders"))?;
    resource_servers::check_scopes(pool, &strings("AllowedOAuthScopes"))?;
    check_alone(client)
}

/// Refuses OAuth settings that Cognito refuses whatever the pool has.
///
/// # Errors
/// Those of [`check`], except those for unknown providers and scopes.
pub(crate) fn check_alone(client: &AppClient) -> Result<(), ApiError> {
    let strings = |member| client.strings(member).collect::<Vec<_>>();
    let flows = strings("ExplicitAuthFlows");
    if flows.contains(&client_token::FLOW) && (flows.len() > 1 || client.secret.is_none()) {
        let message = format!(
            "{} needs a client secret, and must be the only flow.",
            client_token::FLOW
        );
        return Err(ApiError::invalid_parameter(message));
    }
    let grants = strings("AllowedOAuthFlows");
    if client.allows_oauth() && (grants.is_empty() || strings("AllowedOAuthScopes").is_empty()) {
        return Err(ApiError::invalid_parameter(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ));
    }
    if grants.contains(&"client_credentials") && client.secret.is_none() {
        let message = "client_credentials flow can not be selected if client does not have a client secret.";
        return Err(ApiError::new("InvalidOAuthFlowException", message));
    }
    check_addresses(client)?;
    match client.string("DefaultRedirectURI") {
        Some(default) if !strings("CallbackURLs").contains(&default) => Err(ApiError::invalid_parameter(
            "DefaultRedirectURI must be one of the CallbackURLs.",
        )),
        _ => Ok(()),
    }
}

/// Refuses addresses that Cognito sends no browser to.
///
/// # Errors
/// `InvalidParameterException` for the first such address in `CallbackURLs` and `LogoutURLs`.
pub(crate) fn check_addresses(client: &AppClient) -> Result<(), ApiError> {
    let mut addresses = client.strings("CallbackURLs").chain(client.strings("LogoutURLs"));
    addresses.try_for_each(check_url)
}

/// Refuses an address without a scheme, with a fragment, or with plain HTTP to another machine.
fn check_url(url: &str) -> Result<(), ApiError> {
    let refused = |problem: &str| Err(ApiError::invalid_parameter(format!("{url} {problem}")));
    let Some((scheme, rest)) = url
        .split_once(':')
        .filter(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
    else {
        return refused("is not an absolute URI.");
    };
    if url.contains('#') {
        return refused("must not have a fragment.");
    }
    if scheme.eq_ignore_ascii_case("javascript") || scheme.eq_ignore_ascii_case("data") {
        return refused("cannot be the target of a redirect.");
    }
    let authority = rest
        .trim_start_matches("//")
        .split(['/', '?'])
        .next()
        .unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    };
    if scheme.eq_ignore_ascii_case("http") && !LOCAL_HOSTS.contains(&host) {
        return refused("cannot use the HTTP protocol.");
    }
    Ok(())
}

/// Whether a string is the scheme of a URI.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for allowed in [
            "https://example.com/callback",
            "http://localhost:3000/",
            "http://localhost",
            "http://127.0.0.1:8080/callback?x=1",
            "http://[::1]:3000/",
            "myapp://signed-in",
            "myapp:signed-in",
        ] {
            assert!(check_url(allowed).is_ok(), "{allowed}");
        }
        for refused in [
            "http://example.com/",
            "HTTP://example.com/",
            "http://localhost.example.com/",
            "http://localhost@example.com/",
            "http://example.com:80/",
            "/callback",
            "example",
            "://x",
            "https://example.com/#fragment",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert!(check_url(refused).is_err(), "{refused}");
        }
    }
}
