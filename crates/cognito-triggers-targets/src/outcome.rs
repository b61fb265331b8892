//! What a function returned for an event.

use std::fmt;

use cognito_triggers::function::ErrorType;
use cognito_triggers_model::{
    json::Json,
    rules::{self, Finding},
};

use crate::{invoke_error::InvokeError, lambda::MAX_RESPONSE};

/// What a function returned for an event.
///
/// ```
/// use cognito_triggers_targets::{InvokeError, Outcome};
///
/// let outcome = Outcome::InvokeError(InvokeError::TooLarge);
/// assert_eq!(
///     outcome.to_string(),
///     r#"{"error":{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"the answer is larger than the 6 MB that Lambda allows"}}"#
/// );
/// assert!(outcome.document().is_err());
/// ```
///
/// `Display` is one line of JSON: the answer, or `{"error": {"errorType": …, "errorMessage": …}}`, with
/// [`InvokeError::error_type`] where the function returned nothing.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// An answer: the JSON that Cognito would get.
    Answered(Json),
    /// An error of the function, with the fields that Lambda calls `errorType` and `errorMessage`.
    FunctionError {
        /// `Rejected`, `Failed`, `Unhandled`, `Malformed` or `TimedOut` from this library; anything from another one.
        error_type: String,
        /// The text. Cognito shows it to the user who signs in.
        message: String,
    },
    /// Neither of them.
    InvokeError(InvokeError),
}

impl Outcome {
    /// Reads the body of a response.
    pub(crate) fn from_response(body: &[u8]) -> Self {
        let not_json = |problem: String| {
            let start: String = String::from_utf8_lossy(body).chars().take(60).collect();
            let start = start.escape_debug().to_string();
            Self::InvokeError(InvokeError::InvalidJson { problem, start })
        };
        if body.len() > MAX_RESPONSE {
            return Self::InvokeError(InvokeError::TooLarge);
        }
        match std::str::from_utf8(body) {
            Ok(text) => match Json::parse(text) {
                Ok(json) => Self::Answered(json),
                Err(error) if error.is_too_deep() => Self::InvokeError(InvokeError::TooDeep {
                    problem: error.to_string(),
                }),
                Err(error) => not_json(error.to_string()),
            },
            Err(error) => not_json(format!("byte {} is not UTF-8", error.valid_up_to() + 1)),
        }
    }

    /// Reads an error document: `{"errorType": …, "errorMessage": …}`. One of the two fields may be absent.
    pub(crate) fn from_error(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let document = Json::parse(&text).ok();
        let field = |key| Some(document.as_ref()?.get(key)?.as_str()?.to_owned());
        match (field("errorType"), field("errorMessage")) {
            (None, None) => Self::InvokeError(InvokeError::Unreachable {
                problem: "the function reported an error that is no error document with `errorType` and `errorMessage`"
                    .to_owned(),
            }),
            (error_type, message) => Self::FunctionError {
                error_type: error_type.unwrap_or_default(),
                message: message.unwrap_or_default(),
            },
        }
    }

    /// The type of the error, if it is one that this library sends.
    ///
    /// ```
    /// use cognito_triggers::function::ErrorType;
    /// use cognito_triggers_targets::Outcome;
    ///
    /// let of_type = |error_type: &str| Outcome::FunctionError {
    ///     error_type: error_type.to_owned(),
    ///     message: "no".to_owned(),
    /// };
    /// assert_eq!(of_type("Rejected").refusal(), Some(ErrorType::Rejected));
    /// assert_eq!(of_type("NotInvitedError").refusal(), None);
    /// ```
    pub fn refusal(&self) -> Option<ErrorType> {
        match self {
            Self::FunctionError { error_type, .. } => ErrorType::parse(error_type),
            Self::Answered(_) | Self::InvokeError(_) => None,
        }
    }

    /// The outcome as an answer file holds it: the answered event, `{"rejected": "MESSAGE"}`, or `{"failed": "TYPE"}`.
    ///
    /// The message of a failure is left out, because it holds a request id.
    ///
    /// # Errors
    /// Returns the [`InvokeError`] if the function returned nothing.
    pub fn document(&self) -> Result<Json, InvokeError> {
        let object = |key: &str, text| Json::object([(key.to_owned(), Json::string(text))]);
        match self {
            Self::Answered(json) => Ok(json.clone()),
            Self::FunctionError { message, .. } if self.refusal() == Some(ErrorType::Rejected) => {
                Ok(object("rejected", message))
            }
            Self::FunctionError { error_type, .. } => Ok(object("failed", error_type)),
            Self::InvokeError(error) => Err(error.clone()),
        }
    }

    /// Checks an answer to `event` against Cognito's rules. Returns nothing for another outcome.
    ///
    /// ```no_run
    /// # use cognito_triggers_targets::{Invocation, Process, Target};
    /// # async fn example(function: Process, event: String) -> Result<(), String> {
    /// let reply = function.invoke(Invocation::new(event.clone())).await;
    /// for finding in reply.outcome.check_rules(event.as_bytes())? {
    ///     println!("{}: {}", finding.rule.code, finding.rule.sentence);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if the event or the answer can't be checked: it holds a number beyond 64 bits, a lone surrogate, or more
    /// than 256 levels.
    pub fn check_rules(&self, event: &[u8]) -> Result<Vec<Finding>, String> {
        let Self::Answered(answer) = self else {
            return Ok(Vec::new());
        };
        // Parsed as `Json`, because serde_json gives some keys a special meaning.
        let event = std::str::from_utf8(event)
            .map_err(|error| error.to_string())
            .and_then(|text| Json::parse(text).map_err(|error| error.to_string()))
            .and_then(|json| json.to_serde().map_err(|error| error.to_string()))
            .map_err(|error| format!("the event can't be represented: {error}"))?;
        let answer = answer
            .to_serde()
            .map_err(|error| format!("the answer can't be represented: {error}"))?;
        Ok(rules::check(&event, &answer))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(json) => json.fmt(f),
            Self::FunctionError { error_type, message } => error_document(error_type, message).fmt(f),
            Self::InvokeError(error) => error_document(error.error_type(), &error.to_string()).fmt(f),
        }
    }
}

/// An error as one line of JSON.
fn error_document(error_type: &str, message: &str) -> Json {
    let field = |name: &str, text| (name.to_owned(), Json::string(text));
    let error = Json::object([field("errorType", error_type), field("errorMessage", message)]);
    Json::object([("error".to_owned(), error)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_ours_is_told_as_such() {
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        let outcome = Outcome::from_response(deep.as_bytes());
        assert_eq!(
            outcome.to_string(),
            r#"{"error":{"errorType":"Replay.TooDeep","errorMessage":"the answer can't be compared: it is nested deeper than 256 levels at line 1, column 257; that is a limit of the replay, not of the function"}}"#
        );
        let garbage = Outcome::from_response(b"[").to_string();
        assert!(garbage.contains("Replay.NotJson"), "{garbage}");
        let bytes = Outcome::from_response(b"a\xff").to_string();
        assert!(
            bytes.contains("the answer isn't JSON: byte 2 is not UTF-8"),
            "{bytes}"
        );
    }
}
