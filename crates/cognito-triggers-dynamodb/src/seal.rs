//! The seal for answers: AES-256-GCM.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, Salt},
};
use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use cognito_triggers::{Secret, once::Seal};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The shortest secret that is accepted.
const SECRET_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// Seals the answers that the table keeps, with AES-256-GCM under a key that is derived from your secret.
///
/// A sealed answer belongs to its key: moved to another item, it can't be opened. A nonce is random, so a secret should
/// seal fewer than four billion answers.
///
/// ```
/// use cognito_triggers::{Secret, once::{MemoryStore, Once}};
/// use cognito_triggers_dynamodb::AnswerSeal;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let secret = Secret::new("32 random bytes or more, from a secret store");
/// let once = Once::new(MemoryStore::new(), &secret)?.seal_with(AnswerSeal::new(&secret)?);
/// # Ok(())
/// # }
/// ```
///
/// The secret may be that of [`Once::new`](cognito_triggers::once::Once::new).
pub struct AnswerSeal(RandomizedNonceKey);

impl AnswerSeal {
    /// Derives the key from a secret of 32 random bytes or more.
    ///
    /// # Errors
    /// Fails if the secret is shorter.
    pub fn new(secret: &Secret) -> Result<Self, BoxError> {
        let bytes = secret.expose().as_bytes();
        if bytes.len() < SECRET_BYTES {
            let text = format!(
                "the secret for answers has {} bytes; use {SECRET_BYTES} or more",
                bytes.len()
            );
            return Err(text.into());
        }
        let failed = |_| "the key for answers can't be derived";
        let mut key = [0; 32];
        Salt::new(HKDF_SHA256, b"cognito-triggers once answers 1")
            .extract(bytes)
            .expand(&[b"AES-256-GCM"], HKDF_SHA256)
            .and_then(|material| material.fill(&mut key))
            .map_err(failed)?;
        Ok(Self(RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(failed)?))
    }
}

impl Seal for AnswerSeal {
    fn seal(&self, key: &str, answer: &Secret) -> Result<String, BoxError> {
        let mut text = answer.expose().as_bytes().to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(key), &mut text)
            .map_err(|_| "the answer can't be encrypted")?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.extend(text);
        Ok(BASE64.encode(sealed))
    }

    fn open(&self, key: &str, sealed: &str) -> Result<Secret, BoxError> {
        let altered = "the answer was altered, moved, or sealed with another secret";
        let mut sealed = BASE64.decode(sealed).map_err(|_| altered)?;
        let (nonce, text) = sealed.split_at_mut_checked(NONCE_BYTES).ok_or(altered)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| altered)?;
        let opened = self
            .0
            .open_in_place(nonce, Aad::from(key), text)
            .map_err(|_| altered)?;
        let answer = std::str::from_utf8(opened).map(Secret::new).map_err(|_| altered);
        // What was decrypted in place.
        sealed.fill(0);
        Ok(answer?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(secret: &str) -> AnswerSeal {
        AnswerSeal::new(&Secret::new(secret.repeat(32))).unwrap()
    }

    #[test]
    fn an_answer_opens_only_unaltered_and_under_its_own_key() {
        let sealed = seal("a")
            .seal("key", &Secret::new(r#"{"code":"481516"}"#))
            .unwrap();
        assert_eq!(
            seal("a").open("key", &sealed).unwrap().expose(),
            r#"{"code":"481516"}"#
        );
        assert!(seal("a").open("other", &sealed).is_err());
        assert!(seal("b").open("key", &sealed).is_err());
        for place in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
            assert!(
                seal("a").open("key", str::from_utf8(&altered).unwrap()).is_err(),
                "{place}"
            );
        }
        for short in ["", "AAAA", &sealed[..20]] {
            assert!(seal("a").open("key", short).is_err());
        }
    }

    #[test]
    fn two_seals_of_an_answer_differ_and_show_nothing() {
        let answer = Secret::new("481516");
        let sealed = [(); 2].map(|()| seal("a").seal("key", &answer).unwrap());
        assert_ne!(sealed[0], sealed[1]);
        let bytes = BASE64.decode(&sealed[0]).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"481516"));
    }

    #[test]
    fn a_short_secret_is_refused() {
        let error = AnswerSeal::new(&Secret::new("hunter2")).err().unwrap();
        assert_eq!(
            error.to_string(),
            "the secret for answers has 7 bytes; use 32 or more"
        );
    }
}
