//! A key for tests, instead of KMS.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{self, SHA256};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::key_arn::KeyArn;
use crate::{DataKey, Decrypt, Error, Kms, KmsError, KmsErrorKind};

/// Opens every ciphertext of a local key, and gives data keys the size they have in KMS: 184 bytes.
const MAGIC: &[u8; 8] = b"localkey";
/// Where the ARN ends: one byte of length, then room for it.
const ARN_END: usize = MAGIC.len() + 116;
const NONCE_END: usize = ARN_END + 12;
const TAG: usize = 16;

/// A key that does what a KMS key does, without AWS and without protecting anything. Behind the feature `testing`.
///
/// Its material follows from its ARN, so that a test, a prepared event and a server on loopback that agree on
/// the ARN agree on the key. It holds the encryption context as KMS does: what was encrypted under one
/// isn't decrypted under another.
#[derive(Clone, Debug)]
pub struct LocalKey(KeyArn);

impl LocalKey {
    /// The key with this ARN.
    ///
    /// # Errors
    /// `arn` isn't the full ARN of a key.
    pub fn new(arn: &str) -> Result<Self, Error> {
        let arn = KeyArn::parse(arn)?;
        if arn.as_str().len() >= ARN_END - MAGIC.len() {
            return Err(Error::configuration("the key's ARN is longer than any of AWS"));
        }
        Ok(Self(arn))
    }

    /// The full ARN.
    #[must_use]
    pub fn arn(&self) -> &str {
        self.0.as_str()
    }

    /// Which key made `ciphertext`, if a local key did.
    #[must_use]
    pub fn arn_in(ciphertext: &[u8]) -> Option<&str> {
        let (&length, padded) = ciphertext.get(..ARN_END)?.strip_prefix(MAGIC)?.split_first()?;
        std::str::from_utf8(padded.get(..length.into())?).ok()
    }

    /// Encrypts as `kms:Encrypt` does.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn encrypt(&self, plaintext: &[u8], context: &BTreeMap<String, String>) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; 12];
        rand::fill(&mut nonce).map_err(|_| Error::internal())?;
        let mut sealed = Zeroizing::new(plaintext.to_vec());
        let tag = self
            .key()?
            .seal_in_place_separate_tag(Nonce::from(&nonce), self.authenticated(context), &mut sealed)
            .map_err(|_| Error::internal())?;
        let arn = self.arn().as_bytes();
        let length = u8::try_from(arn.len()).map_err(|_| Error::internal())?;
        let mut ciphertext = [MAGIC.as_slice(), &[length], arn].concat();
        ciphertext.resize(ARN_END, 0);
        ciphertext.extend_from_slice(&nonce);
        ciphertext.extend_from_slice(&sealed);
        ciphertext.extend_from_slice(tag.as_ref());
        Ok(ciphertext)
    }

    /// Decrypts as `kms:Decrypt` does, with this key only.
    ///
    /// # Errors
    /// Another key made `ciphertext`, or it or its context was altered.
    pub fn decrypt(
        &self,
        ciphertext: &[u8],
        context: &BTreeMap<String, String>,
    ) -> Result<Zeroizing<Vec<u8>>, KmsError> {
        let invalid = || KmsError::new(KmsErrorKind::InvalidCiphertext, "altered, or of another context");
        match Self::arn_in(ciphertext) {
            Some(arn) if arn == self.arn() => {}
            Some(_) => {
                return Err(KmsError::new(
                    KmsErrorKind::IncorrectKey,
                    "another local key made it",
                ));
            }
            None => {
                return Err(KmsError::new(
                    KmsErrorKind::InvalidCiphertext,
                    "no local key made it",
                ));
            }
        }
        let (head, sealed) = ciphertext.split_at_checked(NONCE_END).ok_or_else(invalid)?;
        let nonce = head.get(ARN_END..).ok_or_else(invalid)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| invalid())?;
        let length = sealed.len().checked_sub(TAG).ok_or_else(invalid)?;
        let (sealed, tag) = sealed.split_at_checked(length).ok_or_else(invalid)?;
        let mut plaintext = Zeroizing::new(vec![0; length]);
        self.key()
            .map_err(|_| invalid())?
            .open_separate_gather(nonce, self.authenticated(context), sealed, tag, &mut plaintext)
            .map_err(|_| invalid())?;
        Ok(plaintext)
    }

    fn key(&self) -> Result<LessSafeKey, Error> {
        let material = digest::digest(&SHA256, &[b"local key of ", self.arn().as_bytes()].concat());
        let key = UnboundKey::new(&AES_256_GCM, material.as_ref()).map_err(|_| Error::internal())?;
        Ok(LessSafeKey::new(key))
    }

    /// The ARN and every pair, each with its length in front, so that no two contexts look the same.
    fn authenticated(&self, context: &BTreeMap<String, String>) -> Aad<Vec<u8>> {
        let parts = context
            .iter()
            .flat_map(|(name, value)| [name.as_str(), value.as_str()]);
        let mut bytes = Vec::new();
        for part in std::iter::once(self.arn()).chain(parts) {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        Aad::from(bytes)
    }
}

