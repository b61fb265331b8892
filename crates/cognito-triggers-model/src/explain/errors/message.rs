//! Splitting an error into the exception and the message.
//!
//! SDKs, the AWS CLI, browsers and logs each wrap the same error in other words. What is left is the exception, by
//! which the table is filtered, and the message, which is compared with its texts.

use serde_json::Value;

/// An error as people paste it.
pub(super) struct Message {
    /// The exception or error code, without its namespace.
    ///
    /// `None` if the text names none. The codes of OAuth, such as `invalid_grant`, count too.
    pub(super) exception: Option<String>,
    /// The message; empty if only the exception was given.
    ///
    /// It is trimmed, and has no `(Service: …)` at its end.
    pub(super) text: String,
}

impl Message {
    /// Reads an error in the words of an SDK, of the AWS CLI, of a browser's redirect, or as the JSON of an API.
    pub(super) fn parse(query: &str) -> Self {
        let query = query.trim();
        if let Some(message) = Self::from_json(query) {
            return message;
        }
        // The AWS CLI and boto3: `An error occurred (X) when calling the Y operation: message`.
        if let Some((_, rest)) = query.split_once("An error occurred (")
            && let Some((exception, rest)) = rest.split_once(')')
            && let Some((_, text)) = rest.split_once("operation")
        {
            // boto3 may add `(reached max retries: 4)`.
            let text = match text.trim_start().strip_prefix('(') {
                Some(retries) => retries.split_once(')').map_or("", |(_, text)| text),
                None => text,
            };
            let text = text.trim_start().trim_start_matches(':');
            return Self::new(Some(exception), text);
        }
        match split_exception(query) {
            Some((exception, text)) => Self::new(Some(exception), text),
            None => Self::new(None, query),
        }
    }

    /// The JSON of the API, `{"__type": …, "message": …}`, or of Lambda, `{"errorType": …, "errorMessage": …}`.
    fn from_json(query: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(query).ok()?;
        let object = value.as_object()?;
        let first = |keys: &[&str]| {
            let mut values = keys.iter().filter_map(|key| object.get(*key));
            values.find_map(Value::as_str)
        };
        let exception = first(&["__type", "code", "name", "error", "errorType"]);
        let text = first(&["message", "Message", "error_description", "errorMessage"]);
        if exception.is_none() && text.is_none() {
            return None;
        }
        Some(Self::new(exception, text.unwrap_or_default()))
    }

    fn new(exception: Option<&str>, text: &str) -> Self {
        let exception = exception.map(|name| {
            let name = name.rsplit(['#', '/']).next().unwrap_or(name);
            let name = name.trim().trim_end_matches(':');
            match name.rsplit('.').next() {
                // A namespace of Java; the error types of Lambda have a dot of their own.
                Some(last) if last.ends_with("Exception") => last.to_owned(),
                _ => name.to_owned(),
            }
        });
        // Java's SDK and the redirect of a login append the service and the status.
        let text = text.split(" (Service: ").next().unwrap_or(text);
        let text = text.replace("\\n", "\n").trim().to_owned();
        Self { exception, text }
    }
}

/// The error codes that don't end with `Exception`: those of OAuth, and CloudFormation's.
const CODES: [&str; 8] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "unauthorized_client",
    "server_error",
    "redirect_mismatch",
    "ValidationError",
];

/// Whether a text is an exception or an error code, and nothing more. An exception may have its namespace.
pub(super) fn is_error_code(text: &str) -> bool {
    let is_exception = text.len() > "Exception".len() && text.ends_with("Exception");
    is_exception && text.chars().all(is_word) || CODES.contains(&text)
}

/// Whether a character may be a part of an error code.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '#')
}

/// `X: message`, where X is an exception or an error code.
///
/// Words before the exception are dropped. The message is empty if the text ends with the exception.
fn split_exception(query: &str) -> Option<(&str, &str)> {
    for (end, _) in query.match_indices(':').chain([(query.len(), "")]) {
        let (before, after) = query.split_at(end);
        let start = before.rfind(|c| !is_word(c)).map_or(0, |index| index + 1);
        let word = before.get(start..)?;
        if is_error_code(word) {
            return Some((word, after.trim_start_matches(':')));
        }
    }
    None
}
