//! The error that Cognito gets instead of an answer.

use std::{error::Error as StdError, fmt, time::Duration};

use cognito_triggers_model::malformed::ParseEventError;
use lambda_runtime::Diagnostic;

use crate::{
    error::{BoxError, Chain, Error, causes},
    unrouted::Unrouted,
};

/// The `errorType` of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorType {
    /// The handler rejected the event, with a text for the user.
    Rejected,
    /// The handler, or a layer around the function, failed or panicked.
    Failed,
    /// The router has no handler for the event.
    Unhandled,
    /// The event can't be parsed.
    Malformed,
    /// The handler took longer than Cognito waits.
    TimedOut,
}

impl ErrorType {
    /// The value of `errorType` on the wire, and of `outcome` in the logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "Rejected",
            Self::Failed => "Failed",
            Self::Unhandled => "Unhandled",
            Self::Malformed => "Malformed",
            Self::TimedOut => "TimedOut",
        }
    }

    /// The type that a function sent by this name. `None` for the error types of Lambda, and of functions without this library.
    ///
    /// ```
    /// use cognito_triggers::function::ErrorType;
    ///
    /// assert_eq!(ErrorType::parse("Unhandled"), Some(ErrorType::Unhandled));
    /// assert_eq!(ErrorType::parse("Runtime.ExitError"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        let all = [
            Self::Rejected,
            Self::Failed,
            Self::Unhandled,
            Self::Malformed,
            Self::TimedOut,
        ];
        all.into_iter().find(|known| known.as_str() == name)
    }
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The error that Cognito gets instead of an answer. The function returns no other errors.
///
/// [`message`](Refusal::message) is the text for the user, and `Debug` and `Display` show nothing else.
/// [`detail`](Refusal::detail) is the text for the logs.
#[derive(Clone)]
pub struct Refusal {
    error_type: ErrorType,
    is_panic: bool,
    message: String,
    detail: String,
}

/// Why there is no answer. The request id isn't known yet.
pub(crate) enum Cause {
    Handler(Error),
    Panic(String),
    LayerPanic(String),
    Malformed(ParseEventError),
    Unrouted(Unrouted),
    NoTimer,
    TimedOut { after: Duration, cold_start: Duration },
}

impl Refusal {
    /// The refusal for an error, as the function makes it from what a handler returned.
    ///
    /// A layer uses it to refuse a call before the router sees it. `request_id` becomes the reference that the user
    /// reads; an empty one is left out.
    ///
    /// ```
    /// use cognito_triggers::{function::Refusal, reject};
    ///
    /// let refusal = Refusal::from_error(reject("closed for maintenance"), "5f1c");
    /// assert_eq!(refusal.message(), "closed for maintenance");
    /// let refusal = Refusal::from_error("the table is down".into(), "5f1c");
    /// assert_eq!(refusal.message(), "internal error (reference 5f1c)");
    /// assert_eq!(refusal.detail(), "the table is down");
    /// assert!(!refusal.is_panic());
    /// ```
    pub fn from_error(error: Error, request_id: &str) -> Self {
        Self::new(Cause::Handler(error), request_id)
    }

    /// The refusal for an error of a stack of `tower` layers.
    ///
    /// A refusal of the function is returned unchanged, also if a layer boxed or wrapped it. Every other error comes from a
    /// layer. It is a failure, whose text goes only to the logs. [`run`](crate::run) does this for you. Call it if you serve
    /// a [`Function`](crate::function::Function) yourself.
    ///
    /// ```
    /// use cognito_triggers::function::{ErrorType, Refusal};
    ///
    /// let refusal = Refusal::from_layers("too many calls at once", "5f1c");
    /// assert_eq!(refusal.error_type(), ErrorType::Failed);
    /// assert_eq!(refusal.message(), "internal error (reference 5f1c)");
    /// ```
    pub fn from_layers(error: impl Into<BoxError>, request_id: &str) -> Self {
        let error = error.into();
        match Self::find(&*error) {
            Some(refusal) => refusal.clone(),
            None => Self::internal(ErrorType::Failed, Chain(&*error).to_string(), request_id),
        }
    }

    /// The refusal of the function in an error of a layer.
    pub(crate) fn find<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Self> {
        causes(error).find_map(|error| error.downcast_ref())
    }

