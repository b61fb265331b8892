//! The two audiences of a failure: the person who signs in, and the team that reads the logs.

use std::{error::Error as StdError, fmt, time::Duration};

use cognito_triggers_model::malformed::Malformed;
use lambda_runtime::Diagnostic;

use crate::router::Unrouted;

/// What a handler returns: the answer, or an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Why a handler gives no answer. There are two kinds, and the difference is who reads the text.
///
/// Cognito shows the error text of a trigger to the person who signs in. So a text gets there only on purpose: by
/// [`reject`] and [`or_reject`](OrReject::or_reject). Every other error, whatever `?` meets, is a failure: the logs
/// have it with its whole chain of causes, and the person reads `internal error (reference …)` with the id of the
/// request.
///
/// ```
/// use cognito_triggers::{OrReject, Result, reject};
///
/// fn tenant(email: Option<&str>) -> Result<String> {
///     let email = email.or_reject("an e-mail address is required")?;          // the person reads this
///     let (_, domain) = email.split_once('@').or_reject("this is no e-mail address")?;
///     let known = std::fs::read_to_string("/nowhere/tenants.txt")?;           // the logs get this
///     if !known.contains(domain) {
///         return Err(reject("this e-mail domain is not invited"));
///     }
///     Ok(domain.to_owned())
/// }
///
/// assert!(tenant(None).unwrap_err().is_rejection());
/// assert!(!tenant(Some("ana@example.com")).unwrap_err().is_rejection());
/// ```
pub struct Error(Kind);

enum Kind {
    Rejected {
        message: String,
        cause: Option<BoxError>,
    },
    Failed(BoxError),
}

/// An error whose text the person who signs in gets to read.
///
/// Cognito writes `PreSignUp failed with error {message}.`, with its own full stop; one at the end of the message is
/// taken off, and blanks around it. Without any words it says `not allowed`.
pub fn reject(message: impl Into<String>) -> Error {
    let message = message.into();
    let text = message.trim();
    let text = text
        .strip_suffix('.')
        .filter(|text| !text.ends_with('.'))
        .unwrap_or(text)
        .trim_end();
    let message = if text.trim_matches('.').is_empty() {
        "not allowed"
    } else {
        text
    };
    Error(Kind::Rejected {
        message: message.to_owned(),
        cause: None,
    })
}

/// Turns what isn't there into a rejection.
pub trait OrReject<T> {
    /// The value, or an error whose text the person who signs in gets to read; see [`reject`].
    ///
    /// # Errors
    /// If there is no value. The error that was there instead goes to the logs.
    fn or_reject(self, message: impl Into<String>) -> Result<T>;
}

impl<T> OrReject<T> for Option<T> {
    fn or_reject(self, message: impl Into<String>) -> Result<T> {
        self.ok_or_else(|| reject(message))
    }
}

impl<T, E: Into<BoxError>> OrReject<T> for std::result::Result<T, E> {
    fn or_reject(self, message: impl Into<String>) -> Result<T> {
        self.map_err(|error| match reject(message).0 {
            Kind::Rejected { message, .. } => Error(Kind::Rejected {
                message,
                cause: Some(error.into()),
            }),
            failed @ Kind::Failed(_) => Error(failed),
        })
    }
}

impl Error {
    /// Whether the person gets to read the text.
    pub fn is_rejection(&self) -> bool {
        matches!(self.0, Kind::Rejected { .. })
    }
}

impl<E: Into<BoxError>> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Kind::Failed(error.into()))
    }
}

/// The text for the logs, with all causes.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Rejected { message, cause: None } => f.write_str(message),
            Kind::Rejected {
                message,
                cause: Some(cause),
            } => write!(f, "{message}: {}", Chain(&**cause)),
            Kind::Failed(error) => write!(f, "{}", Chain(&**error)),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_rejection() { "Rejected" } else { "Failed" };
        write!(f, "{kind}({:?})", self.to_string())
    }
}

/// An error and all its causes, `first: second: third`, without saying one twice.
struct Chain<'a>(&'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        f.write_str(&said)?;
        for cause in std::iter::successors(self.0.source(), |&cause| cause.source()) {
            let text = cause.to_string();
            // Many errors repeat their cause in their own text.
            if !said.ends_with(&text) {
                write!(f, ": {text}")?;
            }
            said = text;
        }
        Ok(())
    }
}

