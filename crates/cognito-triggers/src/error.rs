//! Errors of handlers. A rejection has a text for the user who signs in, and any other failure has a text for the logs.

use std::{error::Error as StdError, fmt};

/// What a handler returns: the response, or an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// Why a handler returns no answer: a rejection or a failure.
///
/// Cognito shows the error text of a trigger to the user who signs in. A rejection has a text for this user. You create it
/// with [`reject`], [`or_reject`](OrReject::or_reject), or an error of your own that has a [`Rejection`] as its source.
/// Every other error through `?` is a failure: the logs have it with all its causes, and the user reads
/// `internal error (reference …)` with the id of the request.
///
/// ```
/// use cognito_triggers::{OrReject, Result, reject};
///
/// fn tenant(email: Option<&str>) -> Result<String> {
///     let email = email.or_reject("an email address is required")?;           // the user reads this
///     let (_, domain) = email.split_once('@').or_reject("this is no email address")?;
///     let known = std::fs::read_to_string("/nowhere/tenants.txt")?;           // the logs get this
///     if !known.contains(domain) {
///         return Err(reject("this email domain is not invited"));
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

/// Creates a rejection, whose text the user who signs in reads.
///
/// Cognito writes `PreSignUp failed with error {message}.` and adds the period. So a period at the end of the message is
/// removed, and whitespace around it too. An empty message becomes `not allowed`.
///
/// ```
/// use cognito_triggers::reject;
///
/// assert_eq!(reject("not invited. ").to_string(), "not invited");
/// ```
pub fn reject(message: impl AsRef<str>) -> Error {
    rejected(message.as_ref(), None)
}

fn rejected(message: &str, cause: Option<BoxError>) -> Error {
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
        cause,
    })
}

/// Marks an error of your own as a rejection: the user reads the text of the error whose
/// [`source`](StdError::source) this is.
///
/// So each variant of an enum can have a text for the user or for the logs. The mark works through `?`, through
/// `#[error(transparent)]`, and in an error that wraps yours. The text of the wrapping error goes only to the logs.
///
/// ```
/// use cognito_triggers::{Result, error::Rejection};
///
/// #[derive(Debug, thiserror::Error)]
/// enum CodeError {
///     #[error("this code has expired; ask for a new one")]
///     Expired(#[source] Rejection),
///     #[error("the table of codes can't be read")]
///     Table(#[from] std::io::Error),
/// }
///
/// fn check(age: u64) -> Result<(), CodeError> {
///     if age > 300 {
///         return Err(CodeError::Expired(Rejection));
///     }
///     Ok(())
/// }
///
/// fn handler() -> Result<()> {
///     check(301)?;
///     Ok(())
/// }
///
/// assert!(handler().unwrap_err().is_rejection());
/// assert!(!cognito_triggers::Error::from(CodeError::Table(std::io::Error::other("down"))).is_rejection());
/// ```
///
/// Without `thiserror`, return `Some(&Rejection)` from [`source`](StdError::source).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rejection;

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the user may read this error")
    }
}

impl StdError for Rejection {}

/// The text of the first error in the chain that has a [`Rejection`] as its source.
fn rejection_in(error: &(dyn StdError + 'static)) -> Option<String> {
    causes(error)
        .find(|error| error.source().is_some_and(|source| source.is::<Rejection>()))
        .map(ToString::to_string)
}

/// Turns a value that is missing, or an error, into a rejection.
///
/// It works for `Option`, for a `Result` with any error that `?` accepts, and for this library's own [`Result`].
pub trait OrReject<T> {
    /// Returns the value, or a rejection with this text for the user; see [`reject`].
    ///
    /// The original error goes to the logs. If it was a rejection, the new text replaces the old one.
    ///
    /// ```
    /// use cognito_triggers::{OrReject, Result};
    ///
    /// fn table_row() -> Result<String> {
    ///     Err("the table is down".into())
    /// }
    ///
    /// let error = table_row().or_reject("please try again later").unwrap_err();
    /// assert!(error.is_rejection());
    /// assert_eq!(error.to_string(), "please try again later: the table is down");
    /// ```
    ///
    /// # Errors
    /// Fails if there is no value.
    fn or_reject(self, message: impl AsRef<str>) -> Result<T>;
}

impl<T> OrReject<T> for Option<T> {
    fn or_reject(self, message: impl AsRef<str>) -> Result<T> {
        self.ok_or_else(|| reject(message))
    }
}

impl<T, E: Into<Error>> OrReject<T> for std::result::Result<T, E> {
    fn or_reject(self, message: impl AsRef<str>) -> Result<T> {
        self.map_err(|error| {
            let cause = match error.into().0 {
                Kind::Rejected { message, cause: None } => message.into(),
                Kind::Rejected {
                    cause: Some(cause), ..
                } => cause,
                Kind::Failed(cause) => cause,
            };
            rejected(message.as_ref(), Some(cause))
        })
    }
}

impl Error {
    /// Whether the user reads the text.
    pub fn is_rejection(&self) -> bool {
        matches!(self.0, Kind::Rejected { .. })
    }

    /// The first error of type `E` among this error and its causes, so that a caller can decide by it.
    ///
    /// ```
    /// use std::io;
    /// use cognito_triggers::Error;
    ///
    /// let error: Error = io::Error::from(io::ErrorKind::NotFound).into();
    /// assert_eq!(error.find().map(io::Error::kind), Some(io::ErrorKind::NotFound));
    /// ```
    pub fn find<E: StdError + 'static>(&self) -> Option<&E> {
        let first: &(dyn StdError + 'static) = match &self.0 {
            Kind::Rejected { cause, .. } => &**cause.as_ref()?,
            Kind::Failed(error) => &**error,
        };
        causes(first).find_map(|error| error.downcast_ref())
    }

    /// The text for the user; `None` for a failure.
    pub(crate) fn user_text(&self) -> Option<&str> {
        match &self.0 {
            Kind::Rejected { message, .. } => Some(message),
            Kind::Failed(_) => None,
        }
    }
}

impl<E: Into<BoxError>> From<E> for Error {
    fn from(error: E) -> Self {
        let error = error.into();
        match rejection_in(&*error) {
            Some(message) => rejected(&message, Some(error)),
            None => Self(Kind::Failed(error)),
        }
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
            } => {
                let causes = Chain(&**cause).to_string();
                if causes.starts_with(message.as_str()) {
                    return f.write_str(&causes);
                }
                write!(f, "{message}: {causes}")
            }
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

/// An error and its causes, without the mark of a rejection.
pub(crate) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source()).take_while(|error| !error.is::<Rejection>())
}

/// Writes an error and all its causes, `first: second: third`, and none of them twice.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last: Option<String> = None;
        for error in causes(self.0) {
            let text = error.to_string();
            match &last {
                None => f.write_str(&text)?,
                // Many errors repeat their cause in their own text.
                Some(last) if last.ends_with(&text) => {}
                Some(_) => write!(f, ": {text}")?,
            }
            last = Some(text);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
