//! Placeholders in answer files, for values that change from run to run.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `${any}` | one or more characters; as a whole value, anything but null |
//! | `${digits}` | one or more decimal digits |
//! | `${hex}` | one or more hexadecimal digits |
//! | `${uuid}` | a UUID |
//!
//! A placeholder is written in a string: `"challenge": "${hex}"`, `"smsMessage": "Your code is ${digits}."`.
//!
//! One more `$` escapes it: `$${any}` stands for the characters `${any}`, and `$$${any}` for `$${any}`. When an answer is
//! approved, strings that look like placeholders are escaped in this way.
//!
//! A name that isn't in the table, such as `${name}`, is plain text.

use std::borrow::Cow;

use cognito_triggers_model::json::{Json, Member, Value};

/// A part of a pattern: literal text, or a placeholder.
enum Part<'a> {
    /// These characters.
    Text(&'a str),
    /// One or more characters.
    Any,
    /// One or more decimal digits.
    Digits,
    /// One or more hexadecimal digits.
    Hex,
    /// A UUID with hyphens.
    Uuid,
}

/// Whether an approved value stands for the received one.
///
/// Returns `None` if the approved value isn't a string with placeholders, escaped or not. It then stands for itself only.
pub(crate) fn stands_for(approved: &Json, received: &Json) -> Option<bool> {
    let pattern = pattern(approved)?;
    if pattern == "${any}" {
        return Some(!received.is_null());
    }
    Some(received.as_str().is_some_and(|text| matches(pattern, text)))
}

/// A received answer as an answer file holds it.
///
/// Placeholders of the approved answer are kept where they stand for the received value. What only looks like a
/// placeholder is escaped.
pub(crate) fn to_approved(approved: Option<&Json>, received: &Json) -> Json {
    if let Some(approved) = approved.filter(|approved| stands_for(approved, received) == Some(true)) {
        return approved.clone();
    }
    let value = match &received.value {
        Value::Object(members) => {
            let member = |member: &Member| Member {
                value: to_approved(
                    approved.and_then(|approved| approved.get(&member.key)),
                    &member.value,
                ),
                ..member.clone()
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) => {
            let approved = approved.and_then(|approved| match &approved.value {
                Value::Array(items) => Some(items.as_slice()),
                _ => None,
            });
            let item = |(index, item)| to_approved(approved.and_then(|items| items.get(index)), item);
            Value::Array(items.iter().enumerate().map(item).collect())
        }
        scalar => match pattern(received) {
            Some(string) => return Json::string(escaped(string)),
            None => scalar.clone(),
        },
    };
    Json {
        location: received.location,
        value,
    }
}

/// The string of a value, if it has a placeholder, escaped or not.
fn pattern(json: &Json) -> Option<&str> {
    let string = json.as_str()?;
    next(string).is_some().then_some(string)
}

/// The first placeholder of a string: the text before its dollars, the dollars, its name in braces, its kind, and the text
/// after it. `None` if there is no placeholder.
fn next(text: &str) -> Option<(&str, &str, &'static str, Part<'static>, &str)> {
    for (brace, _) in text.match_indices("${") {
        let (head, tail) = text.split_at(brace + 1);
        let known = [
            ("{any}", Part::Any),
            ("{digits}", Part::Digits),
            ("{hex}", Part::Hex),
            ("{uuid}", Part::Uuid),
        ];
        let found = known
            .into_iter()
            .find_map(|(name, part)| tail.strip_prefix(name).map(|after| (name, part, after)));
        if let Some((name, part, after)) = found {
            let (before, dollars) = head.split_at(head.trim_end_matches('$').len());
            return Some((before, dollars, name, part, after));
        }
    }
    None
}

/// A pattern that stands for exactly this text.
fn escaped(text: &str) -> Cow<'_, str> {
    let mut escaped = String::new();
    let mut rest = text;
    while let Some((before, dollars, name, _, after)) = next(rest) {
        escaped.extend([before, dollars, "$", name]);
        rest = after;
    }
    if escaped.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(escaped + rest)
}

/// Splits a pattern into its parts. An escaped placeholder becomes text, with one dollar less.
fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, dollars, name, part, after)) = next(rest) {
        parts.push(Part::Text(before));
        match dollars.strip_prefix('$') {
            Some(plain) if !plain.is_empty() => parts.extend([Part::Text(plain), Part::Text(name)]),
            _ => parts.push(part),
        }
        rest = after;
    }
    parts.push(Part::Text(rest));
    parts
}

