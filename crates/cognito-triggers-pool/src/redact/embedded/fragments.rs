//! Where a text has JSON inside, and whether what is left of it looks like JSON with a secret.

use std::ops::Range;

use cognito_triggers_model::json::Json;

use super::rules::{Kind, Rules};

/// How many places that aren't JSON are tried in one text. Each try may take the time that the length of the text takes.
const TRIES: usize = 64;

/// How sure it has to be that a name is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sure {
    /// It stands anywhere.
    Anywhere,
    /// A colon follows, also after a quotation mark.
    BeforeColon,
    /// It is quoted, and a colon follows.
    Quoted,
}

/// The objects and arrays in a text, in order, with their places.
pub(super) fn fragments(text: &str) -> Vec<(Range<usize>, Json)> {
    let mut found = Vec::new();
    let (mut begin, mut tries) = (0, 0);
    while tries < TRIES {
        let rest = text.get(begin..).unwrap_or_default();
        let Some(index) = rest.find(['{', '[']) else { break };
        begin += index;
        let rest = rest.get(index..).unwrap_or_default();
        let json = is_like_json(rest).then(|| {
            tries += 1;
            let length = length(rest)?;
            let json = Json::parse_with_repeated_keys(rest.get(..length)?).ok()?;
            Some((length, json))
        });
        if let Some((length, json)) = json.flatten() {
            tries -= 1;
            found.push((begin..begin + length, json));
            begin += length;
        } else {
            begin += 1;
        }
    }
    found
}

/// Whether a text begins like an object or an array with something in it.
pub(super) fn is_like_json(text: &str) -> bool {
    let after = |bracket: char| text.strip_prefix(bracket).map(str::trim_start);
    if let Some(inside) = after('{') {
        let name = inside.trim_start_matches(|c: char| c.is_alphanumeric() || "_-.".contains(c));
        let is_bare = name.len() < inside.len() && name.trim_start().starts_with(':');
        return is_bare || inside.starts_with(['"', '\'', '\\']);
    }
    after('[').is_some_and(|inside| inside.starts_with(['{', '[', '"', '\'', '\\']))
}

/// The length of the object or array that a text begins with. `None` if it has no end.
fn length(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for (index, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(index + 1);
        }
    }
    None
}

/// Whether a text has the name of a secret with something after it, or a token if it is replaced as JSON anyway.
pub(super) fn has_secret_name(rules: &dyn Rules, text: &str, is_sent: bool, sure: Sure) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    if sure != Sure::Anywhere && !text.contains(':') {
        return false;
    }
    let mut end = 0;
    while let Some(index) = text.get(end..).and_then(|rest| rest.find(is_name)) {
        let begin = end + index;
        let rest = text.get(begin..).unwrap_or_default();
        let name = rest.split(|c| !is_name(c)).next().unwrap_or_default();
        end = begin + name.len();
        if sure != Sure::Quoted && rules.is_secret_text(name) {
            return true;
        }
        let after = text.get(end..).unwrap_or_default();
        let quote = after.trim_start_matches('\\');
        let is_quoted = text
            .get(..begin)
            .is_some_and(|before| before.ends_with(['"', '\'']))
            && quote.starts_with(['"', '\'']);
        let value = quote
            .trim_start_matches(['"', '\''])
            .trim_start()
            .strip_prefix(':');
        let has_value = value.is_some_and(|value| value.contains(char::is_alphanumeric));
        let fits = match sure {
            Sure::Anywhere => true,
            Sure::BeforeColon => has_value,
            Sure::Quoted => is_quoted && has_value,
        };
        if fits && rules.is_secret(name, Kind::Text, is_sent) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_found_anywhere_in_a_text() {
        for (text, expected) in [
            (r#"payload={"a":1}"#, vec![r#"{"a":1}"#]),
            ("{\"a\":\"}\"}\n{\"b\":[]} x", vec![r#"{"a":"}"}"#, r#"{"b":[]}"#]),
            (r#"log: ["a", {"b":"\"]"}], {"c"}"#, vec![r#"["a", {"b":"\"]"}]"#]),
            (r#"{x: [{"a":1}]"#, vec![r#"[{"a":1}]"#]),
            ("Hello {username}, {####} [1] {} []", vec![]),
        ] {
            let found: Vec<_> = fragments(text)
                .into_iter()
                .filter_map(|(place, _)| text.get(place))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
        // These would never end if each bracket were tried.
        for hostile in ["[[", "{\"", "[\"a\",", "{\"a\":"] {
            assert!(fragments(&hostile.repeat(200_000)).is_empty());
        }
    }
}
