//! OpenID Connect with a provider on this machine: discovery, and the code exchange.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use super::assertion::{Assertion, claim};
use super::http;
use super::id_token::{self, Algorithm};
use crate::form::Form;
use crate::jwt::Token;
use crate::state::{IdentityProvider, ProviderType};

/// The keys of `ProviderDetails` with the provider's addresses, and their names in its OpenID configuration.
const ADDRESSES: [(&str, &str); 4] = [
    ("authorize_url", "authorization_endpoint"),
    ("token_url", "token_endpoint"),
    ("attributes_url", "userinfo_endpoint"),
    ("jwks_uri", "jwks_uri"),
];

/// Whether the pool calls the provider. It calls one whose addresses are all on this machine, and has a stand-in page for every
/// other one. A provider needs no `attributes_url`.
pub(crate) fn is_called(provider: &IdentityProvider) -> bool {
    let local = |(key, _): (&str, &str)| match provider.details.get(key).map_or("", String::as_str) {
        "" => key == "attributes_url",
        url => http::is_local(url),
    };
    provider.kind == ProviderType::Oidc && ADDRESSES.into_iter().all(local)
}

/// Adds the addresses of the provider's OpenID configuration to its details, if the issuer is on this machine and the details
/// have none.
///
/// # Errors
/// A sentence about what is wrong with the configuration.
pub(crate) async fn discover(details: &mut BTreeMap<String, String>) -> Result<(), String> {
    let issuer = details.get("oidc_issuer").cloned().unwrap_or_default();
    let is_complete = ADDRESSES.iter().all(|(key, _)| details.contains_key(*key));
    if is_complete || !http::is_local(&issuer) {
        return Ok(());
    }
    let url = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let configuration = http::get(&url, None).await?;
    for (key, name) in ADDRESSES {
        if let Some(address) = configuration.get(name).and_then(Value::as_str) {
            details
                .entry(key.to_owned())
                .or_insert_with(|| address.to_owned());
        }
    }
    Ok(())
}

/// The address of the provider's own sign-in page.
pub(crate) fn authorize_url(provider: &IdentityProvider, redirect_uri: &str, state: &str) -> String {
    let detail = |key: &str| provider.details.get(key).map_or("", String::as_str);
    let form: Form = [
        ("client_id", detail("client_id")),
        ("redirect_uri", redirect_uri),
        ("scope", detail("authorize_scopes")),
        ("response_type", "code"),
        ("state", state),
    ]
    .into_iter()
    .collect();
    form.appended_to(detail("authorize_url"), '?')
}

/// Exchanges the provider's code, and checks what the provider says.
///
/// The client secret is sent in the form, as Cognito does. The ID token must be signed by the provider, and be from the issuer, for
/// the client, and not expired (`id_token`). The user info must be about the same user.
///
/// # Errors
/// A sentence about what is wrong.
pub(crate) async fn exchange(
    provider: &IdentityProvider,
    code: &str,
    redirect_uri: &str,
) -> Result<Assertion, String> {
    let detail = |key: &str| provider.details.get(key).map_or("", String::as_str);
    let mut form: Form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("client_id", detail("client_id")),
    ]
    .into_iter()
    .collect();
    if let Some(secret) = provider.details.get("client_secret") {
        form = form.with("client_secret", secret);
    }
    let tokens = http::post(detail("token_url"), None, &form).await?;
    let text = |name: &str| tokens.get(name).and_then(Value::as_str);
    let id_token = text("id_token").ok_or("The identity provider sent no ID token.")?;
    let token = Token::parse_any(id_token).ok_or("The ID token isn't a signed JSON web token.")?;
    let algorithm = Algorithm::of(&token)?;
    let keys = match algorithm.needs_keys() {
        true => http::get(detail("jwks_uri"), None).await?,
        false => Value::Null,
    };
    let secret = provider.details.get("client_secret").map(String::as_str);
    let claims = id_token::verified(&token, algorithm, &keys, secret)?;
    id_token::check(&claims, detail("oidc_issuer"), detail("client_id"), now())?;
    let user_info = match (text("access_token"), detail("attributes_url")) {
        (None, _) | (_, "") => Value::Object(Map::new()),
        (bearer, url) if detail("attributes_request_method") == "POST" => {
            http::post(url, bearer, &Form::default()).await?
        }
        (bearer, url) => http::get(url, bearer).await?,
    };
    if user_info
        .get("sub")
        .is_some_and(|sub| Some(sub) != claims.get("sub"))
    {
        return Err("The user info of the identity provider is about another user.".to_owned());
    }
    let empty = Map::new();
    Ok(Assertion {
        token_response: strings(tokens.as_object().unwrap_or(&empty)),
        id_token: strings(&claims),
        user_info: strings(user_info.as_object().unwrap_or(&empty)),
        saml: BTreeMap::new(),
    })
}

/// The values of an object as strings. Null is left out.
fn strings(object: &Map<String, Value>) -> BTreeMap<String, String> {
    let values = object.iter().filter(|(_, value)| !value.is_null());
    values
        .map(|(name, value)| (name.clone(), claim(name, value)))
        .collect()
}

/// The time of the system: the provider knows nothing of the pool's clock.
fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_provider_is_called_if_all_its_addresses_are_local() {
        let local = ADDRESSES.map(|(key, _)| (key, "http://localhost:1/x"));
        let called = |kind: &str, details: &[(&str, &str)]| {
            let details: BTreeMap<_, _> = details.iter().copied().collect();
            let provider = json!({
                "name": "Acme", "kind": kind, "details": details, "mapping": {}, "identifiers": [],
                "created": 0, "modified": 0,
            });
            is_called(&serde_json::from_value(provider).unwrap())
        };
        assert!(called("OIDC", &local) && !called("SAML", &local));
        for (key, _) in ADDRESSES {
            let remote = local.map(|(name, url)| {
                if name == key {
                    (name, "https://idp.example.com")
                } else {
                    (name, url)
                }
            });
            assert!(!called("OIDC", &remote), "{key}");
            let without: Vec<_> = local.into_iter().filter(|(name, _)| *name != key).collect();
            assert_eq!(called("OIDC", &without), key == "attributes_url", "{key}");
        }
    }
}
