//! Values that change from run to run, in answer files.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `${any}` | one or more characters; as a whole value, anything but null |
//! | `${digits}` | one or more decimal digits |
//! | `${hex}` | one or more hexadecimal digits |
//! | `${uuid}` | a UUID |
//!
//! They stand within a string: `"challenge": "${hex}"`, `"smsMessage": "Your code is ${digits}."`.

use std::collections::BTreeSet;

use cognito_triggers::testing::json::{Json, Value};

/// The part of a string: literal text, or a placeholder.
enum Part<'a> {
    Text(&'a str),
    Any,
    Digits,
    Hex,
    Uuid,
}

/// Whether an approved value has placeholders and stands for the received one.
pub(crate) fn stands_for(approved: &Json, received: &Json) -> bool {
    let Some(pattern) = pattern(approved) else {
        return false;
    };
    if pattern == "${any}" {
        return !received.is_null();
    }
    received.as_string().is_some_and(|text| matches(&pattern, &text))
}

/// A received answer with the placeholders of the approved one, wherever they stand for what was received: approving
/// an answer anew keeps them.
pub(crate) fn keep(approved: &Json, received: &mut Json) {
    if stands_for(approved, received) {
        *received = approved.clone();
        return;
    }
    match (&approved.value, &mut received.value) {
        (Value::Object(_), Value::Object(members)) => {
            for (key, value) in members {
                if let Some(approved) = approved.get(key) {
                    keep(approved, value);
                }
            }
        }
        (Value::Array(approved), Value::Array(received)) => {
            for (approved, received) in approved.iter().zip(received) {
                keep(approved, received);
            }
        }
        _ => {}
    }
}

/// The text of a string that holds a placeholder.
fn pattern(json: &Json) -> Option<String> {
    let Value::Scalar(spelled) = &json.value else {
        return None;
    };
    if !spelled.contains("${") {
        return None;
    }
    let text = json.as_string()?;
    parts(&text)
        .iter()
        .any(|part| !matches!(part, Part::Text(_)))
        .then_some(text)
}

fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        let known = [
            ("${any}", Part::Any),
            ("${digits}", Part::Digits),
            ("${hex}", Part::Hex),
            ("${uuid}", Part::Uuid),
        ];
        let found = known
            .into_iter()
            .find_map(|(name, part)| from.strip_prefix(name).map(|after| (part, after)));
        match found {
            Some((part, after)) => {
                parts.extend([Part::Text(before), part]);
                rest = after;
            }
            None => {
                let (text, after) = rest.split_at(start + 2);
                parts.push(Part::Text(text));
                rest = after;
            }
        }
    }
    parts.push(Part::Text(rest));
    parts
}

fn matches(pattern: &str, text: &str) -> bool {
    // Every place in the text that the parts so far may end at.
    let mut ends = BTreeSet::from([0]);
    for part in parts(pattern) {
        ends = ends.into_iter().flat_map(|end| part.ends(text, end)).collect();
    }
    ends.contains(&text.len())
}

impl Part<'_> {
    /// Where this part may end if it begins at a place of the text.
    fn ends(&self, text: &str, start: usize) -> Vec<usize> {
        let rest = text.get(start..).unwrap_or_default();
        let run = |is: fn(char) -> bool| {
            let fitting = rest.char_indices().take_while(|(_, c)| is(*c));
            fitting.map(|(index, c)| start + index + c.len_utf8()).collect()
        };
        match self {
            Self::Text(literal) if rest.starts_with(literal) => vec![start + literal.len()],
            Self::Text(_) => Vec::new(),
            Self::Any => run(|_| true),
            Self::Digits => run(|c| c.is_ascii_digit()),
            Self::Hex => run(|c| c.is_ascii_hexdigit()),
            Self::Uuid if rest.get(..36).is_some_and(is_uuid) => vec![start + 36],
            Self::Uuid => Vec::new(),
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<_> = text.split('-').collect();
    groups.len() == lengths.len()
        && groups
            .iter()
            .zip(lengths)
            .all(|(group, length)| group.len() == length && group.chars().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(approved: &str, received: &str) -> bool {
        stands_for(&Json::parse(approved).unwrap(), &Json::parse(received).unwrap())
    }

    #[test]
    fn placeholders_stand_for_what_they_say() {
        assert!(stands(r#""Your code is ${digits}.""#, r#""Your code is 042.""#));
        assert!(!stands(r#""Your code is ${digits}.""#, r#""Your code is .""#));
        assert!(!stands(r#""Your code is ${digits}.""#, r#""Your code is 042""#));
        assert!(stands(r#""${any}-${hex}-ü${any}""#, r#""a-b-0f-ü-""#));
        assert!(stands(
            r#""${uuid}""#,
            r#""d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5""#
        ));
        assert!(!stands(
            r#""${uuid}""#,
            r#""d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d""#
        ));
        assert!(stands(r#""${any}""#, "[1]"));
        assert!(!stands(r#""${any}""#, "null"));
        assert!(!stands(r#""${unknown}""#, r#""x""#));
    }

    #[test]
    fn approving_keeps_them() {
        let approved = Json::parse(r#"{"a": ["${hex}", "${digits}"], "b": 1}"#).unwrap();
        let mut received = Json::parse(r#"{"a": ["ff", "ff"], "b": 2}"#).unwrap();
        keep(&approved, &mut received);
        assert_eq!(received.to_string(), r#"{"a":["${hex}","ff"],"b":2}"#);
    }
}
