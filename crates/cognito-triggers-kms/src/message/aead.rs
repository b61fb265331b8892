//! AES-GCM, which protects the header and every frame.

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};

use crate::error::Error;

/// Bytes of a nonce; the format's documentation calls it IV.
pub(super) const NONCE_LENGTH: usize = 12;
/// Bytes of an authentication tag.
pub(super) const TAG_LENGTH: usize = 16;

/// Decrypts `ciphertext` into `plaintext`, which must have the same length.
///
/// `aad` is the additional authenticated data: bytes that the tag covers besides the ciphertext.
///
/// # Errors
/// Fails if ciphertext, additional data or tag were altered, or if the key is another one.
pub(super) fn decrypt(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LENGTH],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
    plaintext: &mut [u8],
) -> Result<(), Error> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.open_separate_gather(nonce, Aad::from(aad), ciphertext, tag, plaintext)
        .map_err(|_| Error::tampered("an authentication tag doesn't match"))
}
