//! Reading the body of a request.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{Request, body::Incoming};
use tokio::time::timeout;

/// The time in which a client has to send the body of a request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Reads the body of a request, up to `limit` bytes. The client has 30 seconds to send it.
///
/// # Errors
/// Fails if the body is too long, doesn't arrive in time, or the connection breaks.
pub async fn read(request: Request<Incoming>, limit: usize) -> Result<Bytes, ReadBodyError> {
    let body = Limited::new(request.into_body(), limit).collect();
    match timeout(TIMEOUT, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ReadBodyError::TooLong { limit }),
        Ok(Err(error)) => Err(ReadBodyError::Broken(error.to_string())),
        Err(_) => Err(ReadBodyError::TimedOut),
    }
}

/// The body of a request can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadBodyError {
    /// It has more bytes than the service reads.
    TooLong {
        /// The longest body that is read, in bytes.
        limit: usize,
    },
    /// It didn't arrive within 30 seconds.
    TimedOut,
    /// The connection broke, or the body isn't valid HTTP. The string is the error of the HTTP library.
    Broken(String),
}

impl fmt::Display for ReadBodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { limit } => write!(f, "the request is longer than {limit} bytes"),
            Self::TimedOut => write!(
                f,
                "the request didn't arrive within {} seconds",
                TIMEOUT.as_secs()
            ),
            Self::Broken(problem) => write!(f, "the request can't be read: {problem}"),
        }
    }
}

impl std::error::Error for ReadBodyError {}
