//! Compares two answers.
//!
//! The comparison is on JSON values, not on text: whitespace, the order of keys and the escapes in strings don't count.
//! Numbers are compared as they are written.

use cognito_triggers_model::json::{Json, Location, Member, Path, Value};

use crate::{
    compared::{Compared, Emptiness},
    placeholder,
};

/// The key of what a function decides.
const RESPONSE: &str = "response";

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
/// The order of keys makes no difference. In the whole answer everything else does: null isn't an absent key, `1.0` isn't `1`
/// (an integer field of a typed language refuses it), and the event around `response` must come back as it was sent. With
/// [`Compared::Response`] only what [`Compared`] says counts. A [placeholder] in the expected answer stands for values that change
/// from run to run.
pub(crate) fn compare(compared: Compared, expected: &Json, actual: &Json) -> Vec<Difference> {
    let mut differences = Vec::new();
    let path = Path::default();
    if compared == Compared::Answer || is_refusal(expected) || is_refusal(actual) {
        walk(&path, expected, actual, Emptiness::Counts, &mut differences);
    } else {
        let responses = (expected.get(RESPONSE), actual.get(RESPONSE));
        let parent = (&path, expected.location);
        walk_member(
            parent,
            RESPONSE,
            responses,
            Emptiness::IsAbsence,
            &mut differences,
        );
    }
    differences
}

/// Whether an answer file says that the function rejects the event or fails.
pub(crate) fn is_refusal(answer: &Json) -> bool {
    answer.get("rejected").is_some() || answer.get("failed").is_some()
}

/// Compares the values at one path and everything in them, and adds what differs to `differences`.
fn walk(
    path: &Path,
    expected: &Json,
    actual: &Json,
    emptiness: Emptiness,
    differences: &mut Vec<Difference>,
) {
    let stands = placeholder::stands_for(expected, actual);
    match (&expected.value, &actual.value) {
        _ if stands == Some(true) => {}
        (Value::Object(approved), Value::Object(received)) => {
            let parent = (path, expected.location);
            for Member { key, value, .. } in received {
                if expected.get(key).is_none() {
                    walk_member(parent, key, (None, Some(value)), emptiness, differences);
                }
            }
            for Member { key, value, .. } in approved {
                let values = (Some(value), actual.get(key));
                walk_member(parent, key, values, emptiness, differences);
            }
        }
        (Value::Array(approved), Value::Array(received)) => {
            for (index, item) in received.iter().enumerate().skip(approved.len()) {
                differences.push(unexpected(path.index(index), expected.location, item));
            }
            for (index, item) in approved.iter().enumerate() {
                match received.get(index) {
                    Some(other) => walk(&path.index(index), item, other, emptiness, differences),
                    None => differences.push(missing(path.index(index), item)),
                }
            }
        }
        _ if stands.is_none() && expected == actual => {}
        _ => differences.push(Difference {
            path: path.clone(),
            location: expected.location,
            mismatch: Mismatch::Changed {
                expected: expected.to_string(),
                actual: actual.to_string(),
            },
        }),
    }
}

/// Compares the values of one key in two objects; `None` where the object lacks it. `parent` is the path of the objects, and the
/// location of the approved one.
fn walk_member(
    (path, location): (&Path, Location),
    key: &str,
    values: (Option<&Json>, Option<&Json>),
    emptiness: Emptiness,
    differences: &mut Vec<Difference>,
) {
    let is_absent = |value: Option<&Json>| value.is_none_or(|value| emptiness.is_absent(key, value));
    match values {
        (approved, received) if is_absent(approved) && is_absent(received) => {}
        (Some(approved), Some(received)) => {
            let emptiness = emptiness.within(key);
            walk(&path.key(key), approved, received, emptiness, differences);
        }
        (Some(approved), None) => differences.push(missing(path.key(key), approved)),
        (None, Some(received)) => differences.push(unexpected(path.key(key), location, received)),
        (None, None) => {}
    }
}

