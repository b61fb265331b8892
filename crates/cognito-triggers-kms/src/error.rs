//! Why a code wasn't opened.

use std::fmt;

use crate::kms::{KmsError, KmsErrorKind};

/// The reason why a code wasn't opened or why a [`Decryptor`](crate::Decryptor) couldn't be built.
///
/// [`Display`](fmt::Display) says what is wrong and what to do. `Debug` adds what KMS said. Neither of them contains a
/// code, a key or the message itself, so you can log the error as it is.
///
/// The `is_…` methods tell the reasons apart. At most one of them returns true, [`is_transient`](Self::is_transient)
/// aside. None returns true if KMS refused with an error code that this crate doesn't know, or if the cryptographic
/// library failed.
///
/// ```
/// use cognito_triggers_kms::Error;
///
/// fn advice(error: &Error) -> &'static str {
///     if error.is_misconfigured() || error.is_access_denied() {
///         "fix the function's settings or its role"
///     } else if error.is_wrong_pool() || error.is_wrong_key() || error.is_key_unusable() {
///         "compare the pool's KMSKeyID with the function's settings"
///     } else if error.is_throttled() {
///         "ask for a higher quota of KMS"
///     } else if error.is_timed_out() || error.is_unreachable() || error.is_unavailable() {
///         "look at the function's network, and let Lambda retry the event"
///     } else if error.is_not_encryption_sdk_message() || error.is_unsupported() || error.is_tampered() {
///         "pass the code as it arrived"
///     } else if error.is_transient() {
///         "let Lambda retry the event"
///     } else {
///         "look at the event in the dead-letter queue"
///     }
/// }
/// ```
pub struct Error(Box<Kind>);

enum Kind {
    NotAMessage(&'static str),
    Unsupported(String),
    Tampered(String),
    WrongPool(String),
    WrongKey(String),
    Kms { key_arn: String, error: KmsError },
    Configuration(String),
    Internal,
}

impl Error {
    pub(crate) fn not_a_message(why: &'static str) -> Self {
        Self(Box::new(Kind::NotAMessage(why)))
    }

    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Self(Box::new(Kind::Unsupported(what.into())))
    }

    pub(crate) fn tampered(how: impl Into<String>) -> Self {
        Self(Box::new(Kind::Tampered(how.into())))
    }

    pub(crate) fn wrong_pool(how: impl Into<String>) -> Self {
        Self(Box::new(Kind::WrongPool(how.into())))
    }

    pub(crate) fn wrong_key(how: impl Into<String>) -> Self {
        Self(Box::new(Kind::WrongKey(how.into())))
    }

    pub(crate) fn kms(key_arn: &str, error: KmsError) -> Self {
        Self(Box::new(Kind::Kms {
            key_arn: key_arn.to_owned(),
            error,
        }))
    }

    pub(crate) fn configuration(what: impl Into<String>) -> Self {
        Self(Box::new(Kind::Configuration(what.into())))
    }

    pub(crate) fn internal() -> Self {
        Self(Box::new(Kind::Internal))
    }

    /// Returns whether the code isn't an AWS Encryption SDK message: it isn't base64, or it decodes to something
    /// else.
    ///
    /// A common cause is a code that was decoded or decrypted before. Pass `request.code` as it arrived.
    #[must_use]
    pub fn is_not_encryption_sdk_message(&self) -> bool {
        matches!(*self.0, Kind::NotAMessage(_))
    }

