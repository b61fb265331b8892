//! The two supported algorithm suites, and how each derives its key from the data key.

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hkdf::{HKDF_SHA384, HKDF_SHA512, KeyType, Prk, Salt};
use zeroize::Zeroizing;

use crate::error::Error;

/// An algorithm suite of AES-256-GCM, HKDF, and ECDSA over P-384.
pub(super) enum AlgorithmSuite<'a> {
    /// 0x0378: HKDF-SHA384, without key commitment. Cognito uses it.
    S0378,
    /// 0x0578: HKDF-SHA512, with key commitment. It is the SDKs' default, so emulators of Cognito use it.
    S0578 {
        /// A value derived from the data key, so that no second data key opens the message too. 32 bytes.
        commitment: &'a [u8],
    },
}

const ID_0378: u16 = 0x0378;
const ID_0578: u16 = 0x0578;
/// All suites of the format:
/// <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html>
const SUITES: [u16; 11] = [
    0x0014, 0x0046, 0x0078, 0x0114, 0x0146, 0x0178, 0x0214, 0x0346, ID_0378, 0x0478, ID_0578,
];

impl AlgorithmSuite<'_> {
    /// Checks that `id`, from a message of version 1, is 0x0378.
    pub(super) fn expect_0378(id: u16) -> Result<(), Error> {
        expect(id, ID_0378, 1)
    }

    /// Checks that `id`, from a message of version 2, is 0x0578.
    pub(super) fn expect_0578(id: u16) -> Result<(), Error> {
        expect(id, ID_0578, 2)
    }

    /// Derives the key of header and frames. With key commitment, also checks that the data key is the committed one.
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
        return Err(Error::not_a_message("its algorithm suite doesn't exist"));
    }
    Err(Error::unsupported(format!(
        "it has format version {version} and algorithm suite {id:#06x}, and only {expected:#06x} is supported for this version"
    )))
}

fn aes_key(secret: &Prk, info: &[&[u8]]) -> Result<LessSafeKey, Error> {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    expand(secret, info, &mut key)?;
    let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| Error::internal())?;
    Ok(LessSafeKey::new(key))
}

fn verify_commitment(secret: &Prk, commitment: &[u8]) -> Result<(), Error> {
    let mut expected = Zeroizing::new([0; KEY_LENGTH]);
    expand(secret, &[b"COMMITKEY"], &mut expected)?;
    verify_slices_are_equal(expected.as_slice(), commitment)
        .map_err(|_| Error::tampered("the data key isn't the one that it commits to"))
}

/// Expands `secret` with HKDF into `out`.
///
/// The output goes to the caller's buffer, because a returned value may leave a copy on the stack, as `UnboundKey::from`
/// does.
fn expand(secret: &Prk, info: &[&[u8]], out: &mut Zeroizing<[u8; KEY_LENGTH]>) -> Result<(), Error> {
    secret
        .expand(info, OutputLength)
        .and_then(|okm| okm.fill(out.as_mut_slice()))
        .map_err(|_| Error::internal())
}

/// Bytes of a derived key, and of a key commitment.
const KEY_LENGTH: usize = 32;

/// The output length of HKDF, as aws-lc-rs takes it.
struct OutputLength;

impl KeyType for OutputLength {
    fn len(&self) -> usize {
        KEY_LENGTH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_suite_is_not_a_message() {
        for id in SUITES {
            assert!(
                expect(id, 0, 1).is_err_and(|error| error.is_unsupported()),
                "{id:#06x}"
            );
        }
        for id in [0, 0x0202, 0x0379, u16::MAX] {
            let error = expect(id, ID_0378, 1).unwrap_err();
            assert!(error.is_not_encryption_sdk_message(), "{id:#06x}");
        }
    }

    #[test]
    fn a_derived_key_depends_on_its_purpose() {
        let secret = Salt::new(HKDF_SHA384, &[]).extract(&[7; 32]);
        // `Zeroizing` is required by the signature, so that no derived key stays in memory.
        let (mut one, mut other) = (Zeroizing::new([0; KEY_LENGTH]), Zeroizing::new([0; KEY_LENGTH]));
        expand(&secret, &[b"one"], &mut one).unwrap();
        expand(&secret, &[b"other"], &mut other).unwrap();
        assert!(*one != [0; KEY_LENGTH] && *one != *other);
    }
}