/// The difference if the approved answer lacks a value. `location` is that of the object or array that lacks it.
fn unexpected(path: Path, location: Location, actual: &Json) -> Difference {
    Difference {
        path,
        location,
        mismatch: Mismatch::Unexpected {
            actual: actual.to_string(),
        },
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
        described(Compared::Answer, expected, actual)
    }

    fn described(compared: Compared, expected: &str, actual: &str) -> Vec<String> {
        let (approved, received) = (Json::parse(expected).unwrap(), Json::parse(actual).unwrap());
        let differences = compare(compared, &approved, &received);
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

    /// The paths at which two responses differ in what they do.
    fn effects(approved: &str, received: &str) -> Vec<String> {
        let answer = |request: &str, response: &str| {
            format!(r#"{{"triggerSource":"any","request":{request},"response":{response}}}"#)
        };
        let (approved, received) = (answer("{}", approved), answer(r#"{"a":[]}"#, received));
        let differences = described(Compared::Response, &approved, &received);
        let path = |difference: &String| difference.split(" at ").next().unwrap().to_owned();
        differences.iter().map(path).collect()
    }

    #[test]
    fn what_is_empty_does_nothing_in_a_response() {
        for (approved, received) in [
            ("{}", "null"),
            ("null", r#"{"claimsOverrideDetails":null}"#),
            (
                r#"{"claimsOverrideDetails":{"claimsToSuppress":[],"claimsToAddOrOverride":{}}}"#,
                "{}",
            ),
            (
                r#"{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["a"],"scopesToSuppress":[]},
                    "idTokenGeneration":{"claimsToSuppress":null}}}"#,
                r#"{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["a"]}}}"#,
            ),
            (
                r#"{"a":{"groupOverrideDetails":{"groupsToOverride":[],"preferredRole":null}}}"#,
                r#"{"a":{"groupOverrideDetails":{}}}"#,
            ),
        ] {
            assert_eq!(effects(approved, received), [""; 0], "{approved} {received}");
            assert_eq!(effects(received, approved), [""; 0], "{approved} {received}");
        }
    }

    #[test]
    fn what_a_response_does_is_compared() {
        let groups = "response.a.groupOverrideDetails";
        for (approved, received, path) in [
            (
                r#"{"autoConfirmUser":false}"#,
                r#"{"autoConfirmUser":true}"#,
                "response.autoConfirmUser",
            ),
            (r#"{"autoConfirmUser":false}"#, "{}", "response.autoConfirmUser"),
            (
                r#"{"smsMessage":""}"#,
                r#"{"smsMessage":null}"#,
                "response.smsMessage",
            ),
            (
                r#"{"scopesToAdd":["a"]}"#,
                r#"{"scopesToAdd":[]}"#,
                "response.scopesToAdd[0]",
            ),
            (r#"{"list":[{}]}"#, r#"{"list":[]}"#, "response.list[0]"),
            // An override without groups removes them all; what isn't there keeps them.
            (r#"{"a":{"groupOverrideDetails":{}}}"#, r#"{"a":{}}"#, groups),
            (
                r#"{"a":{"groupOverrideDetails":{}}}"#,
                r#"{"a":{"groupOverrideDetails":null}}"#,
                groups,
            ),
            (
                r#"{"a":{"groupOverrideDetails":null}}"#,
                r#"{"a":{"b":[]}}"#,
                groups,
            ),
            // An empty value of a claim is a value.
            (
                r#"{"claimsToAddOrOverride":{"roles":[]}}"#,
                r#"{"claimsToAddOrOverride":{}}"#,
                "response.claimsToAddOrOverride.roles",
            ),
            (
                r#"{"claimsToAddOrOverride":{"roles":{"a":[]}}}"#,
                r#"{"claimsToAddOrOverride":{"roles":{}}}"#,
                "response.claimsToAddOrOverride.roles.a",
            ),
        ] {
            assert_eq!(effects(approved, received), [path], "{approved} {received}");
            assert_eq!(effects(received, approved), [path], "{received} {approved}");
        }
        let absent = "response.claimsToAddOrOverride";
        assert_eq!(
            effects("{}", r#"{"claimsToAddOrOverride":{"roles":[]}}"#),
            [absent]
        );
        assert_eq!(
            effects(r#"{"a":{"groupOverrideDetails":{}}}"#, "{}"),
            ["response.a"]
        );
    }

    #[test]
    fn a_refusal_is_compared_as_a_whole() {
        let answer = r#"{"triggerSource":"any","response":{}}"#;
        for refusal in [r#"{"rejected":"no"}"#, r#"{"failed":"Failed"}"#] {
            assert!(!described(Compared::Response, refusal, answer).is_empty());
            assert!(!described(Compared::Response, answer, refusal).is_empty());
        }
        let other = described(
            Compared::Response,
            r#"{"rejected":"no"}"#,
            r#"{"rejected":"yes"}"#,
        );
        assert_eq!(other.len(), 1);
    }

    /// The stack of a test's thread has 2 MiB.
    #[test]
    fn the_deepest_answer_fits_on_the_stack() {
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(255), "]".repeat(255));
        let approved = Json::parse(&deep("[]")).unwrap();
        let received = Json::parse(&deep("{}")).unwrap();
        assert_eq!(compare(Compared::Answer, &approved, &received).len(), 1);
        assert_eq!(placeholder::to_approved(Some(&approved), &received), received);
        assert!(format!("{received:#}").len() > 255);
    }
}
