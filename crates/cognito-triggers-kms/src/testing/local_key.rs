//! A substitute for a KMS key.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{self, SHA256};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::key_arn::KeyArn;
use crate::kms::{DataKey, DecryptRequest, Kms, KmsError, KmsErrorKind};

/// The first bytes of every ciphertext of a local key.
const MAGIC: &[u8; 8] = b"localkey";
/// The end of the ARN's field: one byte with its length, then the ARN, then zeros.
///
/// With this width an encrypted data key has 184 bytes, as in KMS.
const ARN_END: usize = MAGIC.len() + 116;
/// The end of the nonce.
const NONCE_END: usize = ARN_END + 12;
/// Bytes of an AES-GCM tag.
const TAG: usize = 16;

/// A key that behaves like a KMS key, without AWS. It protects nothing: everyone who knows its ARN has the key.
///
/// The key material is derived from the ARN, so a test, a prepared event and a loopback server that use the same ARN
/// have the same key. Like KMS, it authenticates the encryption context: a ciphertext decrypts only with the context
/// of its encryption.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::collections::BTreeMap;
///
/// use cognito_triggers_kms::testing::LocalKey;
///
/// let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/// let key = LocalKey::new(arn)?;
/// let context = BTreeMap::from([("userpool-id".to_owned(), "eu-central-1_aB3dE6gHi".to_owned())]);
/// let ciphertext = key.encrypt(b"data key", &context)?;
/// assert_eq!(LocalKey::arn_in(&ciphertext), Some(key.arn()));
/// assert_eq!(*key.decrypt(&ciphertext, &context)?, b"data key");
/// assert!(key.decrypt(&ciphertext, &BTreeMap::new()).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LocalKey(KeyArn);

impl LocalKey {
    /// Returns the key with this ARN.
    ///
    /// # Errors
    /// Fails if `arn` isn't the full ARN of a key, or has more than 115 bytes.
    pub fn new(arn: &str) -> Result<Self, Error> {
        let arn = KeyArn::parse(arn)?;
        if arn.as_str().len() >= ARN_END - MAGIC.len() {
            return Err(Error::configuration(
                "the key's ARN has more than 115 bytes, which no ARN of AWS has: check it",
            ));
        }
        Ok(Self(arn))
    }

    /// Returns the full ARN.
    #[must_use]
    pub fn arn(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the ARN of the key that encrypted `ciphertext`, or `None` if it wasn't a local key.
    #[must_use]
    pub fn arn_in(ciphertext: &[u8]) -> Option<&str> {
        let (&length, padded) = ciphertext.get(..ARN_END)?.strip_prefix(MAGIC)?.split_first()?;
        std::str::from_utf8(padded.get(..length.into())?).ok()
    }

    /// Encrypts `plaintext` under `context`, like `kms:Encrypt`.
    ///
    /// # Errors
    /// Fails if the system has no source of randomness.
    pub fn encrypt(&self, plaintext: &[u8], context: &BTreeMap<String, String>) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; 12];
        rand::fill(&mut nonce).map_err(|_| Error::internal())?;
        let mut sealed = Zeroizing::new(plaintext.to_vec());
        let tag = self
            .key()?
            .seal_in_place_separate_tag(Nonce::from(&nonce), self.aad(context), &mut sealed)
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

    /// Decrypts `ciphertext` under `context`, like `kms:Decrypt` with this key's id.
    ///
    /// # Errors
    /// Fails with [`KmsErrorKind::IncorrectKey`] if another local key encrypted `ciphertext`, and with
    /// [`KmsErrorKind::InvalidCiphertext`] if `ciphertext` or `context` was altered.
    pub fn decrypt(
        &self,
        ciphertext: &[u8],
        context: &BTreeMap<String, String>,
    ) -> Result<Zeroizing<Vec<u8>>, KmsError> {
        let invalid = || {
            KmsError::new(
                KmsErrorKind::InvalidCiphertext,
                "the ciphertext was altered, or the encryption context differs from that of the encryption",
            )
        };
        match Self::arn_in(ciphertext) {
            Some(arn) if arn == self.arn() => {}
            Some(_) => {
                return Err(KmsError::new(
                    KmsErrorKind::IncorrectKey,
                    "another local key encrypted it",
                ));
            }
            None => {
                return Err(KmsError::new(
                    KmsErrorKind::InvalidCiphertext,
                    "no local key encrypted it",
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
            .open_separate_gather(nonce, self.aad(context), sealed, tag, &mut plaintext)
            .map_err(|_| invalid())?;
        Ok(plaintext)
    }

    fn key(&self) -> Result<LessSafeKey, Error> {
        let material = digest::digest(&SHA256, &[b"local key of ", self.arn().as_bytes()].concat());
        let key = UnboundKey::new(&AES_256_GCM, material.as_ref()).map_err(|_| Error::internal())?;
        Ok(LessSafeKey::new(key))
    }

    /// Returns the ARN and every pair as additional authenticated data.
    ///
    /// Each string follows its length, so that different contexts never give the same bytes.
    fn aad(&self, context: &BTreeMap<String, String>) -> Aad<Vec<u8>> {
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
    async fn decrypt(&self, request: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
        if request.key_arn != self.arn() {
            return Err(KmsError::new(
                KmsErrorKind::IncorrectKey,
                format!("the only key here is {}", self.arn()),
            ));
        }
        let mut plaintext = Self::decrypt(self, request.ciphertext, request.encryption_context)?;
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
    fn a_ciphertext_has_the_size_of_kms_and_names_its_key() {
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
    fn altered_and_truncated_ciphertexts_are_refused() {
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
