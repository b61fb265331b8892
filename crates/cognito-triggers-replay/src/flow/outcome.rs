//! How a trigger ended.

use std::fmt;

use super::parameters::Fault;

/// How a trigger ended: what the function returned for its event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TriggerOutcome {
    /// An answer. The string is what it decides, without values that may be secret.
    Answered(String),
    /// A rejection. The string is the message for the user who signs in.
    Rejected(String),
    /// Another error of the function.
    Failed {
        /// `errorType`, such as `Failed`.
        error_type: String,
        /// `errorMessage`.
        message: String,
    },
    /// Nothing: it has no route for the event, so the pool proceeds as without the trigger.
    NotRouted,
    /// Nothing. The string says why.
    NoAnswer(String),
    /// Nothing, and the cause is this machine. The string says why.
    NotInvoked(String),
    /// The function wasn't called: the flow lets the trigger fail.
    ToldToFail(Fault),
}

impl TriggerOutcome {
    /// Whether the trigger failed or rejected the request.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::Answered(_) | Self::NotRouted)
    }
}

impl fmt::Display for TriggerOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(summary) => f.write_str(summary),
            Self::Rejected(message) => write!(f, "rejects: {message}"),
            Self::Failed { error_type, message } => write!(f, "fails: {error_type}: {message}"),
            Self::NotRouted => f.write_str("no route: skipped"),
            Self::NoAnswer(error) | Self::NotInvoked(error) => write!(f, "no answer: {error}"),
            Self::ToldToFail(fault) => write!(f, "told to fail: {}", fault.name()),
        }
    }
}
