//! The values that both sides derive from the shared secret: the key, and the signature that proves it.

use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::hmac;

use crate::group::{PublicValue, element, exponent};
use crypto_bigint::U256;

/// The info text of the key derivation, with the number of the block.
const INFO: &[u8] = b"Caldera Derived Key\x01";

/// The length of the derived key, in bytes.
const KEY_LENGTH: usize = 16;

/// The number `u` that binds a proof to both public values.
pub(crate) struct Scrambler {
    bytes: [u8; 32],
}

impl Scrambler {
    pub(crate) fn new(client: &PublicValue, server: &PublicValue) -> Self {
        let mut hash = Context::new(&SHA256);
        hash.update(&client.hashed_bytes());
        hash.update(&server.hashed_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash.finish().as_ref());
        Self { bytes }
    }

    /// The number as an exponent.
    pub(crate) fn to_exponent(&self) -> U256 {
        exponent(&self.bytes)
    }

    /// The key that is derived from the shared secret.
    pub(crate) fn key(&self, shared: &PublicValue) -> hmac::Key {
        let salt = PublicValue::from_element(&element(&self.bytes)).hashed_bytes();
        let extracted = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &salt), &shared.hashed_bytes());
        let expanded = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref()), INFO);
        let key = expanded.as_ref().get(..KEY_LENGTH).unwrap_or_default();
        hmac::Key::new(hmac::HMAC_SHA256, key)
    }
}

/// The message that a client signs.
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    /// The part of the pool's id after the underscore.
    pub pool_name: &'a str,
    /// The real user name, sent as `USER_ID_FOR_SRP`.
    pub user_id: &'a str,
    /// `SECRET_BLOCK`, decoded.
    pub secret_block: &'a [u8],
    /// The client's time, as in `Thu Nov 26 20:40:31 UTC 2026`.
    pub timestamp: &'a str,
}

impl Claim<'_> {
    /// The bytes that are signed: the four values, one after the other.
    pub(crate) fn message(&self) -> Vec<u8> {
        [
            self.pool_name.as_bytes(),
            self.user_id.as_bytes(),
            self.secret_block,
            self.timestamp.as_bytes(),
        ]
        .concat()
    }
}
