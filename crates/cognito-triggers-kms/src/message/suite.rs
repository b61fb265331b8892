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
/// All that the format has.
/// <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html>
const SUITES: [u16; 11] = [
    0x0014, 0x0046, 0x0078, 0x0114, 0x0146, 0x0178, 0x0214, 0x0346, ID_0378, 0x0478, ID_0578,
];

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
    if !SUITES.contains(&id) {
        return Err(Error::not_a_message(
            "it names an algorithm suite that isn't known here",
        ));
    }
    Err(Error::unsupported(format!(
        "version {version} of the format with algorithm suite {id:#06x}; of this version only {expected:#06x} is opened"
    )))
}

fn aes_key(secret: &Prk, info: &[&[u8]]) -> Result<LessSafeKey, Error> {
    let mut key = Zeroizing::new([0; LENGTH]);
    expand(secret, info, &mut key)?;
    let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| Error::internal())?;
    Ok(LessSafeKey::new(key))
}

fn verify_commitment(secret: &Prk, commitment: &[u8]) -> Result<(), Error> {
    let mut ours = Zeroizing::new([0; LENGTH]);
    expand(secret, &[b"COMMITKEY"], &mut ours)?;
    verify_slices_are_equal(ours.as_slice(), commitment)
        .map_err(|_| Error::tampered("the data key isn't the one it commits to"))
}

/// Fills in what HKDF makes of `secret`: in the caller's place, since a value that is returned may leave a copy on the
/// stack, as `UnboundKey::from` would.
fn expand(secret: &Prk, info: &[&[u8]], out: &mut Zeroizing<[u8; LENGTH]>) -> Result<(), Error> {
    secret
        .expand(info, Length)
        .and_then(|okm| okm.fill(out.as_mut_slice()))
        .map_err(|_| Error::internal())
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

    #[test]
    fn only_a_known_suite_makes_it_a_message() {
        for id in SUITES {
            assert!(
                expect(id, 0, 1).is_err_and(|error| error.is_unsupported()),
                "{id:#06x}"
            );
        }
        for id in [0, 0x0202, 0x0379, u16::MAX] {
            let refusal = expect(id, ID_0378, 1).unwrap_err();
            assert!(refusal.is_not_encryption_sdk_message(), "{id:#06x}");
        }
    }

    #[test]
    fn what_is_derived_depends_on_what_it_is_for() {
        let secret = Salt::new(HKDF_SHA384, &[]).extract(&[7; 32]);
        // Of a type that is wiped: a plain array doesn't get through.
        let (mut one, mut other) = (Zeroizing::new([0; LENGTH]), Zeroizing::new([0; LENGTH]));
        expand(&secret, &[b"one"], &mut one).unwrap();
        expand(&secret, &[b"other"], &mut other).unwrap();
        assert!(*one != [0; LENGTH] && *one != *other);
    }
}
