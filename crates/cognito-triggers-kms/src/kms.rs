//! What the decryptor asks of a key management service: one call.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use zeroize::Zeroizing;

/// Decrypts data keys: [`AwsKms`](crate::AwsKms), or a [`LocalKey`](crate::LocalKey) in tests.
///
/// An implementation is a plain `async fn`:
///
/// ```
/// use cognito_triggers_kms::{DataKey, Decrypt, Kms, KmsError, KmsErrorKind};
///
/// /// A service that is never there.
/// struct Down;
///
/// impl Kms for Down {
///     async fn decrypt(&self, _: Decrypt<'_>) -> Result<DataKey, KmsError> {
///         Err(KmsError::new(KmsErrorKind::Unreachable, "it is down"))
///     }
/// }
/// ```
pub trait Kms: Send + Sync + 'static {
    /// Decrypts a data key, within [the call's time limit](Decrypt::time_limit). Nobody else keeps it: the decryptor
    /// waits for as long as this takes.
    fn decrypt(&self, call: Decrypt<'_>) -> impl Future<Output = Result<DataKey, KmsError>> + Send;
}

/// A call of [`Kms::decrypt`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Decrypt<'a> {
    /// The full ARN of the only key that may be used.
    pub key_arn: &'a str,
    /// The data key as KMS encrypted it.
    pub ciphertext: &'a [u8],
    /// The whole encryption context of the message; KMS refuses when it isn't the one of the encryption.
    pub encryption_context: &'a BTreeMap<String, String>,
    /// How long the call may take, retries included.
    pub time_limit: Duration,
}

impl fmt::Debug for Decrypt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypt")
            .field("key_arn", &self.key_arn)
            .finish_non_exhaustive()
    }
}

/// The answer of [`Kms::decrypt`].
#[non_exhaustive]
pub struct DataKey {
    /// The full ARN of the key that decrypted; the decryptor holds it against the one it asked for.
    pub key_arn: String,
    /// The data key, wiped when it is dropped.
    pub plaintext: Zeroizing<Vec<u8>>,
}

impl DataKey {
    /// A data key, and the ARN of the key that decrypted it.
    pub fn new(key_arn: impl Into<String>, plaintext: Vec<u8>) -> Self {
        Self {
            key_arn: key_arn.into(),
            plaintext: Zeroizing::new(plaintext),
        }
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey")
            .field("key_arn", &self.key_arn)
            .field("plaintext", &format_args!("[redacted]"))
            .finish()
    }
}

/// Why a data key wasn't decrypted: the kind that decides what to do, and the service's own words.
#[derive(Debug)]
pub struct KmsError {
    kind: KmsErrorKind,
    detail: String,
}

impl KmsError {
    /// An error with what the service said; `detail` is logged and must not contain key material.
    pub fn new(kind: KmsErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> KmsErrorKind {
        self.kind
    }
}

impl fmt::Display for KmsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for KmsError {}

/// Kinds of [`KmsError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KmsErrorKind {
    /// The caller may not decrypt with this key.
    AccessDenied,
    /// The key is gone, disabled, or about to be deleted.
    KeyUnusable,
    /// The data key was encrypted with another key.
    IncorrectKey,
    /// The encrypted data key or its context was altered.
    InvalidCiphertext,
    /// Too many requests.
    Throttled,
    /// No answer in time.
    TimedOut,
    /// No connection.
    Unreachable,
    /// There are no credentials, or the service doesn't know them.
    NoCredentials,
    /// What was configured as the service's address is none, or contradicts itself.
    NoEndpoint,
    /// A fault inside the service.
    Unavailable,
    /// Anything else.
    Other,
}

impl KmsErrorKind {
    pub(crate) fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::TimedOut | Self::Unreachable | Self::Unavailable
        )
    }

    /// Says what happened to `key_arn`, and what to do.
    pub(crate) fn explain(self, key_arn: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccessDenied => write!(
                f,
                "KMS denied the use of {key_arn}: allow the function's role `kms:Decrypt` on this key, \
                 in its own policy and where needed in the key's; where a condition asks for \
                 `kms:EncryptionContext:userpool-id`, it has to name this pool"
            ),
            Self::KeyUnusable => write!(
                f,
                "{key_arn} can't be used: if it is there and for encryption, enable it, or cancel its deletion; the codes made \
                 under it are lost otherwise"
            ),
            Self::IncorrectKey => write!(
                f,
                "the data key wasn't encrypted with {key_arn}: configure the key of the pool's `KMSKeyID`"
            ),
            Self::InvalidCiphertext => write!(
                f,
                "the encrypted code was altered: {key_arn} can't decrypt its data key for the pool it names"
            ),
            Self::Throttled => write!(
                f,
                "KMS got too many requests: raise the account's quota for symmetric operations if it goes on"
            ),
            Self::TimedOut => write!(
                f,
                "KMS didn't answer in time: if it goes on, see whether the function's network reaches KMS \
                 (in a VPC it needs an endpoint or a NAT gateway)"
            ),
            Self::Unreachable => write!(
                f,
                "KMS can't be reached: see whether the function's network reaches it \
                 (in a VPC it needs an endpoint or a NAT gateway), and what AWS_ENDPOINT_URL_KMS says"
            ),
            Self::NoCredentials => write!(
                f,
                "there are no valid credentials for KMS: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN \
                 must be those that Lambda sets, or give the decryptor a client of your own"
            ),
            Self::NoEndpoint => f.write_str(
                "it isn't clear where KMS is: AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL is no address that begins with http:// or \
                 https://, or stands beside AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT; on Lambda leave the first two out",
            ),
            Self::Unavailable => f.write_str("KMS failed; try again"),
            Self::Other => f.write_str("KMS refused the call"),
        }
    }
}

/// [`Kms`] behind a pointer, so that [`Decryptor`](crate::Decryptor) has no type parameter.
pub(crate) trait AnyKms: Send + Sync {
    fn decrypt<'a>(&'a self, call: Decrypt<'a>) -> BoxedAnswer<'a>;
}

pub(crate) type BoxedAnswer<'a> = Pin<Box<dyn Future<Output = Result<DataKey, KmsError>> + Send + 'a>>;

impl<K: Kms> AnyKms for K {
    fn decrypt<'a>(&'a self, call: Decrypt<'a>) -> BoxedAnswer<'a> {
        Box::pin(Kms::decrypt(self, call))
    }
}
