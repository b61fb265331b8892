//! Web Authentication: what a relying party checks, as level 3 of the W3C's recommendation has it.
//!
//! A browser or an operating system sends two kinds of credentials: a [`Registration`], which has the public key of a new
//! passkey, and an [`Assertion`], which a passkey has signed. Both are JSON with parts in Base64url without padding.
//!
//! Nothing here knows user pools. `docs/decisions/passkeys.md` says why it is our own code.

mod assertion;
mod attestation;
mod authenticator_data;
mod client_data;
mod public_key;
mod registration;
#[cfg(test)]
mod tests;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

pub(crate) use self::assertion::{Assertion, Known};
pub(crate) use self::client_data::is_origin_of;
pub(crate) use self::public_key::ALGORITHMS;
pub(crate) use self::registration::Registration;

/// The longest part of a credential, in bytes. Real ones have a few hundred.
const MAX_PART: usize = 64 * 1024;

/// What a relying party demands of a credential.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RelyingParty<'a> {
    /// The RP ID: a domain.
    pub(crate) id: &'a str,
    /// Whether the authenticator has to verify the user, with a PIN or a fingerprint.
    pub(crate) verifies_users: bool,
}

/// Why a credential is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A part is missing, or can't be read.
    Malformed(&'static str),
    /// It answers another challenge.
    Challenge,
    /// It comes from a page or an app that doesn't belong to the relying party.
    Origin(String),
    /// It belongs to another relying party.
    RelyingParty,
    /// Nobody touched the authenticator.
    Presence,
    /// The authenticator didn't verify the user.
    Verification,
    /// The kind of key or of attestation isn't supported.
    Unsupported(&'static str),
    /// The signature doesn't match the key.
    Signature,
    /// It belongs to another user.
    User,
    /// The counter of signatures didn't grow, so that the passkey may have been copied.
    Counter,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(part) => write!(f, "{part} can't be read"),
            Self::Challenge => f.write_str("it answers another challenge"),
            Self::Origin(origin) => write!(f, "the origin {origin} doesn't belong to the relying party"),
            Self::RelyingParty => f.write_str("it belongs to another relying party"),
            Self::Presence => f.write_str("the authenticator didn't notice a user"),
            Self::Verification => f.write_str("the authenticator didn't verify the user"),
            Self::Unsupported(what) => write!(f, "{what} isn't supported"),
            Self::Signature => f.write_str("the signature doesn't match the key"),
            Self::User => f.write_str("it belongs to another user"),
            Self::Counter => f.write_str("the counter of signatures didn't grow"),
        }
    }
}

/// Decodes the member of an object that has this name, and names it in the error.
fn part(object: &Value, name: &'static str) -> Result<Vec<u8>, Refusal> {
    let text = object.get(name).and_then(Value::as_str);
    let text = text.filter(|text| text.len() <= MAX_PART / 3 * 4);
    let bytes = text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    bytes.ok_or(Refusal::Malformed(name))
}

/// The members that both kinds of credentials have: the id and `response`.
fn outer(credential: &Value) -> Result<(String, &Value), Refusal> {
    let text = |name: &str| credential.get(name).and_then(Value::as_str);
    if text("type") != Some("public-key") {
        return Err(Refusal::Malformed("type"));
    }
    let id = part(credential, "id")?;
    if part(credential, "rawId")? != id {
        return Err(Refusal::Malformed("rawId"));
    }
    let response = credential.get("response").ok_or(Refusal::Malformed("response"))?;
    Ok((URL_SAFE_NO_PAD.encode(id), response))
}
