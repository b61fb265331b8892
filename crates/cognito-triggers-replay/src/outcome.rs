//! What became of an event.

use std::{fmt, time::Duration};

use cognito_triggers::json::Json;

use crate::shown::Shown;

/// What Lambda takes as an answer of a synchronous call: its 6 MB, and a hundred bytes on top.
pub(crate) const LARGEST: usize = 6 * 1024 * 1024 + 100;

/// What a function made of an event.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It answered: the JSON that Cognito would get.
    Answered(Json),
    /// It returned an error: what Lambda calls `errorType` and `errorMessage`.
    Refused {
        /// `Rejected`, `Failed`, `Unhandled`, `Malformed` or `TimedOut`, or whatever another library writes.
        error_type: String,
        /// The text; after a rejection, the person who signs in reads it.
        message: String,
    },
    /// It did neither.
    Broken(Trouble),
}

/// What keeps a function from answering at all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// The program can't be started.
    NotStarted {
        /// What the system says.
        problem: String,
    },
    /// The process ended before it asked for an event.
    ExitedAtStart {
        /// How it ended.
        status: String,
    },
    /// The process runs, but doesn't ask for an event.
    NeverReady {
        /// How long it was given.
        after: Duration,
    },
    /// The function reported that it can't start.
    InitFailed {
        /// The error it reported.
        problem: String,
    },
    /// The process ended before it answered.
    ExitedInCall {
        /// How it ended.
        status: String,
    },
    /// No answer until the deadline.
    TimedOut {
        /// The deadline.
        after: Duration,
    },
    /// The answer isn't JSON.
    NotJson {
        /// What is wrong with it, and where.
        problem: String,
        /// How it begins.
        start: String,
    },
    /// The answer is nested so deep that it isn't read here; Lambda would take it.
    TooDeep {
        /// How deep, and where.
        problem: String,
    },
    /// The answer is larger than Lambda allows.
    TooLarge,
    /// None of several functions has a route for the event.
    NoRoute {
        /// Which functions, and which route.
        problem: String,
    },
    /// The target can't be reached, or doesn't speak as Lambda does.
    Unreachable {
        /// What happened.
        problem: String,
    },
}

impl Outcome {
    /// Reads the body of an answer.
    pub(crate) fn answer(body: &[u8]) -> Self {
        let not_json = |problem: String| {
            let start: String = String::from_utf8_lossy(body).chars().take(60).collect();
            let start = start.escape_debug().to_string();
            Self::Broken(Trouble::NotJson { problem, start })
        };
        if body.len() > LARGEST {
            return Self::Broken(Trouble::TooLarge);
        }
        match std::str::from_utf8(body) {
            Ok(text) => match Json::parse(text) {
                Ok(json) => Self::Answered(json),
                Err(error) if error.is_too_deep() => Self::Broken(Trouble::TooDeep {
                    problem: error.to_string(),
                }),
                Err(error) => not_json(error.to_string()),
            },
            Err(error) => not_json(format!("byte {} is not UTF-8", error.valid_up_to() + 1)),
        }
    }

    /// Reads an error document, `{"errorType": …, "errorMessage": …}`.
    pub(crate) fn refusal(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let document = Json::parse(&text).ok();
        let field = |key| Some(document.as_ref()?.get(key)?.as_str()?.to_owned());
        match (field("errorType"), field("errorMessage")) {
            (None, None) => Self::Broken(Trouble::Unreachable {
                problem: "it reported an error that is no error document with `errorType` and `errorMessage`"
                    .to_owned(),
            }),
            (error_type, message) => Self::Refused {
                error_type: error_type.unwrap_or_default(),
                message: message.unwrap_or_default(),
            },
        }
    }

    /// The outcome as an answer file holds it, if it can be approved: the answered event, `{"rejected": "…"}`, or
    /// `{"failed": "…"}` with the type of the error. The text of a failure isn't part of it: it names a request.
    ///
    /// # Errors
    /// If there is nothing to approve.
    pub fn document(&self) -> Result<Json, Trouble> {
        let word = |key: &str, text| Json::object([(key.to_owned(), Json::string(text))]);
        match self {
            Self::Answered(json) => Ok(json.clone()),
            Self::Refused { error_type, message } if error_type == "Rejected" => {
                Ok(word("rejected", message))
            }
            Self::Refused { error_type, .. } => Ok(word("failed", error_type)),
            Self::Broken(trouble) => Err(trouble.clone()),
        }
    }
}

