//! Codes as Cognito would send them, made here: real AWS Encryption SDK messages under a local key.
//!
//! The writer knows nothing of the reader in `cognito-triggers-kms`, on purpose: a misunderstanding that both shared
//! would go unseen. The SDK of AWS for Python opens what is sealed here, in the test suite.

mod suite;
mod writer;

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::encoding::{AsBigEndian, EcPublicKeyCompressedBin};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_kms::testing::LocalKey;
use zeroize::Zeroizing;

use self::suite::Suite;
use self::writer::Header;

/// The key under which codes are sealed when nobody asks for another one: that of the sample events' pool.
pub const KEY_ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382";

/// Seals codes as Cognito does: suite 0x0378, the pool in the encryption context, one data key, frames of 4096
/// bytes, a signature.
///
/// ```
/// use cognito_triggers_kms::testing::LocalKey;
/// use cognito_triggers_replay::seal::{KEY_ARN, Sealer};
///
/// let sealer = Sealer::like_cognito(&LocalKey::new(KEY_ARN)?, "eu-central-1_aB3dE6gHi");
/// let code = sealer.seal("123456")?; // for `request.code`
/// assert!(code.starts_with("AYADe"), "as every code of Cognito");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sealer {
    key: LocalKey,
    suite: Suite,
    context: BTreeMap<String, String>,
    frame_length: u32,
}

impl Sealer {
    /// Seals for the pool with this id, under `key`.
    #[must_use]
    pub fn like_cognito(key: &LocalKey, pool: &str) -> Self {
        let context = BTreeMap::from([("userpool-id".to_owned(), pool.to_owned())]);
        Self {
            key: key.clone(),
            suite: Suite::S0378,
            context,
            frame_length: 4096,
        }
    }

    /// Uses suite 0x0578, with key commitment: what today's SDKs write by default, and some imitations of Cognito.
    #[must_use]
    pub fn with_commitment(self) -> Self {
        Self {
            suite: Suite::S0578,
            ..self
        }
    }

    /// Adds a pair to the encryption context, or replaces the one of that name.
    #[must_use]
    pub fn context(mut self, name: &str, value: &str) -> Self {
        self.context.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Splits the content into frames of this many bytes, at least one.
    #[must_use]
    pub fn frame_length(self, bytes: u32) -> Self {
        Self {
            frame_length: bytes.max(1),
            ..self
        }
    }

    /// The text for `request.code` of an event: `code`, encrypted and in base64.
    ///
    /// # Errors
    /// The context doesn't fit into a message, or the system has no randomness.
    pub fn seal(&self, code: &str) -> Result<String, SealError> {
        self.message(code.as_bytes())
            .map(|message| STANDARD.encode(message))
    }

    /// The same for the temporary password of a user that an administrator created, in which Cognito
    /// HTML-escapes the reserved characters.
    ///
    /// # Errors
    /// As for [`seal`](Self::seal).
    pub fn seal_temporary_password(&self, password: &str) -> Result<String, SealError> {
        let escaped = password
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        self.seal(&Zeroizing::new(escaped))
    }

    fn message(&self, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let signing_key = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING)?;
        let public_key: EcPublicKeyCompressedBin<'_> = signing_key.public_key().as_be_bytes()?;
        let mut context = self.context.clone();
        context.insert(
            "aws-crypto-public-key".to_owned(),
            STANDARD.encode(public_key.as_ref()),
        );

        let mut data_key = Zeroizing::new([0; 32]);
        rand::fill(&mut *data_key)?;
        let encrypted_data_key = self
            .key
            .encrypt(&*data_key, &context)
            .map_err(|_| SealError::Cryptography)?;
        let mut message_id = vec![0; self.suite.message_id_length()];
        rand::fill(&mut message_id)?;

        let keys = self.suite.derive(&*data_key, &message_id)?;
        let header = Header {
            suite: self.suite,
            message_id: &message_id,
            context: &context,
            key_arn: self.key.arn(),
            encrypted_data_key: &encrypted_data_key,
            frame_length: self.frame_length,
            commitment: keys.commitment.as_deref(),
        };
        let mut message = header.write(&keys.sealing)?;
        writer::write_frames(
            &mut message,
            &keys.sealing,
            &message_id,
            plaintext,
            self.frame_length,
        )?;
        let signature = signing_key.sign(&SystemRandom::new(), &message)?;
        writer::write_field(&mut message, signature.as_ref())?;
        Ok(message)
    }
}

/// Why a code wasn't sealed.
#[derive(Debug)]
#[non_exhaustive]
pub enum SealError {
    /// A part is longer than the format has room for: 65,535 bytes.
    TooLong,
    /// The cryptographic library failed; it does when the system has no randomness.
    Cryptography,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "a part of the message is longer than 65,535 bytes",
            Self::Cryptography => "the cryptographic library failed; does the system have randomness?",
        })
    }
}

impl std::error::Error for SealError {}

impl From<Unspecified> for SealError {
    fn from(_: Unspecified) -> Self {
        Self::Cryptography
    }
}
