//! OpenID Connect with a provider on this machine: discovery, the code exchange, and the check of the ID token.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::assertion::{Assertion, claim};
use super::http;
use crate::form::Form;
use crate::jwt::{Claims, Token};
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
/// The client secret is sent in the form, as Cognito does. The ID token must be signed with RS256 by a key of the provider, and
/// be from the issuer, for the client, and not expired. The user info must be about the same user. No `nonce` is sent or checked:
/// the ID token comes straight from the provider, for a code that arrived with a `state` of the same browser.
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
    let keys = http::get(detail("jwks_uri"), None).await?;
    let claims = verified(id_token, &keys)?;
    check(&claims, detail("oidc_issuer"), detail("client_id"), now())?;
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

/// The claims of an ID token that a key of the set has signed. A token without a `kid` needs a set with one RSA key for
/// signatures.
fn verified(id_token: &str, keys: &Value) -> Result<Claims, String> {
    let unsigned = || "The ID token isn't signed with RS256 by a key of the identity provider.".to_owned();
    let token = Token::parse(id_token).ok_or_else(unsigned)?;
    let keys = keys.get("keys").and_then(Value::as_array);
    let mut keys = keys.into_iter().flatten().filter(|key| match token.key_id() {
        Some(id) => key.get("kid").and_then(Value::as_str) == Some(id),
        None => is_for_signatures(key),
    });
    let key = keys.next().ok_or_else(unsigned)?;
    if token.key_id().is_none() && keys.next().is_some() {
        return Err("The ID token names none of the keys of the identity provider.".to_owned());
    }
    let number = |name: &str| {
        let text = key.get(name).and_then(Value::as_str)?;
        URL_SAFE_NO_PAD.decode(text).ok()
    };
    let (modulus, exponent) = number("n").zip(number("e")).ok_or_else(unsigned)?;
    token.verify_with(&modulus, &exponent).map_err(|_| unsigned())
}

/// Whether a key of a set is an RSA key that may sign. `use` may be left out.
fn is_for_signatures(key: &Value) -> bool {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    text("kty") == Some("RSA") && text("use").is_none_or(|usage| usage == "sig")
}

/// Checks who issued an ID token, for whom, and until when. `now` is in seconds since 1970, and so is `exp`, which may have a
/// fraction.
fn check(claims: &Claims, issuer: &str, client_id: &str, now: f64) -> Result<(), String> {
    let found = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
    if found != issuer {
        return Err(format!("Bad id_token issuer {found}"));
    }
    let is_for_client = match claims.get("aud") {
        Some(Value::String(audience)) => audience == client_id,
        Some(Value::Array(list)) => list.iter().any(|audience| audience == client_id),
        _ => false,
    };
    if !is_for_client {
        return Err("The ID token is for another client.".to_owned());
    }
    if claims.get("exp").and_then(Value::as_f64).unwrap_or_default() <= now {
        return Err("The ID token has expired.".to_owned());
    }
    Ok(())
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
    use crate::jwt::SigningKey;

    fn claims(claims: Value) -> Claims {
        claims.as_object().unwrap().clone()
    }

    #[test]
    fn an_id_token_of_another_key_is_refused() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let signed = key.sign(&claims(json!({ "sub": "1" }))).unwrap();
        let set = |key: Value| json!({ "keys": [key] });
        assert_eq!(
            verified(&signed, &set(key.to_jwk())),
            Ok(claims(json!({ "sub": "1" })))
        );
        let mut forged = other.to_jwk();
        forged["kid"] = key.to_jwk()["kid"].clone();
        for keys in [
            set(other.to_jwk()),
            set(forged),
            json!({}),
            json!({ "keys": [{}] }),
        ] {
            assert!(verified(&signed, &keys).is_err(), "{keys}");
        }
        let unsigned = format!("{}.", signed.rsplit_once('.').unwrap().0);
        assert!(verified(&unsigned, &set(key.to_jwk())).is_err());
    }

    #[test]
    fn a_token_without_a_key_id_needs_one_key() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let signed = key.sign_without_id(&claims(json!({ "sub": "1" }))).unwrap();
        let mut for_encryption = other.to_jwk();
        for_encryption["use"] = json!("enc");
        let curve = json!({ "kty": "EC", "kid": "a" });
        let mut plain = key.to_jwk();
        plain
            .as_object_mut()
            .unwrap()
            .retain(|name, _| ["kty", "n", "e"].contains(&name.as_str()));
        for keys in [json!([plain]), json!([curve, for_encryption, key.to_jwk()])] {
            let set = json!({ "keys": keys });
            assert_eq!(
                verified(&signed, &set),
                Ok(claims(json!({ "sub": "1" }))),
                "{set}"
            );
        }
        for keys in [
            json!([key.to_jwk(), other.to_jwk()]),
            json!([other.to_jwk()]),
            json!([]),
        ] {
            let set = json!({ "keys": keys });
            assert!(verified(&signed, &set).is_err(), "{set}");
        }
    }

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

    #[test]
    fn an_id_token_is_for_one_client_of_one_issuer_and_fresh() {
        let good = json!({ "iss": "i", "aud": "c", "exp": 101 });
        assert_eq!(check(&claims(good.clone()), "i", "c", 100.0), Ok(()));
        let fraction = json!({ "iss": "i", "aud": "c", "exp": 100.5 });
        assert_eq!(check(&claims(fraction), "i", "c", 100.0), Ok(()));
        assert_eq!(
            check(
                &claims(json!({ "iss": "i", "aud": ["x", "c"], "exp": 101 })),
                "i",
                "c",
                100.0
            ),
            Ok(())
        );
        for (name, value) in [
            ("iss", json!("j")),
            ("iss", json!(null)),
            ("aud", json!("d")),
            ("aud", json!(["d"])),
            ("aud", json!(null)),
            ("exp", json!(100)),
            ("exp", json!(99.5)),
            ("exp", json!(null)),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            assert!(check(&claims(bad.clone()), "i", "c", 100.0).is_err(), "{bad}");
        }
    }
}
