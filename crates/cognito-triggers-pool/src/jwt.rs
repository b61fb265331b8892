//! JSON web tokens as Cognito signs them: RS256, with a key id and without a `typ`.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

/// The claims of a token, by name.
pub(crate) type Claims = Map<String, Value>;

/// The length of a 2048-bit modulus in bytes.
const MODULUS_LENGTH: usize = 256;

/// A 2048-bit RSA key that signs tokens.
pub(crate) struct SigningKey {
    /// The key id: the Base64 of a hash of the public key.
    id: String,
    pair: KeyPair,
}

impl SigningKey {
    /// Generates a key. `None` if the system has no source of randomness.
    pub(crate) fn generate() -> Option<Self> {
        KeyPair::generate(KeySize::Rsa2048).ok().map(Self::new)
    }

    /// The private key as PKCS #8. `None` if it has none, which doesn't happen to a key that signs.
    pub(crate) fn to_der(&self) -> Option<Vec<u8>> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().ok()?;
        Some(der.as_ref().to_vec())
    }

    /// Reads a private key. `None` if it isn't a 2048-bit RSA key as PKCS #8.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let key = Self::new(KeyPair::from_pkcs8(der).ok()?);
        (key.pair.public_modulus_len() == MODULUS_LENGTH).then_some(key)
    }

    fn new(pair: KeyPair) -> Self {
        let id = STANDARD.encode(digest(&SHA256, pair.public_key().as_ref()));
        Self { id, pair }
    }

    /// The public key as an element of a JSON web key set.
    pub(crate) fn to_jwk(&self) -> Value {
        // PKCS #1: a sequence of two integers. With 2048 bits, the modulus begins after nine bytes of
        // lengths and sign, and the exponent, 65537, is the last three bytes.
        let der = self.pair.public_key().as_ref();
        let modulus = der.get(9..9 + MODULUS_LENGTH).unwrap_or_default();
        let exponent = der.last_chunk::<3>().map_or(&[][..], |chunk| chunk);
        json!({
            "alg": "RS256",
            "e": URL_SAFE_NO_PAD.encode(exponent),
            "kid": self.id,
            "kty": "RSA",
            "n": URL_SAFE_NO_PAD.encode(modulus),
            "use": "sig",
        })
    }

    /// Signs a token. `None` if the system has no source of randomness.
    pub(crate) fn sign(&self, claims: &Claims) -> Option<String> {
        self.sign_with(&json!({ "kid": self.id, "alg": "RS256" }), claims)
    }

    /// Signs a token that doesn't say which key signed it.
    #[cfg(test)]
    pub(crate) fn sign_without_id(&self, claims: &Claims) -> Option<String> {
        self.sign_with(&json!({ "alg": "RS256" }), claims)
    }

    fn sign_with(&self, header: &Value, claims: &Claims) -> Option<String> {
        let claims = serde_json::to_string(claims).ok()?;
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let mut signature = vec![0; MODULUS_LENGTH];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                token.as_bytes(),
                &mut signature,
            )
            .ok()?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Some(token)
    }

    /// Verifies the signature of a token and returns its claims.
    pub(crate) fn verify(&self, token: &Token<'_>) -> Result<Claims, VerifyError> {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref());
        if token.key_id() != Some(&self.id) || key.verify(token.signed.as_bytes(), &token.signature).is_err()
        {
            return Err(VerifyError);
        }
        Ok(token.claims.clone())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The signature of a token doesn't match the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VerifyError;

/// A parsed token whose signature isn't verified yet.
#[derive(Debug)]
pub(crate) struct Token<'a> {
    /// `alg` of the header.
    algorithm: String,
    /// `None` if the header has no `kid`.
    key_id: Option<String>,
    /// The header and the claims, as signed.
    signed: &'a str,
    claims: Claims,
    signature: Vec<u8>,
}

impl<'a> Token<'a> {
    /// The claims, whose signature isn't verified.
    pub(crate) fn claims(&self) -> &Claims {
        &self.claims
    }

    /// `kid` of the header. `None` if it has none, as a provider with a single key may leave it out.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// `alg` of the header.
    pub(crate) fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// The header and the claims, as signed.
    pub(crate) fn signed(&self) -> &'a str {
        self.signed
    }

    pub(crate) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Parses a token that a pool may have signed. `None` if it isn't three parts in Base64 that contain JSON, or isn't signed with
    /// RS256.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        Self::parse_any(text).filter(|token| token.algorithm == "RS256")
    }

    /// Parses a token with any algorithm, which the caller has to check.
    pub(crate) fn parse_any(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Claims = decode(header)?;
        let algorithm = header.get("alg")?.as_str()?.to_owned();
        let key_id = match header.get("kid") {
            Some(id) => Some(id.as_str()?.to_owned()),
            None => None,
        };
        Some(Self {
            algorithm,
            key_id,
            signed,
            claims: decode(claims)?,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }
}

fn decode(part: &str) -> Option<Claims> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims::from_iter([
            ("sub".to_owned(), json!("x")),
            ("exp".to_owned(), json!(1_700_000_000)),
        ])
    }

    #[test]
    fn a_signed_token_verifies_with_its_key_alone() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let text = key.sign(&claims()).unwrap();
        let token = Token::parse(&text).unwrap();
        assert_eq!(key.verify(&token), Ok(claims()));
        assert_eq!(other.verify(&token), Err(VerifyError));
        let text = key.sign_without_id(&claims()).unwrap();
        assert_eq!(key.verify(&Token::parse(&text).unwrap()), Err(VerifyError));
    }

    #[test]
    fn a_changed_claim_does_not_verify() {
        let key = SigningKey::generate().unwrap();
        let text = key.sign(&claims()).unwrap();
        let parts: Vec<_> = text.split('.').collect();
        let forged = URL_SAFE_NO_PAD.encode(r#"{"sub":"y","exp":1700000000}"#);
        let text = [parts[0], &forged, parts[2]].join(".");
        assert_eq!(key.verify(&Token::parse(&text).unwrap()), Err(VerifyError));
    }

    #[test]
    fn the_header_has_key_id_and_algorithm_only() {
        let key = SigningKey::generate().unwrap();
        let text = key.sign(&claims()).unwrap();
        let header = decode(text.split('.').next().unwrap()).unwrap();
        assert_eq!(header.keys().collect::<Vec<_>>(), ["alg", "kid"]);
        let id = header["kid"].as_str().unwrap();
        assert!(id.len() == 44 && id.ends_with('='), "{id}");
    }

    #[test]
    fn other_algorithms_and_texts_are_no_tokens() {
        let none = format!(
            "{}.{}.",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"a"}"#),
            "e30"
        );
        for text in [none.as_str(), "", "a.b.c", "e30.e30.e30", "..."] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }
}
