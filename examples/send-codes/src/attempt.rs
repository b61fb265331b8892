//! One attempt at sending: how long it may take, what may be said of its failure, and whether there may be another.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::RequestId;

use crate::once::Claim;

/// What is left for the answer when SES or SNS didn't come back with one.
const MARGIN: Duration = Duration::from_millis(250);

/// How long a connection may take: the system repeats a lost packet after a second. It is the same for every attempt,
/// because the SDK keeps its connections apart by it.
const CONNECT: Duration = Duration::from_secs(2);

/// For the configuration of a client.
pub(crate) fn connect_timeout() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT).build()
}

/// Ends an attempt a little before the call itself is given up.
///
/// # Errors
/// If too little time is left for one. An attempt that ends before its connection could have failed leaves nobody knowing
/// whether the message was sent.
pub(crate) fn within(service: &'static str, remaining: Duration) -> Result<TimeoutConfig, Failure> {
    let limit = remaining.saturating_sub(MARGIN);
    if limit <= CONNECT {
        return Err(Failure {
            service,
            what: "wasn't asked: too little time is left; raise the function's time limit".to_owned(),
            maybe_sent: false,
        });
    }
    Ok(TimeoutConfig::builder().operation_timeout(limit).build())
}

/// Ends the claim on a message that was handed over. Only if it certainly wasn't taken, the next try may send.
pub(crate) fn settle<T, E>(
    claim: Claim<'_>,
    service: &'static str,
    outcome: Result<T, SdkError<E>>,
) -> Result<(), Failure>
where
    E: ProvideErrorMetadata + RequestId,
{
    let Err(error) = outcome else {
        claim.sent();
        return Ok(());
    };
    let failure = Failure::of(service, &error);
    if !failure.maybe_sent {
        claim.not_taken();
    }
    Err(failure)
}

/// Why a message wasn't sent. SES repeats the address in its message, and SNS the number, so neither is kept.
#[derive(Debug)]
pub(crate) struct Failure {
    service: &'static str,
    what: String,
    maybe_sent: bool,
}

impl Failure {
    fn of<E: ProvideErrorMetadata + RequestId>(service: &'static str, error: &SdkError<E>) -> Self {
        let (what, maybe_sent) = match error {
            SdkError::ServiceError(answer) => {
                let status = answer.raw().status();
                let code = answer.err().code().unwrap_or("no error code");
                let id = answer.err().request_id().unwrap_or("unknown");
                let what = format!("answered {code} (HTTP {}, request id {id})", status.as_u16());
                (what, !status.is_client_error())
            }
            SdkError::ConstructionFailure(_) => ("wasn't asked: the request can't be made".to_owned(), false),
            SdkError::TimeoutError(_) => ("didn't answer in time".to_owned(), true),
            SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
                Some(error) if error.is_user() => {
                    ("wasn't asked: the request can't be made".to_owned(), false)
                }
                Some(error) if is_unconnected(error) => ("can't be reached".to_owned(), false),
                _ => ("didn't answer: the connection failed".to_owned(), true),
            },
            _ => ("gave an answer that can't be read".to_owned(), true),
        };
        Self {
            service,
            what,
            maybe_sent,
        }
    }
}

/// Whether there never was a connection: no such name, nobody who listens, no handshake. The HTTP client says so in
/// words alone.
fn is_unconnected(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source()).any(|error| {
        let text = error.to_string();
        text == "client error (Connect)" || text.starts_with("HTTP connect timeout")
    })
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.what)?;
        if self.maybe_sent {
            f.write_str("; the message may be on its way, so this instance won't send it again")?;
        }
        Ok(())
    }
}

impl Error for Failure {}
