//! Why a code wasn't opened.

use std::fmt;

use crate::kms::{KmsError, KmsErrorKind};

/// Why a code wasn't opened, or why a [`Decryptor`](crate::Decryptor) can't be made.
///
/// [`Display`](fmt::Display) says what is wrong and what to do about it; `Debug` adds what KMS said. Neither of
/// them contains a code, a key or the message itself, so an error may be logged as it is.
///
/// The predicates tell the cases apart: no two of them hold, [`is_transient`](Self::is_transient) aside. None
/// holds for a refusal by KMS whose code isn't known here, and for a fault of the cryptographic library.
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

    /// The structure is broken. For the caller the same as [`tampered`](Self::tampered).
    pub(crate) fn damaged(how: impl Into<String>) -> Self {
        Self::tampered(how)
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

    /// The code is no AWS Encryption SDK message: not base64, or something else in base64.
    #[must_use]
    pub fn is_not_encryption_sdk_message(&self) -> bool {
        matches!(*self.0, Kind::NotAMessage(_))
    }

    /// The message is of a kind that Cognito doesn't send, and that isn't read: another algorithm suite,
    /// content that isn't framed, more data keys than [allowed](crate::Builder::max_data_keys).
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(*self.0, Kind::Unsupported(_))
    }

    /// The message was altered or cut short after it was made.
    #[must_use]
    pub fn is_tampered(&self) -> bool {
        matches!(*self.0, Kind::Tampered(_)) || self.kms_kind() == Some(KmsErrorKind::InvalidCiphertext)
    }

    /// The message was made for another pool than the event's, or the pool isn't served here.
    #[must_use]
    pub fn is_wrong_pool(&self) -> bool {
        matches!(*self.0, Kind::WrongPool(_))
    }

    /// The message was made under another key than the configured one.
    #[must_use]
    pub fn is_wrong_key(&self) -> bool {
        matches!(*self.0, Kind::WrongKey(_)) || self.kms_kind() == Some(KmsErrorKind::IncorrectKey)
    }

    /// The function's role may not use the key.
    #[must_use]
    pub fn is_access_denied(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::AccessDenied)
    }

    /// The key exists no more, or is disabled, or waits for its deletion.
    #[must_use]
    pub fn is_key_unusable(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::KeyUnusable)
    }

    /// KMS refused because of too many requests, also after the retries.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::Throttled)
    }

    /// KMS didn't answer within the time limit.
    #[must_use]
    pub fn is_timed_out(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::TimedOut)
    }

    /// No connection to KMS.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::Unreachable)
    }

    /// A fault inside KMS, also after the retries.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.kms_kind() == Some(KmsErrorKind::Unavailable)
    }

    /// A setting or an environment variable is missing or wrong.
    #[must_use]
    pub fn is_misconfigured(&self) -> bool {
        matches!(*self.0, Kind::Configuration(_))
            || matches!(
                self.kms_kind(),
                Some(KmsErrorKind::NoCredentials | KmsErrorKind::NoEndpoint)
            )
    }

    /// Whether the same event may be opened a little later.
    ///
    /// Lambda calls a custom sender again when it fails; for every other error a further try is in vain.
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
                "the code is not an AWS Encryption SDK message: {why}; pass `request.code` of the event as it came"
            ),
            Kind::Unsupported(what) => {
                write!(
                    f,
                    "the code is an AWS Encryption SDK message of a kind that Cognito doesn't send: {what}"
                )
            }
            Kind::Tampered(how) => write!(
                f,
                "the encrypted code was altered or cut short: {how}; pass `request.code` of the event as it came"
            ),
            Kind::WrongPool(how) | Kind::WrongKey(how) | Kind::Configuration(how) => f.write_str(how),
            Kind::Kms { key_arn, error } => error.kind().explain(key_arn, f),
            Kind::Internal => {
                f.write_str("the cryptographic library failed where it can't, please report this")
            }
        }
    }
}

/// The same words, and those of KMS: a `main` that returns an error prints them.
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

    fn holding(error: &Error) -> usize {
        PREDICATES.iter().filter(|predicate| predicate(error)).count()
    }

    #[test]
    fn one_predicate_holds_or_none() {
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
            assert_eq!(holding(&error), 1, "{error:?}");
        }
        for kind in [
            AccessDenied,
            KeyUnusable,
            IncorrectKey,
            InvalidCiphertext,
            Throttled,
            TimedOut,
            Unreachable,
            NoCredentials,
            NoEndpoint,
            Unavailable,
        ] {
            assert_eq!(holding(&kms(kind)), 1, "{kind:?}");
        }
        for error in [kms(Other), Error::internal()] {
            assert_eq!(holding(&error), 0, "{error:?}");
        }
    }
}
