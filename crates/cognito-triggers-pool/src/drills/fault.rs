//! What a function does in a drill.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::functions::LambdaError;

/// What a function does in a [`Drill`](crate::Drill).
///
/// The function isn't called, except by `Slow` and `Cold`. The evidence says how it is known what Cognito does.
///
/// | fault | `how` in `POST /_dev/fail` | what the caller of the API gets | evidence |
/// |---|---|---|---|
/// | `Error` | `error`, with `message` | `UserLambdaValidationException` with the message and a period | measured (GEN-01) |
/// | `Crash` | `crash` | `UserLambdaValidationException` with Lambda's text | measured (GEN-03) |
/// | `Timeout` | `timeout` | `UnexpectedLambdaException`, without the wait | measured (GEN-05) |
/// | `Slow` | `slow`, with `ms` | the answer, or the error of `Timeout` after three times the limit | measured (GEN-05) |
/// | `Cold` | `cold`, with `ms` | the answer, of a later attempt if the start takes longer than the limit | inferred |
/// | `Throttle` | `throttle` | `UnexpectedLambdaException` with `TooManyRequestsException` | inferred (GEN-12) |
/// | `Forbid` | `forbid` | `UnexpectedLambdaException` with `AccessDeniedException` | measured (GEN-06) |
/// | `Deleted` | `deleted` | the same as `Forbid` | documented |
/// | `Busy` | `busy` | `UnexpectedLambdaException` with `ResourceConflictException` | measured |
/// | `Null` | `null` | `InvalidLambdaResponseException` | measured (GEN-08) |
/// | `Garbage` | `garbage` | `InvalidLambdaResponseException` | measured (GEN-08) |
/// | `WrongShape` | `wrongShape` | `InvalidLambdaResponseException` | measured (GEN-07) |
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It returns an error with this text as `errorMessage`.
    Error(String),
    /// The process of the function ends.
    Crash,
    /// No answer comes in time. The pool doesn't wait for it: the call fails at once.
    Timeout,
    /// It runs, and its answer comes this long after the call. Every attempt is slow.
    ///
    /// Past the limit, the pool calls it again, up to three times in all, as Cognito does. A function whose effects must
    /// happen once shows here whether they do.
    Slow(Duration),
    /// It starts this long before it runs.
    ///
    /// Past the limit, the pool calls it again. An attempt that begins before the first one has started has a cold start of its
    /// own, as on Lambda, and the function still runs for an attempt whose answer nobody waits for.
    Cold(Duration),
    /// Its concurrency is used up, so Lambda refuses the call with `TooManyRequestsException`.
    Throttle,
    /// The pool has no permission to call it.
    Forbid,
    /// The function was deleted. [AWS says](https://repost.aws/knowledge-center/cognito-lambda-trigger-errors) that the error is
    /// that of a missing permission.
    Deleted,
    /// It is being created or updated, so Lambda refuses the call with `ResourceConflictException`.
    Busy,
    /// It answers `null`.
    Null,
    /// It answers what isn't JSON.
    Garbage,
    /// It answers an object that isn't the event.
    WrongShape,
}

/// What a fault needs besides its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Message,
    Milliseconds,
}

/// The values of `how`, with what each needs.
pub(super) const HOWS: [(&str, Takes); 12] = [
    ("error", Takes::Message),
    ("crash", Takes::Nothing),
    ("timeout", Takes::Nothing),
    ("slow", Takes::Milliseconds),
    ("cold", Takes::Milliseconds),
    ("throttle", Takes::Nothing),
    ("forbid", Takes::Nothing),
    ("deleted", Takes::Nothing),
    ("busy", Takes::Nothing),
    ("null", Takes::Nothing),
    ("garbage", Takes::Nothing),
    ("wrongShape", Takes::Nothing),
];

/// How much later than usual a function answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delay {
    /// How long an answer takes at least.
    pub(crate) answer: Duration,
    /// How long the start of the function takes.
    pub(crate) start: Duration,
}

impl Fault {
    /// The value of `how`.
    pub(super) fn how(&self) -> &'static str {
        match self {
            Self::Error(_) => "error",
            Self::Crash => "crash",
            Self::Timeout => "timeout",
            Self::Slow(_) => "slow",
            Self::Cold(_) => "cold",
            Self::Throttle => "throttle",
            Self::Forbid => "forbid",
            Self::Deleted => "deleted",
            Self::Busy => "busy",
            Self::Null => "null",
            Self::Garbage => "garbage",
            Self::WrongShape => "wrongShape",
        }
    }

    /// The result that stands for the function's, or how much later the function answers.
    pub(crate) fn into_result(self) -> Result<Result<Bytes, LambdaError>, Delay> {
        let refused = |exception: &str| Err(LambdaError::Refused(exception.to_owned()));
        Ok(match self {
            Self::Error(message) => Err(LambdaError::Function(message)),
            Self::Crash => Err(LambdaError::Function(
                "RequestId: 00000000-0000-4000-8000-000000000000 Error: Runtime exited with error: exit status 1"
                    .to_owned(),
            )),
            Self::Timeout => Err(LambdaError::Timeout),
            Self::Throttle => refused("TooManyRequestsException"),
            Self::Forbid | Self::Deleted => refused("AccessDeniedException"),
            Self::Busy => refused("ResourceConflictException"),
            Self::Null => Ok(Bytes::from_static(b"null")),
            Self::Garbage => Ok(Bytes::from_static(b"{\"hello\"")),
            Self::WrongShape => Ok(Bytes::from_static(b"{\"Response\":{}}")),
            Self::Slow(answer) => {
                return Err(Delay {
                    answer,
                    start: Duration::ZERO,
                });
            }
            Self::Cold(start) => {
                return Err(Delay {
                    start,
                    answer: Duration::ZERO,
                });
            }
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.how())?;
        match self {
            Self::Slow(time) | Self::Cold(time) => write!(f, ", {} ms", time.as_millis()),
            _ => Ok(()),
        }
    }
}
