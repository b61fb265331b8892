//! What is checked about a message, and in which order.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::builder::is_pool_id;
use crate::key_arn::KeyArn;
use crate::kms::AnyKms;
use crate::message::{DATA_KEY, EncryptedDataKey, Message, decode};
use crate::{Decrypt, Error};

/// Opens messages under one key, for some pools.
pub(crate) struct Opener {
    pub(crate) key: KeyArn,
    pub(crate) pools: Vec<String>,
    pub(crate) max_data_keys: usize,
    pub(crate) time_limit: Duration,
    pub(crate) kms: Box<dyn AnyKms>,
}

impl Opener {
    /// Opens the `code` of an event of `event_pool`.
    pub(crate) async fn open(
        &self,
        code: &str,
        event_pool: &str,
        time_limit: Duration,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let bytes = decode(code)?;
        let message = Message::parse(&bytes)?;
        // First, so that damage isn't taken for another pool or another key.
        message.verify_signature()?;
        check_pool(message.context().pool(), event_pool)?;
        let data_key = self.our_data_key(message.data_keys())?;
        let data_key = self.decrypt(data_key, &message, time_limit).await?;
        message.open(&data_key)
    }

    /// The pool is one of those whose codes may be opened here.
    pub(crate) fn check_served(&self, event_pool: &str) -> Result<(), Error> {
        if self.pools.iter().any(|pool| pool == event_pool) {
            return Ok(());
        }
        Err(Error::wrong_pool(format!(
            "the event is of pool {}, and this function serves {}: \
             add the pool to COGNITO_USER_POOL_IDS if it should",
            pool(event_pool),
            self.pools.join(", ")
        )))
    }

    /// The data key that the configured key opens. Nothing else in the message is worth a call to KMS.
    fn our_data_key<'m>(&self, keys: &'m [EncryptedDataKey<'m>]) -> Result<&'m EncryptedDataKey<'m>, Error> {
        if keys.len() > self.max_data_keys {
            return Err(Error::unsupported(format!(
                "it has {} data keys, and {} allowed: see `Builder::max_data_keys`",
                keys.len(),
                if self.max_data_keys == 1 {
                    "one is".to_owned()
                } else {
                    format!("{} are", self.max_data_keys)
                }
            )));
        }
        let ours = |key: &&EncryptedDataKey<'_>| {
            key.provider == b"aws-kms" && key.info == self.key.as_str().as_bytes()
        };
        let found = keys.iter().find(ours).ok_or_else(|| {
            let found: Vec<_> = keys.iter().map(|found| key(found.info)).collect();
            Error::wrong_key(format!(
                "the code was encrypted under {}, and this function uses {}: \
                 set COGNITO_KMS_KEY_ARN to the key of the pool's `KMSKeyID`",
                found.join(", "),
                self.key.as_str()
            ))
        })?;
        if (1..=LONGEST_CIPHERTEXT).contains(&found.ciphertext.len()) {
            Ok(found)
        } else {
            Err(Error::tampered("its data key has a length that KMS doesn't know"))
        }
    }

    async fn decrypt(
        &self,
        data_key: &EncryptedDataKey<'_>,
        message: &Message<'_>,
        time_limit: Duration,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let key_arn = self.key.as_str();
        let call = Decrypt {
            key_arn,
            ciphertext: data_key.ciphertext,
            encryption_context: &message.context().to_map(),
            time_limit,
        };
        let answer = self
            .kms
            .decrypt(call)
            .await
            .map_err(|error| Error::kms(key_arn, error))?;
        if answer.key_arn != key_arn {
            return Err(Error::wrong_key(format!(
                "KMS used {} instead of {key_arn}",
                key(answer.key_arn.as_bytes())
            )));
        }
        if answer.plaintext.len() != DATA_KEY {
            return Err(Error::tampered(format!(
                "its data key doesn't have {DATA_KEY} bytes"
            )));
        }
        Ok(answer.plaintext)
    }
}

/// The header, which KMS will vouch for, against the event, which is only JSON that came in.
fn check_pool(header: Option<&str>, event: &str) -> Result<(), Error> {
    match header {
        Some(header) if header == event => Ok(()),
        Some(header) => Err(Error::wrong_pool(format!(
            "the code was made for pool {}, and the event is of pool {}: \
             pass event and code together as they came",
            pool(header),
            pool(event)
        ))),
        None => Err(Error::wrong_pool(
            "the code doesn't say for which pool it was made: Cognito's codes have `userpool-id` in their \
             encryption context, so this one comes from somewhere else",
        )),
    }
}

/// The most bytes that KMS decrypts.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>
const LONGEST_CIPHERTEXT: usize = 6144;

/// The longest id of a pool or ARN of a key that an error repeats.
const LONGEST_NAME: usize = 200;

/// For an error: whoever made the event chose this text, so nothing but an id gets into the log.
fn pool(id: &str) -> &str {
    Some(id)
        .filter(|id| id.len() <= LONGEST_NAME && is_pool_id(id))
        .unwrap_or("(no id)")
}

/// The same for a key.
fn key(arn: &[u8]) -> &str {
    std::str::from_utf8(arn)
        .ok()
        .filter(|arn| arn.len() <= LONGEST_NAME && KeyArn::parse(arn).is_ok())
        .unwrap_or("(no ARN of a key)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DataKey, Kms, KmsError};

    /// Never asked.
    struct NoKms;

    impl Kms for NoKms {
        async fn decrypt(&self, _: Decrypt<'_>) -> Result<DataKey, KmsError> {
            unreachable!()
        }
    }

    #[test]
    fn a_data_key_that_kms_would_not_look_at_is_not_sent() {
        let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let opener = Opener {
            key: KeyArn::parse(arn).unwrap(),
            pools: Vec::new(),
            max_data_keys: 1,
            time_limit: Duration::ZERO,
            kms: Box::new(NoKms),
        };
        for (length, is_sent) in [(0, false), (1, true), (6144, true), (6145, false)] {
            let key = EncryptedDataKey {
                provider: b"aws-kms",
                info: arn.as_bytes(),
                ciphertext: &vec![1; length],
            };
            let found = opener.our_data_key(std::slice::from_ref(&key)).map(|_| ());
            assert_eq!(found.is_ok(), is_sent, "{length}");
            assert!(found.err().is_none_or(|error| error.is_tampered()));
        }
    }

    #[test]
    fn an_error_repeats_names_and_nothing_else() {
        let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        assert_eq!(pool("eu-central-1_aB3dE6gHi"), "eu-central-1_aB3dE6gHi");
        assert_eq!(key(arn.as_bytes()), arn);
        for foreign in [
            "",
            "ana@example.com",
            "eu_1\nERROR",
            &format!("eu_{}", "1".repeat(4000)),
        ] {
            assert_eq!(pool(foreign), "(no id)");
            assert_eq!(key(foreign.as_bytes()), "(no ARN of a key)");
        }
        assert_eq!(
            key(format!("{arn}{}", "1".repeat(4000)).as_bytes()),
            "(no ARN of a key)"
        );
        assert_eq!(key(&[0xFF]), "(no ARN of a key)");
    }
}
