//! The ID token of an OIDC provider: who signed it, whom it is from and for, and until when it counts.
//!
//! AWS's page on OIDC providers says that they may sign with RSA, ECDSA or HMAC-SHA. OpenID Connect says that the client secret is the key
//! of HMAC-SHA. The algorithm chooses the kind of the key, never the other way round: a token that
//! is signed with a public key as if it were a secret is refused.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    self, EcdsaVerificationAlgorithm, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::jwt::{Claims, Token};

/// How far the clock of a provider may be off, in seconds. Cognito's limit isn't published.
const SKEW: f64 = 60.0;

/// How an ID token is signed.
#[derive(Clone, Copy)]
pub(super) enum Algorithm {
    Rsa(&'static RsaParameters),
    /// With the name of the curve in a key set, and the length of a coordinate in bytes.
    Ecdsa(&'static EcdsaVerificationAlgorithm, &'static str, usize),
    /// With the client secret.
    Hmac(hmac::Algorithm),
}

impl Algorithm {
    /// The algorithm that the header of a token names.
    ///
    /// # Errors
    /// A sentence that names the algorithm if it isn't one of AWS's three families; `none` is none of them.
    pub(super) fn of(token: &Token<'_>) -> Result<Self, String> {
        Ok(match token.algorithm() {
            "RS256" => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            "RS384" => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            "RS512" => Self::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            "ES256" => Self::Ecdsa(&signature::ECDSA_P256_SHA256_FIXED, "P-256", 32),
            "ES384" => Self::Ecdsa(&signature::ECDSA_P384_SHA384_FIXED, "P-384", 48),
            "ES512" => Self::Ecdsa(&signature::ECDSA_P521_SHA512_FIXED, "P-521", 66),
            "HS256" => Self::Hmac(hmac::HMAC_SHA256),
            "HS384" => Self::Hmac(hmac::HMAC_SHA384),
            "HS512" => Self::Hmac(hmac::HMAC_SHA512),
            other => {
                return Err(format!(
                    "The ID token is signed with {other}; it has to be RS256, ES256 or HS256, or one of these with 384 or 512."
                ));
            }
        })
    }

    /// Whether a key of the provider's set verifies the signature. The client secret verifies the others.
    pub(super) fn needs_keys(self) -> bool {
        !matches!(self, Self::Hmac(_))
    }

    /// `kty` of the keys in a set.
    fn key_type(self) -> &'static str {
        match self {
            Self::Rsa(_) => "RSA",
            Self::Ecdsa(..) => "EC",
            Self::Hmac(_) => "oct",
        }
    }
}

/// The claims of an ID token that a key of the set, or the client secret, has signed.
///
/// A token without a `kid` needs a set with one key that fits. A key fits if its type, its curve, and its `use` and `alg` where it has
/// them, are those of the token.
///
/// # Errors
/// A sentence about what is wrong.
pub(super) fn verified(
    token: &Token<'_>,
    algorithm: Algorithm,
    keys: &Value,
    secret: Option<&str>,
) -> Result<Claims, String> {
    let unsigned = || {
        let name = token.algorithm();
        format!("The ID token isn't signed with {name} by a key of the identity provider.")
    };
    if let Algorithm::Hmac(algorithm) = algorithm {
        let secret = secret.filter(|secret| !secret.is_empty()).ok_or(
            "The ID token is signed with the client secret, and the identity provider has none here.",
        )?;
        let key = hmac::Key::new(algorithm, secret.as_bytes());
        let verified = hmac::verify(&key, token.signed().as_bytes(), token.signature());
        return verified
            .map(|()| token.claims().clone())
            .map_err(|_| "The ID token isn't signed with the client secret.".to_owned());
    }
    let keys = keys.get("keys").and_then(Value::as_array);
    let mut keys = keys.into_iter().flatten().filter(|key| {
        let id = key.get("kid").and_then(Value::as_str);
        fits(key, algorithm, token.algorithm()) && token.key_id().is_none_or(|wanted| id == Some(wanted))
    });
    let key = keys.next().ok_or_else(unsigned)?;
    if token.key_id().is_none() && keys.next().is_some() {
        return Err("The ID token names none of the keys of the identity provider.".to_owned());
    }
    match is_signed(token, algorithm, key) {
        Some(true) => Ok(token.claims().clone()),
        Some(false) | None => Err(unsigned()),
    }
}

/// Whether a key of a set may have made a signature of this algorithm. `use` and `alg` may be left out.
fn fits(key: &Value, algorithm: Algorithm, name: &str) -> bool {
    let text = |member: &str| key.get(member).and_then(Value::as_str);
    let curve_fits = match algorithm {
        Algorithm::Ecdsa(_, curve, _) => text("crv") == Some(curve),
        _ => true,
    };
    text("kty") == Some(algorithm.key_type())
        && curve_fits
        && text("use").is_none_or(|usage| usage == "sig")
        && text("alg").is_none_or(|alg| alg == name)
}

