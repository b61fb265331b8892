//! Plain descriptions of JSON syntax errors, for the people who wrote the text.

use serde_json::Error;

/// The messages of `serde_json`, each without the position that follows it, and ours.
const PROBLEMS: [(&str, &str); 19] = [
    ("EOF while parsing a list", "the text ends inside an array"),
    ("EOF while parsing an object", "the text ends inside an object"),
    ("EOF while parsing a string", "the text ends inside a string"),
    ("EOF while parsing a value", "the text ends before a value"),
    ("expected `:`", "expected `:` after a key"),
    ("expected `,` or `]`", "expected `,` or `]` after an item"),
    ("expected `,` or `}`", "expected `,` or `}` after a value"),
    ("expected ident", "expected `true`, `false` or `null`"),
    ("expected value", "expected a value"),
    ("expected `\"`", "expected a double quote"),
    ("key must be a string", "expected a key in double quotes"),
    ("trailing comma", "expected another item after the comma"),
    ("trailing characters", "unexpected text after the value"),
    ("invalid escape", "unknown escape in a string"),
    ("invalid number", "malformed number"),
    ("number out of range", "number too large"),
    (
        "invalid unicode code point",
        "an escape in a string that isn't a character",
    ),
    (
        "control character (\\u0000-\\u001F) found while parsing a string",
        "a line break or another control character in a string, without an escape",
    ),
    ("recursion limit exceeded", "nested too deep"),
];

/// Describes a syntax error without its position and without any part of the text. An error that isn't about syntax
/// keeps the message of `serde_json`.
pub(crate) fn syntax_problem(error: &Error) -> String {
    let text = error.to_string();
    let message = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(message, _)| message);
    let known = PROBLEMS.iter().find(|(serde, _)| *serde == message);
    known.map_or(message, |(_, problem)| problem).to_owned()
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn every_syntax_error_has_its_own_description() {
        for (text, problem) in [
            ("", "the text ends before a value"),
            ("[1", "the text ends inside an array"),
            ("{\"a\": 1", "the text ends inside an object"),
            ("{\"a\": \"b", "the text ends inside a string"),
            ("{\"a\": ", "the text ends before a value"),
            ("{\"a\" 1}", "expected `:` after a key"),
            ("[1 2]", "expected `,` or `]` after an item"),
            ("{\"a\": 1 \"b\": 2}", "expected `,` or `}` after a value"),
            ("nulk", "expected `true`, `false` or `null`"),
            ("'a'", "expected a value"),
            ("{a: 1}", "expected a key in double quotes"),
            ("{\"a\": 1,}", "expected a key in double quotes"),
            ("[1,]", "expected a value"),
            ("{} {}", "unexpected text after the value"),
            ("\"\\x\"", "unknown escape in a string"),
            ("[01]", "malformed number"),
            ("-", "malformed number"),
            (
                "\"a\nb\"",
                "a line break or another control character in a string, without an escape",
            ),
        ] {
            let error = serde_json::from_str::<IgnoredAny>(text).unwrap_err();
            assert_eq!(syntax_problem(&error), problem, "{text}");
        }
    }

    #[test]
    fn a_type_error_keeps_the_message_of_serde_json() {
        let error = serde_json::from_str::<bool>("1").unwrap_err();
        assert_eq!(
            syntax_problem(&error),
            "invalid type: integer `1`, expected a boolean"
        );
    }
}
