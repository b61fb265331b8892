//! The algorithm suites, and how each derives its keys from the data key.
//!
//! Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html>

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA384, HKDF_SHA512, KeyType, Salt};

/// The algorithm suites that a sealed code may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suite {
    /// Message format version 1, HKDF with SHA-384, no key commitment.
    S0378,
    /// Message format version 2, HKDF with SHA-512, key commitment.
    S0578,
}

/// The keys that are derived from a data key.
pub(super) struct Keys {
    /// Encrypts the frames and authenticates the header.
    pub(super) sealing: LessSafeKey,
    /// The value that commits the message to its key; `None` in a suite without commitment.
    pub(super) commitment: Option<Vec<u8>>,
}

impl Suite {
    /// The id of the suite as the header has it.
    pub(super) fn id(self) -> [u8; 2] {
        match self {
            Self::S0378 => [0x03, 0x78],
            Self::S0578 => [0x05, 0x78],
        }
    }

    /// The length of a message id in bytes.
    pub(super) fn message_id_length(self) -> usize {
        match self {
            Self::S0378 => 16,
            Self::S0578 => 32,
        }
    }

    /// Derives the keys of one message.
    pub(super) fn derive(self, data_key: &[u8], message_id: &[u8]) -> Result<Keys, Unspecified> {
        let id = self.id();
        let (secret, info, commits) = match self {
            Self::S0378 => (
                Salt::none(HKDF_SHA384).extract(data_key),
                [id.as_slice(), message_id],
                false,
            ),
            Self::S0578 => (
                Salt::new(HKDF_SHA512, message_id).extract(data_key),
                [id.as_slice(), b"DERIVEKEY"],
                true,
            ),
        };
        let sealing = LessSafeKey::new(UnboundKey::from(secret.expand(&info, &AES_256_GCM)?));
        let commitment = if commits {
            let mut commitment = vec![0; Commitment.len()];
            secret
                .expand(&[b"COMMITKEY"], Commitment)?
                .fill(&mut commitment)?;
            Some(commitment)
        } else {
            None
        };
        Ok(Keys { sealing, commitment })
    }
}

/// The length of a commitment: 32 bytes.
struct Commitment;

impl KeyType for Commitment {
    fn len(&self) -> usize {
        32
    }
}
