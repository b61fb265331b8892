//! The two algorithm suites, and how each makes its key out of the data key.

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hkdf::{HKDF_SHA384, HKDF_SHA512, KeyType, Prk, Salt};
use zeroize::Zeroizing;

use crate::Error;

/// AES-256-GCM, HKDF and ECDSA over P-384, without or with key commitment.
pub(super) enum Suite<'a> {
    /// 0x0378, HKDF-SHA384: what Cognito uses.
    S0378,
    /// 0x0578, HKDF-SHA512: the default of today's SDKs, and of imitations of Cognito.
    S0578 {
        /// Says which key the message was made with, so that no second key opens it too.
        commitment: &'a [u8],
    },
}

const ID_0378: u16 = 0x0378;
const ID_0578: u16 = 0x0578;

impl Suite<'_> {
    pub(super) fn expect_0378(id: u16) -> Result<(), Error> {
        expect(id, ID_0378, 1)
    }

    pub(super) fn expect_0578(id: u16) -> Result<(), Error> {
        expect(id, ID_0578, 2)
    }

    /// The key of header and frames. With commitment, also checks that this is the key committed to.
    pub(super) fn derive_key(&self, data_key: &[u8], message_id: &[u8]) -> Result<LessSafeKey, Error> {
        match self {
            Self::S0378 => {
                let secret = Salt::new(HKDF_SHA384, &[]).extract(data_key);
                aes_key(&secret, &[&ID_0378.to_be_bytes(), message_id])
            }
            Self::S0578 { commitment } => {
                let secret = Salt::new(HKDF_SHA512, message_id).extract(data_key);
                verify_commitment(&secret, commitment)?;
                aes_key(&secret, &[&ID_0578.to_be_bytes(), b"DERIVEKEY"])
            }
        }
    }
}

fn expect(id: u16, expected: u16, version: u8) -> Result<(), Error> {
    if id == expected {
        return Ok(());
    }
    Err(Error::unsupported(format!(
        "version {version} of the format with algorithm suite {id:#06x}; of this version only {expected:#06x} is opened"
    )))
}

fn aes_key(secret: &Prk, info: &[&[u8]]) -> Result<LessSafeKey, Error> {
    let key = expand(secret, info)?;
    let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| Error::internal())?;
    Ok(LessSafeKey::new(key))
}

fn verify_commitment(secret: &Prk, commitment: &[u8]) -> Result<(), Error> {
    let ours = expand(secret, &[b"COMMITKEY"])?;
    verify_slices_are_equal(ours.as_slice(), commitment)
        .map_err(|_| Error::tampered("the data key isn't the one it commits to"))
}

/// What HKDF makes of `secret`, in memory that is wiped: `UnboundKey::from` would leave the key on the stack.
fn expand(secret: &Prk, info: &[&[u8]]) -> Result<Zeroizing<[u8; LENGTH]>, Error> {
    let mut out = Zeroizing::new([0; LENGTH]);
    secret
        .expand(info, Length)
        .and_then(|okm| okm.fill(out.as_mut_slice()))
        .map_err(|_| Error::internal())?;
    Ok(out)
}

/// Bytes of a key and of a commitment.
const LENGTH: usize = 32;

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        LENGTH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Not even the compiler may let a plain array through.
    #[test]
    fn what_is_derived_is_wiped() {
        let secret = Salt::new(HKDF_SHA384, &[]).extract(&[7; 32]);
        let one: Zeroizing<[u8; LENGTH]> = expand(&secret, &[b"one"]).unwrap();
        let other = expand(&secret, &[b"other"]).unwrap();
        assert!(*one != [0; LENGTH] && *one != *other);
    }
}