    /// Returns whether the message uses a feature of the format that Cognito doesn't use and this crate doesn't
    /// read: another algorithm suite, content without frames, content that isn't UTF-8, or more data keys than
    /// [allowed](crate::DecryptorBuilder::max_data_keys).
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(*self.0, Kind::Unsupported(_))
    }

    /// Returns whether the message was altered or truncated after it was encrypted.
    #[must_use]
    pub fn is_tampered(&self) -> bool {
        matches!(*self.0, Kind::Tampered(_)) || self.kms_kind() == Some(KmsErrorKind::InvalidCiphertext)
    }

    /// Returns whether the message was encrypted for another user pool than the event's, or the event's pool isn't
    /// one of the decryptor's.
    #[must_use]
    pub fn is_wrong_pool(&self) -> bool {
        matches!(*self.0, Kind::WrongPool(_))
    }

    /// Returns whether the message was encrypted under another key than the configured one.
    #[must_use]
    pub fn is_wrong_key(&self) -> bool {
        matches!(*self.0, Kind::WrongKey(_)) || self.kms_kind() == Some(KmsErrorKind::IncorrectKey)
    }

    /// Returns whether the function's role lacks the permission `kms:Decrypt` on the key.
    #[must_use]
    pub fn is_access_denied(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::AccessDenied)
    }

    /// Returns whether the key doesn't exist, is disabled, or is scheduled for deletion.
    #[must_use]
    pub fn is_key_unusable(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::KeyUnusable)
    }

    /// Returns whether KMS refused because of too many requests, even after the retries.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::Throttled)
    }

    /// Returns whether KMS didn't answer within the timeout.
    #[must_use]
    pub fn is_timed_out(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::TimedOut)
    }

    /// Returns whether no connection to KMS could be opened.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::Unreachable)
    }

    /// Returns whether KMS failed internally, even after the retries.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::Unavailable)
    }

    /// Returns whether a setting or an environment variable is missing or wrong, the AWS credentials included.
    #[must_use]
    pub fn is_misconfigured(&self) -> bool {
        matches!(*self.0, Kind::Configuration(_))
            || matches!(
                self.kms_kind(),
                Some(KmsErrorKind::InvalidCredentials | KmsErrorKind::InvalidEndpoint)
            )
    }

    /// Returns whether opening the same event again later may succeed.
    ///
    /// Lambda retries a custom sender that failed. For every other error, retrying does not help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.kms_kind().is_some_and(KmsErrorKind::is_transient)
    }

    fn kms_kind(&self) -> Option<KmsErrorKind> {
        match &*self.0 {
            Kind::Kms { error, .. } => Some(error.kind()),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::NotAMessage(why) => write!(
                f,
                "the code is not an AWS Encryption SDK message: {why}; pass the event's `request.code` unchanged"
            ),
            Kind::Unsupported(what) => {
                write!(
                    f,
                    "the code is an AWS Encryption SDK message that Cognito wouldn't send: {what}"
                )
            }
            Kind::Tampered(how) => write!(
                f,
                "the encrypted code was altered or truncated: {how}; pass the event's `request.code` unchanged"
            ),
            Kind::WrongPool(how) | Kind::WrongKey(how) | Kind::Configuration(how) => f.write_str(how),
            Kind::Kms { key_arn, error } => error.kind().write_help(key_arn, f),
            Kind::Internal => {
                f.write_str("the cryptographic library failed unexpectedly: please report this as a bug")
            }
        }
    }
}

/// Adds what KMS said, because a `main` that returns an error prints `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Kms { error, .. } => write!(f, "{self} ({error})"),
            _ => write!(f, "{self}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Kms { error, .. } => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREDICATES: [fn(&Error) -> bool; 12] = [
        Error::is_not_encryption_sdk_message,
        Error::is_unsupported,
        Error::is_tampered,
        Error::is_wrong_pool,
        Error::is_wrong_key,
        Error::is_access_denied,
        Error::is_key_unusable,
        Error::is_throttled,
        Error::is_timed_out,
        Error::is_unreachable,
        Error::is_unavailable,
        Error::is_misconfigured,
    ];

    fn count_true(error: &Error) -> usize {
        PREDICATES.iter().filter(|predicate| predicate(error)).count()
    }

    #[test]
    fn at_most_one_predicate_is_true() {
        use KmsErrorKind::*;
        let kms = |kind| Error::kms("arn", KmsError::new(kind, "why"));
        for error in [
            Error::not_a_message("why"),
            Error::unsupported("why"),
            Error::tampered("why"),
            Error::wrong_pool("why"),
            Error::wrong_key("why"),
            Error::configuration("why"),
        ] {
            assert_eq!(count_true(&error), 1, "{error:?}");
        }
        for kind in [
            AccessDenied,
            KeyUnusable,
            IncorrectKey,
            InvalidCiphertext,
            Throttled,
            TimedOut,
            Unreachable,
            InvalidCredentials,
            InvalidEndpoint,
            Unavailable,
        ] {
            assert_eq!(count_true(&kms(kind)), 1, "{kind:?}");
        }
        for error in [kms(Other), Error::internal()] {
            assert_eq!(count_true(&error), 0, "{error:?}");
        }
    }
}
