//! Compares two answers.
//!
//! The comparison is on JSON values, not on text: whitespace, the order of keys and the escapes in strings don't count.
//! Numbers are compared as they are written.

use cognito_triggers_model::json::{Json, Location, Member, Path, Value};

use crate::placeholder;

/// One value that differs between two answers.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The path of the value, such as `response.autoConfirmUser`.
    pub path: Path,
    /// The location in the answer file: of the approved value, or of the object that lacks the key.
    pub location: Location,
    /// How they differ.
    pub mismatch: Mismatch,
}

/// How one value differs. Values are compact JSON; numbers keep the spelling that they had.
///
/// In a comparison with the first attempt, the first answer is the approved one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The values differ.
    Changed {
        /// The approved value.
        expected: String,
        /// The received value.
        actual: String,
    },
    /// The received answer lacks the key or item.
    Missing {
        /// The approved value.
        expected: String,
    },
    /// The received answer has a key or item that the approved one lacks.
    Unexpected {
        /// The received value.
        actual: String,
    },
}

/// Returns every value in which a received answer differs from the expected one. An object or array that occurs in both is
/// compared member by member.
///
/// The order of keys makes no difference. Everything else does: null isn't an absent key, `1.0` isn't `1` (an integer
/// field of a typed language refuses it), and the event around `response` must come back as it was sent. A
/// [placeholder] in the expected answer stands for values that change from run to run.
pub(crate) fn compare(expected: &Json, actual: &Json) -> Vec<Difference> {
    let mut differences = Vec::new();
    walk(&Path::default(), expected, actual, &mut differences);
    differences
}

/// Compares the values at one path and everything in them, and adds what differs to `differences`.
fn walk(path: &Path, expected: &Json, actual: &Json, differences: &mut Vec<Difference>) {
    let mut push = |path: Path, location: Location, mismatch| {
        differences.push(Difference {
            path,
            location,
            mismatch,
        });
    };
    let stands = placeholder::stands_for(expected, actual);
    match (&expected.value, &actual.value) {
        _ if stands == Some(true) => {}
        (Value::Object(approved), Value::Object(received)) => {
            for member in received {
                if expected.get(&member.key).is_none() {
                    let actual = member.value.to_string();
                    push(
                        path.key(&member.key),
                        expected.location,
                        Mismatch::Unexpected { actual },
                    );
                }
            }
            for Member { key, value, .. } in approved {
                match actual.get(key) {
                    Some(other) => walk(&path.key(key), value, other, differences),
                    None => differences.push(missing(path.key(key), value)),
                }
            }
        }
        (Value::Array(approved), Value::Array(received)) => {
            for (index, item) in received.iter().enumerate().skip(approved.len()) {
                let actual = item.to_string();
                push(
                    path.index(index),
                    expected.location,
                    Mismatch::Unexpected { actual },
                );
            }
            for (index, item) in approved.iter().enumerate() {
                match received.get(index) {
                    Some(other) => walk(&path.index(index), item, other, differences),
                    None => differences.push(missing(path.index(index), item)),
                }
            }
        }
        _ if stands.is_none() && expected == actual => {}
        _ => {
            let (expected_text, actual) = (expected.to_string(), actual.to_string());
            let mismatch = Mismatch::Changed {
                expected: expected_text,
                actual,
            };
            push(path.clone(), expected.location, mismatch);
        }
    }
}

/// The difference if the received answer lacks a value.
fn missing(path: Path, expected: &Json) -> Difference {
    Difference {
        path,
        location: expected.location,
        mismatch: Mismatch::Missing {
            expected: expected.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(expected: &str, actual: &str) -> Vec<String> {
        let differences = compare(&Json::parse(expected).unwrap(), &Json::parse(actual).unwrap());
        let text = |difference: &Difference| {
            let location = &expected[difference.location.span()];
            format!("{} at {location}: {:?}", difference.path, difference.mismatch)
        };
        differences.iter().map(text).collect()
    }

    #[test]
    fn each_difference_is_named() {
        assert_eq!(
            differences(
                r#"{"a": {"b": [1, {"x.y": true}], "gone": null}, "n": 1}"#,
                r#"{"n": 1.0, "a": {"b": [1, {"x.y": false}, 3]}, "new": {}}"#
            ),
            [
                r#"new at {"a": {"b": [1, {"x.y": true}], "gone": null}, "n": 1}: Unexpected { actual: "{}" }"#,
                r#"a.b[2] at [1, {"x.y": true}]: Unexpected { actual: "3" }"#,
                r#"a.b[1]["x.y"] at true: Changed { expected: "true", actual: "false" }"#,
                r#"a.gone at null: Missing { expected: "null" }"#,
                r#"n at 1: Changed { expected: "1", actual: "1.0" }"#,
            ]
        );
    }

    #[test]
    fn the_order_of_keys_makes_no_difference() {
        assert!(
            differences(
                r#"{"a":1,"b":{"c":2,"d":"\u00e4"}}"#,
                r#"{"b":{"d":"ä","c":2},"a":1}"#
            )
            .is_empty()
        );
        assert_eq!(differences(r#"{"a":1}"#, "[1]").len(), 1);
    }

    /// The stack of a test's thread has 2 MiB.
    #[test]
    fn the_deepest_answer_fits_on_the_stack() {
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(255), "]".repeat(255));
        let approved = Json::parse(&deep("[]")).unwrap();
        let received = Json::parse(&deep("{}")).unwrap();
        assert_eq!(compare(&approved, &received).len(), 1);
        assert_eq!(placeholder::to_approved(Some(&approved), &received), received);
        assert!(format!("{received:#}").len() > 255);
    }
}