impl Kms for LocalKey {
    async fn decrypt(&self, call: Decrypt<'_>) -> Result<DataKey, KmsError> {
        if call.key_arn != self.arn() {
            return Err(KmsError::new(
                KmsErrorKind::IncorrectKey,
                format!("this is {}", self.arn()),
            ));
        }
        let mut plaintext = Self::decrypt(self, call.ciphertext, call.encryption_context)?;
        Ok(DataKey::new(self.arn(), std::mem::take(&mut *plaintext)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/10ca10ca-10ca-40ca-80ca-10ca10ca10ca";
    const OTHER: &str = "arn:aws:kms:eu-central-1:111122223333:key/20ca20ca-20ca-40ca-80ca-20ca20ca20ca";

    fn context(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn a_data_key_is_as_long_as_in_kms_and_names_its_key() {
        let ciphertext = LocalKey::new(ARN)
            .unwrap()
            .encrypt(&[7; 32], &context(&[]))
            .unwrap();
        assert_eq!(ciphertext.len(), 184);
        assert_eq!(LocalKey::arn_in(&ciphertext), Some(ARN));
        assert_eq!(LocalKey::arn_in(b"AQICAH"), None);
    }

    #[test]
    fn only_the_same_key_and_context_decrypt() {
        let key = LocalKey::new(ARN).unwrap();
        let made = key
            .encrypt(b"data key", &context(&[("a", "bc"), ("d", "")]))
            .unwrap();
        let decrypt = |context: &BTreeMap<_, _>| key.decrypt(&made, context);
        assert_eq!(
            *decrypt(&context(&[("d", ""), ("a", "bc")])).unwrap(),
            b"data key"
        );
        for other in [
            &[][..],
            &[("a", "bc")],
            &[("ab", "c"), ("d", "")],
            &[("a", "b"), ("cd", "")],
        ] {
            let error = decrypt(&context(other)).unwrap_err();
            assert_eq!(error.kind(), KmsErrorKind::InvalidCiphertext);
        }
        let error = LocalKey::new(OTHER)
            .unwrap()
            .decrypt(&made, &context(&[]))
            .unwrap_err();
        assert_eq!(error.kind(), KmsErrorKind::IncorrectKey);
    }

    #[test]
    fn whatever_was_cut_or_altered_is_refused() {
        let key = LocalKey::new(ARN).unwrap();
        let mut made = key.encrypt(b"data key", &context(&[])).unwrap();
        for length in 0..made.len() {
            assert!(key.decrypt(&made[..length], &context(&[])).is_err());
        }
        for byte in (0..1 + MAGIC.len() + ARN.len()).chain(ARN_END..made.len()) {
            made[byte] ^= 1;
            assert!(key.decrypt(&made, &context(&[])).is_err(), "byte {byte}");
            made[byte] ^= 1;
        }
    }
}
