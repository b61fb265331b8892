//! Codes as Cognito sends them to custom senders: messages of the AWS Encryption SDK, encrypted under a local key.
//!
//! The code here shares nothing with the reader in `cognito-triggers-kms`, because a shared mistake would go unnoticed.
//! The test suite opens what is sealed here with AWS's own Encryption SDK for Python.

mod error;
mod message;
mod suite;

use std::collections::BTreeMap;

use aws_lc_rs::encoding::{AsBigEndian, EcPublicKeyCompressedBin};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_kms::testing::LocalKey;
use zeroize::Zeroizing;

pub use self::error::SealError;
use self::message::Header;
use self::suite::Suite;

/// The ARN of the default key: that of the pool in the sample events.
pub const KEY_ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382";

/// Encrypts codes as Cognito does: algorithm suite 0x0378, the pool id in the encryption context, one encrypted data
/// key, frames of 4,096 bytes, and a signature.
///
/// ```
/// use cognito_triggers_kms::testing::LocalKey;
/// use cognito_triggers_loopback::seal::{KEY_ARN, Sealer};
///
/// let sealer = Sealer::new(&LocalKey::new(KEY_ARN)?, "eu-central-1_aB3dE6gHi");
/// let code = sealer.seal("123456")?; // for `request.code`
/// assert!(code.starts_with("AYADe")); // as every code from Cognito does
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
    /// Seals codes of the user pool with the id `pool`, under `key`.
    #[must_use]
    pub fn new(key: &LocalKey, pool: &str) -> Self {
        let context = BTreeMap::from([("userpool-id".to_owned(), pool.to_owned())]);
        Self {
            key: key.clone(),
            suite: Suite::S0378,
            context,
            frame_length: 4096,
        }
    }

    /// Uses algorithm suite 0x0578, which has key commitment. Current versions of the Encryption SDK write it by default,
    /// and so do some emulators of Cognito.
    #[must_use]
    pub fn with_commitment(self) -> Self {
        Self {
            suite: Suite::S0578,
            ..self
        }
    }

    /// Sets an entry of the encryption context.
    #[must_use]
    pub fn context(mut self, name: &str, value: &str) -> Self {
        self.context.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets the length of a frame in bytes; 0 counts as 1. The default is 4,096.
    #[must_use]
    pub fn frame_length(self, bytes: u32) -> Self {
        Self {
            frame_length: bytes.max(1),
            ..self
        }
    }

    /// Encrypts `code` and returns it in base64: the value of `request.code` in the event of a custom sender.
    ///
    /// # Errors
    /// Fails if the encryption context is too long for a message, or if the system has no source of randomness.
    pub fn seal(&self, code: &str) -> Result<String, SealError> {
        self.message(code.as_bytes())
            .map(|message| STANDARD.encode(message))
    }

    /// Encrypts the temporary password of a user whom an administrator created. First replaces `&`, `<` and `>`
    /// with HTML entities, as Cognito does.
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

    /// The message in bytes: header, frames, signature.
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
        message::write_frames(
            &mut message,
            &keys.sealing,
            &message_id,
            plaintext,
            self.frame_length,
        )?;
        let signature = signing_key.sign(&SystemRandom::new(), &message)?;
        message::write_field(&mut message, signature.as_ref())?;
        Ok(message)
    }
}
