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

/// The error of a redirect after a failed sign-in, as `error: description`.
///
/// `None` if the query isn't the address of a redirect, or a part of one: it has no `error_description`.
pub(super) fn of_redirect(query: &str) -> Option<String> {
    let description = parameter(query, "error_description=")?;
    Some(match parameter(query, "error=") {
        Some(error) => format!("{error}: {description}"),
        None => description,
    })
}

/// The decoded value of a parameter of an address. `name` ends with `=`.
///
/// The value ends at `&`, at `#`, at a quote around the address, or with the text.
fn parameter(query: &str, name: &str) -> Option<String> {
    // Another name may end with the same letters.
    let continues = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names = query.match_indices(name);
    let (start, _) = names.find(|(start, _)| {
        query
            .get(..*start)
            .is_some_and(|before| !before.ends_with(continues))
    })?;
    let rest = query.get(start + name.len()..)?;
    rest.split(['&', '#', '"']).next().map(decode)
}

/// Replaces `+` by a space, and each `%` with two hexadecimal digits by its byte. Another `%` stays as it is.
fn decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let escaped = after.split_at_checked(2).filter(|_| *byte == b'%');
        let escaped = escaped.and_then(|(digits, after)| Some((hexadecimal(digits)?, after)));
        let (byte, after) = match escaped {
            Some(escaped) => escaped,
            None if *byte == b'+' => (b' ', after),
            None => (*byte, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The byte that hexadecimal digits stand for. `None` if they contain anything else.
fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    // The standard library also accepts a sign.
    let is_plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u8::from_str_radix(digits, 16).ok().filter(|_| is_plain)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_a_redirect_are_decoded_if_they_are_whole() {
        for (value, wanted) in [
            ("a+b%20c%2B%26", "a b c+&"),
            ("%C3%A9", "é"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%zz%+1", "%zz% 1"),
            ("é%é", "é%é"),
            ("", ""),
        ] {
            let query =
                format!("https://example.com/?my_error=1&error_description={value}&error=server_error#x");
            assert_eq!(of_redirect(&query).unwrap(), format!("server_error: {wanted}"));
        }
        assert_eq!(of_redirect("error=server_error"), None);
        assert_eq!(of_redirect("?my_error_description=a"), None);
    }
}
