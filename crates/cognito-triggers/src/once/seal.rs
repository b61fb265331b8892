//! How answers are kept from those who can read the store.

use cognito_triggers_model::secret::Secret;

use crate::error::BoxError;

/// Encrypts the answers that a store keeps.
///
/// Use authenticated encryption, and authenticate the key with it, so that nobody moves an answer to another key. The
/// crate `cognito-triggers-dynamodb` has one with AES-256-GCM.
pub trait Seal: Send + Sync + 'static {
    /// Encrypts the answer for a key into a text.
    ///
    /// # Errors
    /// Fails if it can't encrypt. The effect is then recorded without its answer.
    fn seal(&self, key: &str, answer: &Secret) -> Result<String, BoxError>;

    /// Decrypts what [`seal`](Seal::seal) made for the same key.
    ///
    /// # Errors
    /// Fails if the text was changed, or made for another key or with another secret.
    fn open(&self, key: &str, sealed: &str) -> Result<Secret, BoxError>;
}
