//! How the user answers a custom challenge, or types a wrong code.

use serde_json::{Map, Value};

use super::parameters::Answer;

/// Parts of the name of the private parameter that holds the right answer.
const ANSWERS: [&str; 5] = ["answer", "code", "otp", "pin", "secret"];

/// The text that the user answers with, or why it isn't known.
///
/// # Errors
/// Fails with a sentence if the named parameter doesn't exist, or if more than one parameter may be the right answer. The
/// sentence has names and no values.
pub(super) fn answer_to(private: &Map<String, Value>, answer: &Answer) -> Result<String, String> {
    let text = |name: &str| private.get(name).and_then(Value::as_str).map(str::to_owned);
    match answer {
        Answer::Text(text) => Ok(text.clone()),
        Answer::Private(name) => {
            let names: Vec<_> = private.keys().map(String::as_str).collect();
            text(name).ok_or_else(|| {
                format!("the challenge has no private parameter `{name}`; it has {}", names.join(", "))
            })
        }
        Answer::Right => right(private).ok_or_else(|| {
            "it isn't clear which private parameter is the right answer; write {\"answer\": {\"private\": \"NAME\"}} in the flow".to_owned()
        }),
        Answer::Wrong => Ok(right(private).map_or_else(|| "wrong".to_owned(), |right| wrong(&right))),
    }
}

/// The right answer, if only one private parameter can be it.
///
/// A parameter whose name contains one of [`ANSWERS`] comes first. `None` if there are several of the kind, or none.
fn right(private: &Map<String, Value>) -> Option<String> {
    let is_answer = |name: &str| ANSWERS.iter().any(|answer| name.to_lowercase().contains(answer));
    let named: Vec<_> = private.iter().filter(|(name, _)| is_answer(name)).collect();
    let all: Vec<_> = private.iter().collect();
    match (named.as_slice(), all.as_slice()) {
        ([(_, value)], _) | ([], [(_, value)]) => value.as_str().map(str::to_owned),
        _ => None,
    }
}

/// Another text of the same kind: six digits become six other digits.
///
/// Digits become other digits, `x` becomes `y`, and any other character becomes `x`. The length stays.
pub(super) fn wrong(right: &str) -> String {
    let other = |c: char| match c {
        '9' => '0',
        '0'..='8' => char::from_u32(u32::from(c) + 1).unwrap_or('0'),
        'x' => 'y',
        _ => 'x',
    };
    match right.is_empty() {
        true => "wrong".to_owned(),
        false => right.chars().map(other).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn private(json: Value) -> Map<String, Value> {
        json.as_object().unwrap().clone()
    }

    #[test]
    fn the_right_answer_is_found_if_it_is_clear() {
        let answer = |json, answer| answer_to(&private(json), &answer);
        assert_eq!(
            answer(json!({"code": "481516"}), Answer::Right).unwrap(),
            "481516"
        );
        assert_eq!(
            answer(json!({"secretLoginCode": "1", "sentAt": "2"}), Answer::Right).unwrap(),
            "1"
        );
        assert_eq!(answer(json!({"nonce": "1"}), Answer::Right).unwrap(), "1");
        assert!(
            answer(json!({"one": "1", "two": "2"}), Answer::Right)
                .unwrap_err()
                .contains("private")
        );
        assert!(answer(json!({}), Answer::Right).is_err());
        let named = answer(json!({"one": "1"}), Answer::Private("two".to_owned()));
        assert_eq!(
            named.unwrap_err(),
            "the challenge has no private parameter `two`; it has one"
        );
    }

    #[test]
    fn a_wrong_answer_looks_like_the_right_one() {
        let wrong = |json| answer_to(&private(json), &Answer::Wrong).unwrap();
        assert_eq!(wrong(json!({"code": "481916"})), "592027");
        assert_eq!(wrong(json!({"answer": "max"})), "xxy");
        assert_eq!(wrong(json!({})), "wrong");
    }
}
