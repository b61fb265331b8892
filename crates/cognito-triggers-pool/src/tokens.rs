//! Tokens: their claims, what a token trigger changes in them, how long they live, and what they allow.
//!
//! ID tokens and access tokens are JSON web tokens that the pool signs. Refresh tokens are opaque, and stored
//! as hashes.

pub(crate) mod access;
mod claims;
mod groups;
mod machine;
mod overrides;
mod validity;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) use self::claims::{Occasion, Subject, Tokens, is_granted, scopes};
pub(crate) use self::groups::{Membership, group_configuration};
pub(crate) use self::machine::machine_claims;
pub(crate) use self::overrides::Overrides;
pub(crate) use self::validity::Validity;
use crate::ids::Ids;

/// The scope of every access token that the API issues. It allows the operations that take an access token.
pub(crate) const ADMIN_SCOPE: &str = "aws.cognito.signin.user.admin";

/// A new refresh token. It has five parts, like an encrypted JSON web token, but their content is random.
pub(crate) fn new_refresh_token(ids: &Ids) -> String {
    let header = r#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#;
    let parts = [
        header.as_bytes(),
        &ids.bytes::<64>(),
        &ids.bytes::<12>(),
        &ids.bytes::<96>(),
        &ids.bytes::<16>(),
    ];
    parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}
