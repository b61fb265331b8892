//! The checks on a message, in their order.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::key_arn::KeyArn;
use crate::kms::{DecryptRequest, DynKms};
use crate::message::{DATA_KEY_LENGTH, EncryptedDataKey, Message};
use crate::pool_id::is_pool_id;

/// Opens messages that were encrypted under one key, for one of several pools.
pub(crate) struct Opener {
    pub(crate) key: KeyArn,
    pub(crate) pools: Vec<String>,
    pub(crate) max_data_keys: usize,
    pub(crate) timeout: Duration,
    pub(crate) kms: Box<dyn DynKms>,
}

impl Opener {
    /// Opens `code`, from an event of the pool `event_pool`.
    pub(crate) async fn open(
        &self,
        code: &str,
        event_pool: &str,
        timeout: Duration,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let bytes = decode_base64(code)?;
        let message = Message::parse(&bytes)?;
        // This comes first, so that damage isn't reported as a wrong pool or a wrong key.
        message.verify_signature()?;
        check_pool(message.encryption_context().pool_id(), event_pool)?;
        let encrypted = self.find_data_key(message.data_keys())?;
        let data_key = self.decrypt(encrypted, &message, timeout).await?;
        message.open(&data_key)
    }

    /// Checks that `event_pool` is one of the configured pools.
    pub(crate) fn check_configured(&self, event_pool: &str) -> Result<(), Error> {
        if self.pools.iter().any(|pool| pool == event_pool) {
            return Ok(());
        }
        Err(Error::wrong_pool(format!(
            "the event comes from pool {}, and this function serves {} only: \
             to serve the pool, add it to COGNITO_USER_POOL_IDS",
            printable_pool(event_pool),
            self.pools.join(", ")
        )))
    }

    /// Returns the data key that was encrypted under the configured key. No other one is ever sent to KMS.
    fn find_data_key<'m>(&self, keys: &'m [EncryptedDataKey<'m>]) -> Result<&'m EncryptedDataKey<'m>, Error> {
        if keys.len() > self.max_data_keys {
            return Err(Error::unsupported(format!(
                "it has {} data keys, and {} allowed; raise `DecryptorBuilder::max_data_keys` if you expect more",
                keys.len(),
                if self.max_data_keys == 1 {
                    "one is".to_owned()
                } else {
                    format!("{} are", self.max_data_keys)
                }
            )));
        }
        let matches = |key: &&EncryptedDataKey<'_>| {
            key.provider_id == b"aws-kms" && key.provider_info == self.key.as_str().as_bytes()
        };
        let found = keys.iter().find(matches).ok_or_else(|| {
            let found: Vec<_> = keys.iter().map(|key| printable_arn(key.provider_info)).collect();
            Error::wrong_key(format!(
                "the code was encrypted under {}, and this function uses {}: \
                 set COGNITO_KMS_KEY_ARN to the key of the pool's `KMSKeyID`",
                found.join(", "),
                self.key.as_str()
            ))
        })?;
        if (1..=MAX_CIPHERTEXT_LENGTH).contains(&found.ciphertext.len()) {
            Ok(found)
        } else {
            Err(Error::tampered(
                "its encrypted data key doesn't have 1 to 6144 bytes, as KMS requires",
            ))
        }
    }

    async fn decrypt(
        &self,
        encrypted: &EncryptedDataKey<'_>,
        message: &Message<'_>,
        timeout: Duration,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let key_arn = self.key.as_str();
        let request = DecryptRequest {
            key_arn,
            ciphertext: encrypted.ciphertext,
            encryption_context: &message.encryption_context().to_map(),
            timeout,
        };
        let data_key = self
            .kms
            .decrypt(request)
            .await
            .map_err(|error| Error::kms(key_arn, error))?;
        if data_key.key_arn != key_arn {
            return Err(Error::wrong_key(format!(
                "KMS used {} instead of {key_arn}: check which key the function's KMS client uses",
                printable_arn(data_key.key_arn.as_bytes())
            )));
        }
        if data_key.plaintext.len() != DATA_KEY_LENGTH {
            return Err(Error::tampered(format!(
                "its data key doesn't have {DATA_KEY_LENGTH} bytes"
            )));
        }
        Ok(data_key.plaintext)
    }
}

