//! Sending one message: its timeouts, its errors, and whether it may be sent again.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::RequestId;

use cognito_triggers::Error as HandlerError;
use cognito_triggers::once::MaybeDone;

/// The time that remains to answer Lambda if SES or SNS doesn't answer.
const ANSWER_MARGIN: Duration = Duration::from_millis(250);

/// The limit for opening a connection. It leaves time for one repeated packet, which the system sends after a second.
///
/// It is constant, because the SDK keeps a connection pool for each value.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Returns the timeouts for a client's configuration.
pub(crate) fn connect_timeout() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build()
}

/// Returns the timeouts for one request, which end it shortly before the function's own deadline.
///
/// # Errors
/// Fails if too little time remains. If a request ended before its connection could time out, it would be unknown whether
/// the message was sent.
pub(crate) fn timeouts(service: &'static str, remaining: Duration) -> Result<TimeoutConfig, SendError> {
    let timeout = remaining.saturating_sub(ANSWER_MARGIN);
    if timeout <= CONNECT_TIMEOUT {
        return Err(SendError {
            service,
            reason: "wasn't called: too little time is left; raise the function's timeout".to_owned(),
            may_be_sent: false,
        });
    }
    Ok(TimeoutConfig::builder().operation_timeout(timeout).build())
}

/// Returns whether a message was sent. An error after which it may be on its way is marked, so that it isn't sent again.
pub(crate) fn check<T, E>(service: &'static str, result: Result<T, SdkError<E>>) -> Result<(), HandlerError>
where
    E: ProvideErrorMetadata + RequestId,
{
    let Err(error) = result else {
        return Ok(());
    };
    let error = SendError::new(service, &error);
    if error.may_be_sent {
        return Err(MaybeDone::new(error).into());
    }
    Err(error.into())
}

/// The reason why a message wasn't sent.
///
/// The services' own messages are dropped: SES's repeats the address, and SNS's the number.
#[derive(Debug)]
pub(crate) struct SendError {
    service: &'static str,
    reason: String,
    may_be_sent: bool,
}

impl SendError {
    fn new<E: ProvideErrorMetadata + RequestId>(service: &'static str, error: &SdkError<E>) -> Self {
        let (reason, may_be_sent) = match error {
            SdkError::ServiceError(response) => {
                let status = response.raw().status();
                let code = response.err().code().unwrap_or("no error code");
                let id = response.err().request_id().unwrap_or("unknown");
                let reason = format!("answered {code} (HTTP {}, request id {id})", status.as_u16());
                (reason, !status.is_client_error())
            }
            SdkError::ConstructionFailure(_) => {
                ("wasn't called: the request can't be built".to_owned(), false)
            }
            SdkError::TimeoutError(_) => ("didn't answer in time".to_owned(), true),
            SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
                Some(error) if error.is_user() => {
                    ("wasn't called: the request can't be built".to_owned(), false)
                }
                Some(error) if is_connect_error(error) => ("can't be reached".to_owned(), false),
                _ => ("didn't answer: the connection failed".to_owned(), true),
            },
            _ => ("sent a malformed answer".to_owned(), true),
        };
        Self {
            service,
            reason,
            may_be_sent,
        }
    }
}

/// Returns whether no connection was opened: the name, the port or the handshake failed.
///
/// The HTTP client has no other sign of it than its message.
fn is_connect_error(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source()).any(|error| {
        let message = error.to_string();
        message == "client error (Connect)" || message.starts_with("HTTP connect timeout")
    })
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.reason)?;
        if self.may_be_sent {
            f.write_str("; the message may be on its way, so it isn't sent again")?;
        }
        Ok(())
    }
}

impl Error for SendError {}