/// One line of JSON: the answer, or `{"error": {"errorType": …, "errorMessage": …}}`, where it is neither with the
/// [type of the trouble](Trouble::error_type).
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(json) => json.fmt(f),
            Self::Refused { error_type, message } => error(error_type, message).fmt(f),
            Self::Broken(trouble) => error(trouble.error_type(), &trouble.to_string()).fmt(f),
        }
    }
}

fn error(error_type: &str, message: &str) -> Json {
    let field = |name: &str, text| (name.to_owned(), Json::string(text));
    let error = Json::object([field("errorType", error_type), field("errorMessage", message)]);
    Json::object([("error".to_owned(), error)])
}

impl Trouble {
    /// What Lambda's `errorType` would be: `Sandbox.Timedout`, `Runtime.ExitError` or `Function.ResponseSizeTooLarge`.
    /// For what Lambda has no type for, one that begins with `Replay.`, so that it can't be mistaken for a function's.
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::TimedOut { .. } | Self::NeverReady { .. } => "Sandbox.Timedout",
            Self::ExitedAtStart { .. } | Self::ExitedInCall { .. } => "Runtime.ExitError",
            Self::TooLarge => "Function.ResponseSizeTooLarge",
            Self::NotStarted { .. } => "Replay.NotStarted",
            Self::InitFailed { .. } => "Replay.InitFailed",
            Self::NotJson { .. } => "Replay.NotJson",
            Self::TooDeep { .. } => "Replay.TooDeep",
            Self::NoRoute { .. } => "Replay.NoRoute",
            Self::Unreachable { .. } => "Replay.Unreachable",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { problem } => write!(f, "the function can't be started: {}", Shown(problem)),
            Self::ExitedAtStart { status } => {
                write!(f, "the function {status} before it asked for an event")
            }
            Self::NeverReady { after } => write!(
                f,
                "the function doesn't ask for an event: nothing after {}; is it a Lambda function, and quick enough?",
                Seconds(*after)
            ),
            Self::InitFailed { problem } => {
                write!(f, "the function reports that it can't start: {}", Shown(problem))
            }
            Self::ExitedInCall { status } => write!(f, "the function {status} before it answered"),
            Self::TimedOut { after } => write!(f, "no answer after {}", Seconds(*after)),
            Self::NotJson { problem, start } => {
                write!(
                    f,
                    "the answer isn't JSON: {}; it begins with `{start}`",
                    Shown(problem)
                )
            }
            Self::TooDeep { problem } => write!(
                f,
                "the answer can't be compared: it is {problem}; that is a limit of the replay, not of the function"
            ),
            Self::TooLarge => f.write_str("the answer is larger than the 6 MB that Lambda allows"),
            Self::NoRoute { problem } | Self::Unreachable { problem } => Shown(problem).fmt(f),
        }
    }
}

/// A duration as people write it: `5 s`, `4.5 s`, `50 ms`.
pub(crate) struct Seconds(pub(crate) Duration);

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

    #[test]
    fn a_limit_of_ours_is_told_as_such() {
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        let outcome = Outcome::answer(deep.as_bytes());
        assert_eq!(
            outcome.to_string(),
            r#"{"error":{"errorType":"Replay.TooDeep","errorMessage":"the answer can't be compared: it is nested deeper than 256 levels at line 1, column 257; that is a limit of the replay, not of the function"}}"#
        );
        let garbage = Outcome::answer(b"[").to_string();
        assert!(garbage.contains("Replay.NotJson"), "{garbage}");
        let bytes = Outcome::answer(b"a\xff").to_string();
        assert!(
            bytes.contains("the answer isn't JSON: byte 2 is not UTF-8"),
            "{bytes}"
        );
    }

    /// Troubles of the machine itself, which no test of the command can bring about.
    #[test]
    fn what_the_machine_refuses_is_told() {
        let problem = "no port on loopback: too many open files".to_owned();
        for (trouble, text) in [
            (
                Trouble::NotStarted {
                    problem: problem.clone(),
                },
                "the function can't be started: no port on loopback: too many open files",
            ),
            (
                Trouble::Unreachable { problem },
                "no port on loopback: too many open files",
            ),
            (
                Trouble::ExitedInCall {
                    status: "can't be watched any more (gone)".to_owned(),
                },
                "the function can't be watched any more (gone) before it answered",
            ),
        ] {
            assert_eq!(trouble.to_string(), text);
        }
    }
}
