//! The one call that a [`Decryptor`](crate::Decryptor) makes to a key management service.
//!
//! You need this module only to replace AWS KMS: implement [`Kms`] and pass it to
//! [`DecryptorBuilder::kms`](crate::DecryptorBuilder::kms).

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use zeroize::Zeroizing;

/// Decrypts data keys.
///
/// `AwsKms` calls AWS, and `testing::LocalKey` stands in for it in tests. An implementation is a plain `async fn`:
///
/// ```
/// use cognito_triggers_kms::kms::{DataKey, DecryptRequest, Kms, KmsError, KmsErrorKind};
///
/// /// A service that is always down.
/// struct Down;
///
/// impl Kms for Down {
///     async fn decrypt(&self, _: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
///         Err(KmsError::new(KmsErrorKind::Unreachable, "it is down"))
///     }
/// }
/// ```
pub trait Kms: Send + Sync + 'static {
    /// Decrypts a data key.
    ///
    /// The implementation must return within [the request's timeout](DecryptRequest::timeout): the decryptor waits
    /// until this future completes and has no timer of its own.
    ///
    /// # Errors
    /// The [kind](KmsErrorKind) of the error decides which `is_…` method of [`Error`](crate::Error) returns true.
    fn decrypt(&self, request: DecryptRequest<'_>) -> impl Future<Output = Result<DataKey, KmsError>> + Send;
}

/// The input of [`Kms::decrypt`]. Its `Debug` output has the key's ARN only.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct DecryptRequest<'a> {
    /// The full ARN of the only key that may be used.
    pub key_arn: &'a str,
    /// The encrypted data key, 1 to 6144 bytes.
    pub ciphertext: &'a [u8],
    /// The message's whole encryption context. KMS refuses a context that differs from the one at encryption.
    pub encryption_context: &'a BTreeMap<String, String>,
    /// How long the call may take, retries included.
    pub timeout: Duration,
}

impl fmt::Debug for DecryptRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptRequest")
            .field("key_arn", &self.key_arn)
            .finish_non_exhaustive()
    }
}

/// The output of [`Kms::decrypt`]. Its `Debug` output has the key's ARN only.
#[non_exhaustive]
pub struct DataKey {
    /// The full ARN of the key that was used. The decryptor refuses the data key if it isn't the requested one.
    pub key_arn: String,
    /// The data key, 32 bytes. It is zeroized on drop.
    pub plaintext: Zeroizing<Vec<u8>>,
}

impl DataKey {
    /// Returns a data key that the key `key_arn` decrypted.
    ///
    /// ```
    /// use cognito_triggers_kms::kms::DataKey;
    ///
    /// let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    /// let data_key = DataKey::new(arn, vec![7; 32]);
    /// assert!(format!("{data_key:?}").contains("[redacted]"));
    /// ```
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

/// The reason why a data key wasn't decrypted: a kind, and the service's own message.
#[derive(Debug)]
pub struct KmsError {
    kind: KmsErrorKind,
    detail: String,
}

impl KmsError {
    /// Returns an error with the service's message. `detail` is logged, so it must not contain key material.
    pub fn new(kind: KmsErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }

    /// Returns the kind of the failure.
    ///
    /// ```
    /// use cognito_triggers_kms::kms::{KmsError, KmsErrorKind};
    ///
    /// let error = KmsError::new(KmsErrorKind::Throttled, "ThrottlingException: rate exceeded");
    /// assert_eq!(error.kind(), KmsErrorKind::Throttled);
    /// ```
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

/// The kind of a [`KmsError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KmsErrorKind {
    /// The caller lacks the permission to decrypt with this key.
    AccessDenied,
    /// The key doesn't exist, is disabled, or is scheduled for deletion.
    KeyUnusable,
    /// The data key was encrypted with another key.
    IncorrectKey,
    /// The encrypted data key or its context was altered.
    InvalidCiphertext,
    /// The service refused because of too many requests.
    Throttled,
    /// No answer arrived within the timeout.
    TimedOut,
    /// No connection could be opened.
    Unreachable,
    /// The credentials are missing or expired, or the service doesn't know them.
    InvalidCredentials,
    /// The configured endpoint isn't a URL, or the settings contradict each other.
    InvalidEndpoint,
    /// The service failed internally.
    Unavailable,
    /// Any other failure.
    Other,
}

impl KmsErrorKind {
    /// Returns whether the same request may succeed later.
    pub(crate) fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::TimedOut | Self::Unreachable | Self::Unavailable
        )
    }

    /// Writes what happened with the key `key_arn`, and what to do.
    pub(crate) fn write_help(self, key_arn: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccessDenied => write!(
                f,
                "KMS denied the use of {key_arn}: allow the function's role `kms:Decrypt` on this key, in the role's \
                 policy and if needed in the key policy; a condition on `kms:EncryptionContext:userpool-id` must \
                 name this pool"
            ),
            Self::KeyUnusable => write!(
                f,
                "KMS can't use {key_arn}: check that the key exists and is an encryption key, then enable it or cancel its \
                 deletion; without it, the codes that were encrypted under it are lost"
            ),
            Self::IncorrectKey => write!(
                f,
                "the code was not encrypted under {key_arn}: configure the key in the pool's `KMSKeyID`"
            ),
            Self::InvalidCiphertext => write!(
                f,
                "the encrypted code was altered: {key_arn} can't decrypt its data key for the pool that it names; pass the \
                 event's `request.code` unchanged"
            ),
            Self::Throttled => write!(
                f,
                "KMS received too many requests: if this continues, raise the account's quota for symmetric cryptographic \
                 operations"
            ),
            Self::TimedOut => write!(
                f,
                "KMS didn't answer in time: if this continues, check that the function's network reaches KMS \
                 (in a VPC it needs an endpoint or a NAT gateway)"
            ),
            Self::Unreachable => write!(
                f,
                "KMS can't be reached: check that the function's network reaches it \
                 (in a VPC it needs an endpoint or a NAT gateway), and check AWS_ENDPOINT_URL_KMS"
            ),
            Self::InvalidCredentials => write!(
                f,
                "the credentials for KMS are missing or invalid: leave AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and \
                 AWS_SESSION_TOKEN as Lambda sets them, or give the decryptor a client of your own"
            ),
            Self::InvalidEndpoint => f.write_str(
                "the endpoint of KMS is invalid: AWS_ENDPOINT_URL_KMS and AWS_ENDPOINT_URL must begin with http:// or https://, and \
                 AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT exclude them; on Lambda, unset the first two",
            ),
            Self::Unavailable => f.write_str("KMS failed internally: try again"),
            Self::Other => f.write_str("KMS refused the call: its own message has the reason"),
        }
    }
}

/// The object-safe form of [`Kms`], so that [`Decryptor`](crate::Decryptor) has no type parameter.
pub(crate) trait DynKms: Send + Sync {
    fn decrypt<'a>(&'a self, request: DecryptRequest<'a>) -> BoxedDecrypt<'a>;
}

pub(crate) type BoxedDecrypt<'a> = Pin<Box<dyn Future<Output = Result<DataKey, KmsError>> + Send + 'a>>;

impl<K: Kms> DynKms for K {
    fn decrypt<'a>(&'a self, request: DecryptRequest<'a>) -> BoxedDecrypt<'a> {
        Box::pin(Kms::decrypt(self, request))
    }
}
