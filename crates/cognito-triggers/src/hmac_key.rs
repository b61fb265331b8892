//! Keys of HMACs, as teams configure them.

use cognito_triggers_model::secret::Secret;
use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;

use crate::error::BoxError;

/// The shortest key that is accepted: as long as the digest of HMAC-SHA-256.
const KEY_BYTES: usize = 32;

/// An HMAC-SHA-256 with this key. `purpose` says in an error what the key is for.
///
/// # Errors
/// Fails if the key has fewer than 32 bytes.
pub(crate) fn read(purpose: &str, key: &Secret) -> Result<Hmac<Sha256>, BoxError> {
    let bytes = key.expose().as_bytes();
    if bytes.len() < KEY_BYTES {
        return Err(format!(
            "the key for {purpose} has {} bytes; use {KEY_BYTES} or more",
            bytes.len()
        )
        .into());
    }
    Hmac::new_from_slice(bytes)
        .map_err(|_| format!("the key for {purpose} has a length that HMAC refuses").into())
}