/// The `errorType` of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorType {
    /// The handler said no, in words for the person.
    Rejected,
    /// The handler failed or panicked.
    Failed,
    /// There is no route for the event.
    Unhandled,
    /// The event can't be read.
    Malformed,
    /// The handler took too long for Cognito.
    TimedOut,
}

impl ErrorType {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "Rejected",
            Self::Failed => "Failed",
            Self::Unhandled => "Unhandled",
            Self::Malformed => "Malformed",
            Self::TimedOut => "TimedOut",
        }
    }
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What Cognito gets in place of an answer: the only errors that leave the function.
///
/// [`message`](Refusal::message) is what the person reads; `Debug` and `Display` say no more than that.
/// [`detail`](Refusal::detail) is for the team.
pub struct Refusal {
    error_type: ErrorType,
    message: String,
    detail: String,
}

/// Why there is no answer, before it is known who asks.
pub(crate) enum Cause {
    Handler(Error),
    Panic(String),
    Malformed(Malformed),
    Unrouted(Unrouted),
    NoTimer,
    TimedOut { after: Duration, cold_start: Duration },
}

impl Refusal {
    pub(crate) fn new(cause: Cause, request_id: &str) -> Self {
        let (error_type, detail) = match cause {
            Cause::Handler(Error(Kind::Rejected { message, cause })) => {
                let detail = cause.map_or_else(
                    || message.clone(),
                    |cause| format!("{message}: {}", Chain(&*cause)),
                );
                return Self {
                    error_type: ErrorType::Rejected,
                    message,
                    detail,
                };
            }
            Cause::Handler(error) => (ErrorType::Failed, error.to_string()),
            Cause::Panic(message) => (ErrorType::Failed, format!("the handler panicked: {message}")),
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
        let message = match request_id {
            "" => "internal error".to_owned(),
            id => format!("internal error (reference {id})"),
        };
        Self {
            error_type,
            message,
            detail,
        }
    }

    /// What kind of refusal it is.
    pub fn error_type(&self) -> ErrorType {
        self.error_type
    }

    /// What the person reads, behind Cognito's `PreSignUp failed with error `.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What really happened, with all causes, for the logs and for tests.
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

    #[derive(Debug)]
    struct Outer(std::num::ParseIntError);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the quota is unreadable")
        }
    }

    impl StdError for Outer {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    fn outer() -> Outer {
        Outer("x".parse::<u8>().unwrap_err())
    }

    #[test]
    fn a_failure_is_told_to_the_team_only() {
        let refusal = Refusal::new(Cause::Handler(outer().into()), "5f1c");
        assert_eq!(refusal.message(), "internal error (reference 5f1c)");
        assert_eq!(
            refusal.detail(),
            "the quota is unreadable: invalid digit found in string"
        );
        assert_eq!(format!("{refusal:?}"), "Failed: internal error (reference 5f1c)");
        assert_eq!(Diagnostic::from(refusal).error_type, "Failed");
    }

    #[test]
    fn a_rejection_is_told_to_the_person_and_its_cause_to_the_team() {
        let error = Err::<(), _>(outer()).or_reject("not invited. ").unwrap_err();
        let refusal = Refusal::new(Cause::Handler(error), "5f1c");
        assert_eq!(refusal.message(), "not invited");
        assert_eq!(
            refusal.detail(),
            "not invited: the quota is unreadable: invalid digit found in string"
        );
    }

    #[test]
    fn a_rejection_has_words_and_no_full_stop_of_its_own() {
        let text = |message: &str| reject(message).to_string();
        assert_eq!(
            (text(" not invited. "), text("Wait...")),
            ("not invited".into(), "Wait...".into())
        );
        assert_eq!(
            (text(" . "), text(""), text("...")),
            ("not allowed".into(), "not allowed".into(), "not allowed".into())
        );
    }

    #[test]
    fn everything_that_is_an_error_converts() {
        let from_text: Error = "plain words".into();
        let from_box: Error = BoxError::from("boxed").into();
        assert_eq!(
            (from_text.to_string(), from_box.to_string()),
            ("plain words".into(), "boxed".into())
        );
    }
}
