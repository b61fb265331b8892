//! Why a call has no answer.
//!
//! Some of the reasons exist on AWS too and have Lambda's error types; others come from running a function locally.

use std::{fmt, time::Duration};

use crate::{exit_status::lambda_exit_text, lambda::MAX_RESPONSE, sanitize::sanitize};

/// Why a call has neither an answer nor an error of the function.
///
/// Its `Display` is one line without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvokeError {
    /// The program can't be started.
    NotStarted {
        /// The operating system's reason.
        problem: String,
    },
    /// The process ended before it asked for an event.
    ExitedAtStart {
        /// How it ended, such as `exited with status 101`.
        status: String,
    },
    /// The process runs, but it didn't ask for an event.
    NeverReady {
        /// How long it had time.
        after: Duration,
    },
    /// The function reported that it can't start.
    InitFailed {
        /// The error that it reported, as `errorType: errorMessage`.
        problem: String,
    },
    /// The process ended before it answered.
    ExitedInCall {
        /// How it ended, such as `was killed by signal 9`.
        status: String,
    },
    /// The function didn't answer within the time limit.
    TimedOut {
        /// The time limit.
        after: Duration,
    },
    /// The answer isn't JSON.
    InvalidJson {
        /// What is wrong with it, and where.
        problem: String,
        /// Its first 60 characters, escaped.
        start: String,
    },
    /// The answer is nested too deep to be compared here. Lambda would accept it.
    TooDeep {
        /// How deep, and where.
        problem: String,
    },
    /// The answer is longer than the 6 MB that Lambda allows.
    TooLarge,
    /// None of several functions has a route for the event.
    NoRoute {
        /// Which functions, and which route.
        problem: String,
    },
    /// The target can't be reached, or doesn't follow Lambda's protocol.
    Unreachable {
        /// What happened.
        problem: String,
    },
}

impl InvokeError {
    /// The `errorType` that Lambda reports in this case: `Sandbox.Timedout`, `Runtime.ExitError` or
    /// `Function.ResponseSizeTooLarge`. Where Lambda has none, the type begins with `Replay.`, which no function uses.
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::TimedOut { .. } | Self::NeverReady { .. } => "Sandbox.Timedout",
            Self::ExitedAtStart { .. } | Self::ExitedInCall { .. } => "Runtime.ExitError",
            Self::TooLarge => "Function.ResponseSizeTooLarge",
            Self::NotStarted { .. } => "Replay.NotStarted",
            Self::InitFailed { .. } => "Replay.InitFailed",
            Self::InvalidJson { .. } => "Replay.NotJson",
            Self::TooDeep { .. } => "Replay.TooDeep",
            Self::NoRoute { .. } => "Replay.NoRoute",
            Self::Unreachable { .. } => "Replay.Unreachable",
        }
    }
}

impl InvokeError {
    /// The `errorMessage` that Lambda reports in this case, which is what Cognito shows. `request_id` is the id of the
    /// call.
    ///
    /// `None` if Lambda reports no error of the function: it stops waiting, passes on whatever the function wrote, or the
    /// cause is this machine.
    pub fn error_message(&self, request_id: &str) -> Option<String> {
        match self {
            Self::ExitedInCall { status } | Self::ExitedAtStart { status } => Some(format!(
                "RequestId: {request_id} Error: {}",
                lambda_exit_text(status)
            )),
            // `problem` is `errorType: errorMessage`.
            Self::InitFailed { problem } => Some(problem.split_once(": ")?.1.to_owned()),
            Self::TooLarge => Some(format!(
                "Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)"
            )),
            Self::TimedOut { .. }
            | Self::NeverReady { .. }
            | Self::InvalidJson { .. }
            | Self::NotStarted { .. }
            | Self::TooDeep { .. }
            | Self::NoRoute { .. }
            | Self::Unreachable { .. } => None,
        }
    }
}

impl fmt::Display for InvokeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { problem } => write!(f, "the function can't be started: {}", sanitize(problem)),
            Self::ExitedAtStart { status } => {
                write!(f, "the function {status} before it asked for an event")
            }
            Self::NeverReady { after } => write!(
                f,
                "the function doesn't ask for an event: no request within {}; check that it is a Lambda function, and that it starts in time",
                Seconds(*after)
            ),
            Self::InitFailed { problem } => {
                write!(
                    f,
                    "the function reports that it can't start: {}",
                    sanitize(problem)
                )
            }
            Self::ExitedInCall { status } => write!(f, "the function {status} before it answered"),
            Self::TimedOut { after } => write!(f, "no answer after {}", Seconds(*after)),
            Self::InvalidJson { problem, start } => {
                write!(
                    f,
                    "the answer isn't JSON: {}; it begins with `{start}`",
                    sanitize(problem)
                )
            }
            Self::TooDeep { problem } => write!(
                f,
                "the answer can't be compared: it is {problem}; that is a limit of the replay, not of the function"
            ),
            Self::TooLarge => f.write_str("the answer is larger than the 6 MB that Lambda allows"),
            Self::NoRoute { problem } | Self::Unreachable { problem } => sanitize(problem).fmt(f),
        }
    }
}

impl std::error::Error for InvokeError {}

/// A duration as people write it: `5 s`, `4.5 s`, `50 ms`.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < Duration::from_secs(1) {
            write!(f, "{} ms", self.0.as_millis())
        } else {
            write!(f, "{} s", self.0.as_secs_f64())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Failures of the machine itself, which no test of the command can cause.
    #[test]
    fn failures_of_the_machine_are_told() {
        let problem = "no port on loopback: too many open files".to_owned();
        for (error, text) in [
            (
                InvokeError::NotStarted {
                    problem: problem.clone(),
                },
                "the function can't be started: no port on loopback: too many open files",
            ),
            (
                InvokeError::Unreachable { problem },
                "no port on loopback: too many open files",
            ),
            (
                InvokeError::ExitedInCall {
                    status: "can't be watched any more (gone)".to_owned(),
                },
                "the function can't be watched any more (gone) before it answered",
            ),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }
}