/// Whether a pattern stands for a text.
///
/// Each part of the pattern takes one pass through the text. So the time is at most the product of both lengths, and no
/// pattern takes exponential time.
fn matches(pattern: &str, text: &str) -> bool {
    // For each byte of the text: whether the parts up to here may end there.
    let mut ends = vec![false; text.len() + 1];
    if let Some(start) = ends.first_mut() {
        *start = true;
    }
    for part in parts(pattern) {
        ends = part.ends(text, &ends);
        if !ends.contains(&true) {
            return false;
        }
    }
    ends.last() == Some(&true)
}

impl Part<'_> {
    /// Where this part may end if it starts at one of these bytes of the text.
    fn ends(&self, text: &str, starts: &[bool]) -> Vec<bool> {
        match self {
            Self::Text(literal) => fixed(text, starts, literal.len(), |rest| rest.starts_with(literal)),
            Self::Uuid => fixed(text, starts, 36, |rest| rest.get(..36).is_some_and(is_uuid)),
            Self::Any => run(text, starts, |_| true),
            Self::Digits => run(text, starts, |c| c.is_ascii_digit()),
            Self::Hex => run(text, starts, |c| c.is_ascii_hexdigit()),
        }
    }
}

/// Where a part with a fixed length ends, if it starts at one of `starts`. `length` is in bytes; `is` looks at the rest of
/// the text from a start.
fn fixed(text: &str, starts: &[bool], length: usize, is: impl Fn(&str) -> bool) -> Vec<bool> {
    let mut ends = vec![false; starts.len()];
    for (start, _) in starts.iter().enumerate().filter(|(_, is_start)| **is_start) {
        if text.get(start..).is_some_and(&is)
            && let Some(end) = ends.get_mut(start + length)
        {
            *end = true;
        }
    }
    ends
}

/// Where a part with one or more characters of a kind ends, if it starts at one of `starts`.
fn run(text: &str, starts: &[bool], is: impl Fn(char) -> bool) -> Vec<bool> {
    let mut ends = vec![false; starts.len()];
    let mut is_inside = false;
    for (index, c) in text.char_indices() {
        is_inside = (is_inside || starts.get(index) == Some(&true)) && is(c);
        if let Some(end) = ends.get_mut(index + c.len_utf8()) {
            *end = is_inside;
        }
    }
    ends
}

/// Whether a text is a UUID: 32 hexadecimal digits in five groups with hyphens. Any version, in either case.
pub(crate) fn is_uuid(text: &str) -> bool {
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
        stands_for(&Json::parse(approved).unwrap(), &Json::parse(received).unwrap()).unwrap_or_default()
    }

    #[test]
    fn each_placeholder_stands_for_its_kind() {
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
    fn approving_keeps_matching_placeholders() {
        let approved = Json::parse(r#"{"a": ["${hex}", "${digits}"], "b": 1}"#).unwrap();
        let received = Json::parse(r#"{"a": ["ff", "ff"], "b": 2}"#).unwrap();
        assert_eq!(
            to_approved(Some(&approved), &received).to_string(),
            r#"{"a":["${hex}","ff"],"b":2}"#
        );
    }

    #[test]
    fn strings_that_look_like_placeholders_are_escaped() {
        for text in [
            "${any}",
            "a$${any}${hex}$",
            "$$$${uuid}",
            "ü${digits}${",
            "${nothing}$",
            "$",
        ] {
            let received = Json::string(text);
            let approved = to_approved(None, &received);
            assert_ne!(stands_for(&approved, &received), Some(false), "{text}");
            assert_eq!(
                approved == received,
                !text.contains("{any}") && !text.contains("{uuid}") && !text.contains("{digits}"),
                "{approved}"
            );
            let other = Json::string(text.replace(['{', '}'], "x"));
            assert_eq!(
                stands_for(&approved, &other).unwrap_or(approved == other),
                text == "$",
                "{text}"
            );
        }
        assert!(stands(r#""$${any}""#, r#""${any}""#));
        assert!(!stands(r#""$${any}""#, r#""$${any}""#));
        assert!(stands(r#""a$${any}-${digits}""#, r#""a${any}-7""#));
    }

    /// Trying every way to divide the text among the placeholders would take longer than anybody waits for this test.
    #[test]
    fn many_ways_to_match_are_not_all_tried() {
        let long = "b".repeat(200_000);
        assert!(!matches("${any}b${any}b${any}${hex}b${digits}c", &long));
        assert!(matches("${any}b${any}b${any}${hex}b", &long));
    }
}
