//! How each suite makes its keys out of a data key.

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA384, HKDF_SHA512, KeyType, Salt};

/// The suites that a code may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suite {
    /// Format version 1, HKDF-SHA384, no commitment.
    S0378,
    /// Format version 2, HKDF-SHA512, with commitment.
    S0578,
}

/// What a data key becomes.
pub(super) struct Keys {
    pub(super) sealing: LessSafeKey,
    pub(super) commitment: Option<Vec<u8>>,
}

impl Suite {
    pub(super) fn id(self) -> [u8; 2] {
        match self {
            Self::S0378 => [0x03, 0x78],
            Self::S0578 => [0x05, 0x78],
        }
    }

    pub(super) fn message_id_length(self) -> usize {
        match self {
            Self::S0378 => 16,
            Self::S0578 => 32,
        }
    }

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

struct Commitment;

impl KeyType for Commitment {
    fn len(&self) -> usize {
        32
    }
}