/// Decodes standard base64 with padding, without whitespace.
fn decode_base64(code: &str) -> Result<Vec<u8>, Error> {
    STANDARD
        .decode(code)
        .map_err(|_| Error::not_a_message("it isn't standard base64 with padding"))
}

/// Compares the pool in the header, which KMS authenticates, with the pool in the event, which nothing authenticates.
fn check_pool(header: Option<&str>, event: &str) -> Result<(), Error> {
    match header {
        Some(header) if header == event => Ok(()),
        Some(header) => Err(Error::wrong_pool(format!(
            "the code was encrypted for pool {}, and the event comes from pool {}: \
             pass the event unchanged, with its own code",
            printable_pool(header),
            printable_pool(event)
        ))),
        None => Err(Error::wrong_pool(
            "the code doesn't name its user pool: Cognito writes `userpool-id` into the encryption context, so this \
             code isn't from Cognito; pass the event's `request.code` unchanged",
        )),
    }
}

/// The longest ciphertext that KMS decrypts, in bytes:
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>.
const MAX_CIPHERTEXT_LENGTH: usize = 6144;

/// The longest pool id or key ARN that an error repeats, in bytes.
const MAX_PRINTED_LENGTH: usize = 200;

/// Returns `id` for an error message, or a placeholder if it isn't a pool id.
///
/// The sender of the event chose this string, so nothing but an id may get into the log.
fn printable_pool(id: &str) -> &str {
    Some(id)
        .filter(|id| id.len() <= MAX_PRINTED_LENGTH && is_pool_id(id))
        .unwrap_or("(malformed id)")
}

/// Returns `arn` for an error message, or a placeholder if it isn't a key's ARN.
fn printable_arn(arn: &[u8]) -> &str {
    std::str::from_utf8(arn)
        .ok()
        .filter(|arn| arn.len() <= MAX_PRINTED_LENGTH && KeyArn::parse(arn).is_ok())
        .unwrap_or("(malformed ARN)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kms::{DataKey, Kms, KmsError};

    /// A KMS that must not be called.
    struct NoKms;

    impl Kms for NoKms {
        async fn decrypt(&self, _: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
            unreachable!()
        }
    }

    #[test]
    fn a_data_key_that_kms_would_refuse_is_not_sent() {
        let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let opener = Opener {
            key: KeyArn::parse(arn).unwrap(),
            pools: Vec::new(),
            max_data_keys: 1,
            timeout: Duration::ZERO,
            kms: Box::new(NoKms),
        };
        for (length, is_sent) in [(0, false), (1, true), (6144, true), (6145, false)] {
            let key = EncryptedDataKey {
                provider_id: b"aws-kms",
                provider_info: arn.as_bytes(),
                ciphertext: &vec![1; length],
            };
            let found = opener.find_data_key(std::slice::from_ref(&key)).map(|_| ());
            assert_eq!(found.is_ok(), is_sent, "{length}");
            assert!(found.err().is_none_or(|error| error.is_tampered()));
        }
    }

    #[test]
    fn an_error_repeats_only_well_formed_names() {
        let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        assert_eq!(printable_pool("eu-central-1_aB3dE6gHi"), "eu-central-1_aB3dE6gHi");
        assert_eq!(printable_arn(arn.as_bytes()), arn);
        for other in [
            "",
            "ana@example.com",
            "eu_1\nERROR",
            &format!("eu_{}", "1".repeat(4000)),
        ] {
            assert_eq!(printable_pool(other), "(malformed id)");
            assert_eq!(printable_arn(other.as_bytes()), "(malformed ARN)");
        }
        assert_eq!(
            printable_arn(format!("{arn}{}", "1".repeat(4000)).as_bytes()),
            "(malformed ARN)"
        );
        assert_eq!(printable_arn(&[0xFF]), "(malformed ARN)");
    }
}