    pub(crate) fn new(cause: Cause, request_id: &str) -> Self {
        let is_panic = matches!(cause, Cause::Panic(_) | Cause::LayerPanic(_));
        let (error_type, detail) = match cause {
            Cause::Handler(error) => {
                let detail = error.to_string();
                if let Some(message) = error.user_text() {
                    return Self {
                        error_type: ErrorType::Rejected,
                        is_panic,
                        message: message.to_owned(),
                        detail,
                    };
                }
                (ErrorType::Failed, detail)
            }
            Cause::Panic(message) => (ErrorType::Failed, format!("the handler panicked: {message}")),
            Cause::LayerPanic(message) => (ErrorType::Failed, format!("a layer panicked: {message}")),
            Cause::Malformed(malformed) => (ErrorType::Malformed, malformed.to_string()),
            Cause::Unrouted(unrouted) => (ErrorType::Unhandled, unrouted.to_string()),
            Cause::NoTimer => {
                let detail = "the handler waits, and there is no timer to end it in time: build the tokio runtime with \
                              `enable_time` or `enable_all`";
                (ErrorType::Failed, detail.to_owned())
            }
            Cause::TimedOut { after, cold_start } => {
                let after = after.as_millis();
                let detail = match cold_start.as_millis() {
                    0 => format!("no answer after {after} ms"),
                    start => {
                        format!("no answer after {after} ms; before, the process took {start} ms to start")
                    }
                };
                (ErrorType::TimedOut, detail)
            }
        };
        Self {
            is_panic,
            ..Self::internal(error_type, detail, request_id)
        }
    }

    fn internal(error_type: ErrorType, detail: String, request_id: &str) -> Self {
        let message = match request_id {
            "" => "internal error".to_owned(),
            id => format!("internal error (reference {id})"),
        };
        Self {
            error_type,
            is_panic: false,
            message,
            detail,
        }
    }

    /// The kind of refusal.
    pub fn error_type(&self) -> ErrorType {
        self.error_type
    }

    /// Whether the handler or a layer panicked. The kind of such a refusal is [`ErrorType::Failed`].
    pub fn is_panic(&self) -> bool {
        self.is_panic
    }

    /// What the user reads, after Cognito's `PreSignUp failed with error `.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What really happened, with all causes. It is for the logs and for tests.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error_type, self.message)
    }
}

impl StdError for Refusal {}

/// What a handler of `lambda_runtime` makes of an [`Error`]: the text of a rejection, and none of a failure.
impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        Refusal::from_error(error, "").into()
    }
}

impl From<Refusal> for Diagnostic {
    fn from(refusal: Refusal) -> Self {
        Self {
            error_type: refusal.error_type.as_str().to_owned(),
            error_message: refusal.message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::reject;

    #[test]
    fn a_failure_is_for_the_team_only() {
        let refusal = Refusal::from_error(std::io::Error::other("disk full").into(), "5f1c");
        assert_eq!(refusal.message(), "internal error (reference 5f1c)");
        assert_eq!(refusal.detail(), "disk full");
        assert_eq!(format!("{refusal:?}"), "Failed: internal error (reference 5f1c)");
        assert_eq!(Diagnostic::from(refusal).error_type, "Failed");
    }

    #[derive(Debug, thiserror::Error)]
    #[error("a layer gave up")]
    struct OfALayer(#[source] BoxError);

    #[test]
    fn a_refusal_survives_the_layers_around_it() {
        let rejected = || Refusal::from_error(reject("not invited"), "5f1c");
        for error in [
            BoxError::from(rejected()),
            OfALayer(rejected().into()).into(),
            OfALayer(OfALayer(rejected().into()).into()).into(),
        ] {
            let refusal = Refusal::from_layers(error, "other");
            assert_eq!(
                (refusal.error_type(), refusal.message()),
                (ErrorType::Rejected, "not invited")
            );
        }
    }

    #[test]
    fn an_error_of_a_layer_is_for_the_team_only() {
        let refusal = Refusal::from_layers(OfALayer("request timed out".into()), "5f1c");
        assert_eq!(refusal.error_type(), ErrorType::Failed);
        assert_eq!(refusal.message(), "internal error (reference 5f1c)");
        assert_eq!(refusal.detail(), "a layer gave up: request timed out");
    }
}
