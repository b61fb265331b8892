//! Why an effect didn't run, or its answer isn't there.

use std::{error::Error as StdError, fmt};

use cognito_triggers_model::request_identity::RequestIdentityError;

use super::store::StoreError;
use crate::error::BoxError;

/// Why an effect didn't run, or its answer can't be given again. The texts have no personal data.
///
/// A handler gets it within an [`Error`](crate::Error), where [`Error::find`](crate::Error::find) finds it:
///
/// ```
/// use cognito_triggers::{Error, once::OnceError};
///
/// fn is_worth_a_retry(error: &Error) -> bool {
///     matches!(error.find(), Some(OnceError::InProgress { .. } | OnceError::Store { .. }))
/// }
/// # let error = OnceError::InProgress { effect: "welcome".to_owned() };
/// # assert!(is_worth_a_retry(&error.into()));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum OnceError {
    /// Another call is still doing it, and the time of this call is up. The effect may yet happen.
    InProgress {
        /// The name of the effect.
        effect: String,
    },
    /// An earlier call ended without saying whether the effect happened, and [`IfUnknown::Refuse`](super::IfUnknown::Refuse)
    /// forbids to repeat it.
    Unknown {
        /// The name of the effect.
        effect: String,
    },
    /// The store failed before the effect, and [`IfStoreFails::Refuse`](super::IfStoreFails::Refuse) forbids to go on.
    Store {
        /// The name of the effect.
        effect: String,
        /// What is wrong with the store.
        error: StoreError,
    },
    /// The request can't be read for the key.
    Request(RequestIdentityError),
    /// The request has a secret on which the answer may depend, and the key doesn't cover it.
    ///
    /// A right and a wrong password would have the same key, and so the same answer. Use
    /// [`Effect::including_secrets`](super::Effect::including_secrets), [`Effect::keyed_by`](super::Effect::keyed_by), or
    /// [`Effect::run`](super::Effect::run), which gives no answer again.
    SecretDecides {
        /// The name of the effect.
        effect: String,
    },
    /// Others can read the store, and nothing seals the answers. Use [`Once::seal_with`](super::Once::seal_with), or choose
    /// [`Effect::answers_in_clear`](super::Effect::answers_in_clear).
    NoSeal {
        /// The name of the effect.
        effect: String,
    },
    /// The effect has happened, and no answer was kept: it was too long or couldn't be sealed, or
    /// [`Effect::run`](super::Effect::run) ran under the same name.
    NoAnswer {
        /// The name of the effect.
        effect: String,
    },
    /// The effect has happened, and its answer can't be read: the type or the secret of the seal has changed since.
    Answer {
        /// The name of the effect.
        effect: String,
        /// What is wrong with the answer.
        error: BoxError,
    },
    /// There are no random numbers for a token.
    Random(BoxError),
}

impl fmt::Display for OnceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InProgress { effect } => {
                write!(f, "another call is still doing `{effect}`, and the time is up")
            }
            Self::Unknown { effect } => write!(
                f,
                "an earlier call ended without saying whether `{effect}` happened, so it isn't repeated"
            ),
            Self::Store { effect, .. } => write!(f, "the store failed, so `{effect}` wasn't begun"),
            Self::Request(_) => f.write_str("the event has no key"),
            Self::SecretDecides { effect } => write!(
                f,
                "the answer of `{effect}` may depend on a secret of the request that its key leaves out: \
                 use `including_secrets`, `keyed_by`, or `run`"
            ),
            Self::NoSeal { effect } => write!(
                f,
                "others can read the store, and the answer of `{effect}` isn't sealed: use `seal_with`, or choose \
                 `answers_in_clear`"
            ),
            Self::NoAnswer { effect } => write!(f, "`{effect}` has happened, and its answer wasn't kept"),
            Self::Answer { effect, .. } => write!(f, "`{effect}` has happened, and its answer can't be read"),
            Self::Random(_) => f.write_str("a call needs a random token"),
        }
    }
}

impl StdError for OnceError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Store { error, .. } => Some(error),
            Self::Request(error) => Some(error),
            Self::Answer { error, .. } | Self::Random(error) => Some(&**error),
            _ => None,
        }
    }
}

/// Marks an error after which it is unknown whether the effect has happened, such as a request whose answer was lost.
///
/// By default any error means that the effect hasn't happened, and the next call runs it. With
/// [`IfUnknown::Refuse`](super::IfUnknown::Refuse), this one means that it isn't run again.
///
/// ```
/// use cognito_triggers::{Result, once::MaybeDone};
///
/// # enum Reply { Accepted, Refused, Lost }
/// fn sent(reply: Reply) -> Result<()> {
///     match reply {
///         Reply::Accepted => Ok(()),
///         Reply::Refused => Err("the mail server refused the message".into()),
///         Reply::Lost => Err(MaybeDone::new("the mail server didn't answer").into()),
///     }
/// }
/// # assert!(sent(Reply::Accepted).is_ok() && sent(Reply::Refused).unwrap_err().find::<MaybeDone>().is_none());
/// # assert!(sent(Reply::Lost).unwrap_err().find::<MaybeDone>().is_some());
/// ```
#[derive(Debug)]
pub struct MaybeDone(BoxError);

impl MaybeDone {
    /// Marks an error.
    pub fn new(error: impl Into<BoxError>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for MaybeDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is unknown whether it happened")
    }
}

impl StdError for MaybeDone {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}