/// Whether a key signed the token. `None` if the key has no numbers of the right form.
fn is_signed(token: &Token<'_>, algorithm: Algorithm, key: &Value) -> Option<bool> {
    let number = |member: &str| {
        let text = key.get(member).and_then(Value::as_str)?;
        URL_SAFE_NO_PAD.decode(text).ok()
    };
    let (signed, signature) = (token.signed().as_bytes(), token.signature());
    let verified = match algorithm {
        Algorithm::Rsa(parameters) => {
            let (n, e) = (number("n")?, number("e")?);
            RsaPublicKeyComponents { n: &n, e: &e }.verify(parameters, signed, signature)
        }
        Algorithm::Ecdsa(algorithm, _, length) => {
            // An uncompressed point: 4, and both coordinates.
            let mut point = vec![4];
            for coordinate in [number("x")?, number("y")?] {
                if coordinate.len() != length {
                    return None;
                }
                point.extend(coordinate);
            }
            UnparsedPublicKey::new(algorithm, point).verify(signed, signature)
        }
        Algorithm::Hmac(_) => return None,
    };
    Some(verified.is_ok())
}

/// Checks who issued an ID token, for whom, and when it counts. `now` is in seconds since 1970, and so are `exp` and `nbf`, which may
/// have a fraction. The clock of the provider may be a minute off.
///
/// A `nonce` is neither sent nor checked: the ID token comes straight from the provider, for a code that arrived with a `state` of the
/// same browser.
///
/// # Errors
/// A sentence about what is wrong.
pub(super) fn check(claims: &Claims, issuer: &str, client_id: &str, now: f64) -> Result<(), String> {
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
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    if time("exp").unwrap_or_default() + SKEW <= now {
        return Err("The ID token has expired.".to_owned());
    }
    if time("nbf").is_some_and(|begin| begin - SKEW > now) {
        return Err("The ID token doesn't count yet.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
        EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
    };
    use serde_json::json;

    use super::*;
    use crate::jwt::SigningKey;

    fn claims(claims: Value) -> Claims {
        claims.as_object().unwrap().clone()
    }

    fn read(text: &str, keys: &Value, secret: Option<&str>) -> Result<Claims, String> {
        let token = Token::parse_any(text).ok_or("no token")?;
        verified(&token, Algorithm::of(&token)?, keys, secret)
    }

    /// A token with this header, signed by `sign`.
    fn signed(header: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let [header, claims] =
            [header, &json!({ "sub": "1" })].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let text = format!("{header}.{claims}");
        let signature = URL_SAFE_NO_PAD.encode(sign(text.as_bytes()));
        format!("{text}.{signature}")
    }

    /// A key pair of a curve, and the key in a set.
    fn curve(algorithm: &'static EcdsaSigningAlgorithm, name: &str) -> (EcdsaKeyPair, Value) {
        let pair = EcdsaKeyPair::generate(algorithm).unwrap();
        let point = pair.public_key().as_ref()[1..].to_vec();
        let (x, y) = point.split_at(point.len() / 2);
        let [x, y] = [x, y].map(|number| URL_SAFE_NO_PAD.encode(number));
        let key = json!({ "kty": "EC", "crv": name, "kid": "e", "x": x, "y": y });
        (pair, key)
    }

    #[test]
    fn an_id_token_of_another_key_is_refused() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let text = key.sign(&claims(json!({ "sub": "1" }))).unwrap();
        let set = |key: Value| json!({ "keys": [key] });
        assert_eq!(
            read(&text, &set(key.to_jwk()), None),
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
            assert!(read(&text, &keys, None).is_err(), "{keys}");
        }
        let unsigned = format!("{}.", text.rsplit_once('.').unwrap().0);
        assert!(read(&unsigned, &set(key.to_jwk()), None).is_err());
    }

    #[test]
    fn elliptic_curves_are_accepted_with_their_own_algorithm() {
        let random = SystemRandom::new();
        for (signing, name, alg) in [
            (&ECDSA_P256_SHA256_FIXED_SIGNING, "P-256", "ES256"),
            (&ECDSA_P384_SHA384_FIXED_SIGNING, "P-384", "ES384"),
            (&ECDSA_P521_SHA512_FIXED_SIGNING, "P-521", "ES512"),
        ] {
            let (pair, key) = curve(signing, name);
            let sign = |text: &[u8]| pair.sign(&random, text).unwrap().as_ref().to_vec();
            let text = signed(&json!({ "alg": alg, "kid": "e" }), sign);
            let set = json!({ "keys": [key] });
            assert_eq!(
                read(&text, &set, None),
                Ok(claims(json!({ "sub": "1" }))),
                "{alg}"
            );
            let other = if alg == "ES256" { "ES384" } else { "ES256" };
            let text = signed(&json!({ "alg": other, "kid": "e" }), sign);
            assert!(read(&text, &set, None).is_err(), "{alg} as {other}");
            for (member, value) in [("crv", "P-999"), ("alg", other), ("use", "enc"), ("x", "AAAA")] {
                let mut wrong = key.clone();
                wrong[member] = json!(value);
                let text = signed(&json!({ "alg": alg, "kid": "e" }), sign);
                assert!(
                    read(&text, &json!({ "keys": [wrong] }), None).is_err(),
                    "{alg} {member}"
                );
            }
        }
    }

    #[test]
    fn the_client_secret_signs_and_no_public_key_does() {
        let hmac = |algorithm, secret: &str| {
            let key = hmac::Key::new(algorithm, secret.as_bytes());
            move |text: &[u8]| hmac::sign(&key, text).as_ref().to_vec()
        };
        for (algorithm, alg) in [
            (hmac::HMAC_SHA256, "HS256"),
            (hmac::HMAC_SHA384, "HS384"),
            (hmac::HMAC_SHA512, "HS512"),
        ] {
            let text = signed(&json!({ "alg": alg }), hmac(algorithm, "secret"));
            assert!(read(&text, &Value::Null, Some("secret")).is_ok(), "{alg}");
            for wrong in [None, Some(""), Some("other")] {
                assert!(read(&text, &Value::Null, wrong).is_err(), "{alg} {wrong:?}");
            }
        }
        // The modulus, as text and as bytes, as if it were a secret.
        let key = SigningKey::generate().unwrap().to_jwk();
        let modulus = key["n"].as_str().unwrap();
        let set = json!({ "keys": [key] });
        for forged in [modulus.to_owned(), key.to_string(), String::new()] {
            let text = signed(
                &json!({ "alg": "HS256", "kid": key["kid"] }),
                hmac(hmac::HMAC_SHA256, &forged),
            );
            assert!(read(&text, &set, Some("secret")).is_err());
            assert!(read(&text, &set, None).is_err());
        }
        let secret = json!({ "kty": "oct", "kid": "o", "k": URL_SAFE_NO_PAD.encode("mine") });
        let text = signed(
            &json!({ "alg": "HS256", "kid": "o" }),
            hmac(hmac::HMAC_SHA256, "mine"),
        );
        assert!(read(&text, &json!({ "keys": [secret] }), Some("secret")).is_err());
    }

    #[test]
    fn other_algorithms_are_refused_by_name() {
        for alg in ["none", "None", "PS256", "EdDSA", "ES256K", "rs256", ""] {
            let text = signed(&json!({ "alg": alg }), |_| Vec::new());
            let error = read(&text, &json!({ "keys": [] }), Some("secret")).unwrap_err();
            assert!(
                error.starts_with(&format!("The ID token is signed with {alg};")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_token_without_a_key_id_needs_one_key() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let text = key.sign_without_id(&claims(json!({ "sub": "1" }))).unwrap();
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
                read(&text, &set, None),
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
            assert!(read(&text, &set, None).is_err(), "{set}");
        }
    }

    #[test]
    fn an_id_token_is_for_one_client_of_one_issuer_and_fresh() {
        let good = json!({ "iss": "i", "aud": "c", "exp": 101 });
        let accepted = |changes: Value| {
            let mut claims = claims(good.clone());
            claims.extend(changes.as_object().unwrap().clone());
            check(&claims, "i", "c", 100.0).is_ok()
        };
        for changes in [
            json!({}),
            json!({ "exp": 100.5 }),
            json!({ "aud": ["x", "c"] }),
            // The clock of the provider is behind, or ahead.
            json!({ "exp": 41 }),
            json!({ "nbf": 159, "iat": 159 }),
            // Nobody asked for one.
            json!({ "nonce": "n" }),
        ] {
            assert!(accepted(changes.clone()), "{changes}");
        }
        for changes in [
            json!({ "iss": "j" }),
            json!({ "iss": "i/" }),
            json!({ "iss": null }),
            json!({ "aud": "d" }),
            json!({ "aud": ["d"] }),
            json!({ "aud": null }),
            json!({ "exp": 40 }),
            json!({ "exp": 39.5 }),
            json!({ "exp": null }),
            json!({ "exp": "101" }),
            json!({ "nbf": 161 }),
        ] {
            assert!(!accepted(changes.clone()), "{changes}");
        }
    }
}
