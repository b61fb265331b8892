//! Placeholders in the texts of a recording.
//!
//! | in the recording | is |
//! |---|---|
//! | `{{code-2}}` | a placeholder |
//! | `{{code-2\|url}}` | a placeholder whose value is written as in a URL: see [`spelled`](super::spelled) |
//! | `{{{{` | `{{` |
//! | `{` before one of those | itself: an odd number of braces begins with one that is nothing else |
//! | `{{` without an end | itself |

use serde_json::{Map, Value};

use crate::member_names::FreeNames;

/// A part of a text in a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// These characters.
    Text(&'a str),
    /// The placeholder with this name, such as `password-1`, or `password-1|url` where its value is written in another way.
    Secret(&'a str),
}

/// Splits a text of a recording into its parts.
///
/// ```
/// use cognito_triggers_pool::recording::{Part, parts};
///
/// assert_eq!(parts("code {{code-2}}"), [Part::Text("code "), Part::Secret("code-2")]);
/// assert_eq!(parts("{{{{name}}"), [Part::Text("{{"), Part::Text("name}}")]);
/// assert_eq!(parts("{{{code-2}}}"), [Part::Text("{"), Part::Secret("code-2"), Part::Text("}")]);
/// ```
#[must_use]
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    // Looked for once: a long text may have many beginnings and no end.
    let mut last_end = text.rfind("}}").map_or(0, |end| text.len() - end);
    while let Some(index) = rest.find("{{") {
        let (before, from) = rest.split_at(index);
        parts.push(Part::Text(before));
        let braces = from.bytes().take_while(|byte| *byte == b'{').count();
        // Of an odd number, the first one is itself. Each four of the others are `{{`, and two that are left begin a placeholder.
        let odd = braces % 2;
        let literal = (braces - odd) / 4 * 2;
        let (of_pairs, after) = from.split_at(braces);
        parts.push(Part::Text(of_pairs.get(..odd + literal).unwrap_or_default()));
        rest = after;
        if (braces - odd) % 4 == 0 {
            continue;
        }
        // `last_end` counts from the end of the text, so it tells whether there is still one.
        let end = (last_end > 0 && rest.len() >= last_end)
            .then(|| rest.split_once("}}"))
            .flatten();
        match end {
            Some((name, more)) => {
                parts.push(Part::Secret(name));
                rest = more;
            }
            // Written by hand perhaps; it stands for itself.
            None => {
                last_end = 0;
                parts.push(Part::Text("{{"));
            }
        }
    }
    parts.push(Part::Text(rest));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

/// A text that reads as itself, although it may look like a placeholder.
pub(super) fn escaped(text: &str) -> String {
    text.replace("{{", "{{{{")
}

/// A value of a recording with `***` in place of each placeholder. Names that become the same get a number.
pub(crate) fn without_placeholders(value: &Value) -> Value {
    match value {
        Value::String(text) => hidden(text).into(),
        Value::Array(items) => items.iter().map(without_placeholders).collect(),
        Value::Object(members) => {
            let (mut hidden_ones, mut free) = (Map::new(), FreeNames::default());
            for (name, value) in members {
                let name = free.name(&hidden_ones, hidden(name));
                hidden_ones.insert(name, without_placeholders(value));
            }
            Value::Object(hidden_ones)
        }
        other => other.clone(),
    }
}

fn hidden(text: &str) -> String {
    let part = |part: &Part<'_>| match part {
        Part::Text(text) => (*text).to_owned(),
        Part::Secret(_) => "***".to_owned(),
    };
    parts(text).iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn braces_beside_a_placeholder_are_themselves() {
        for literal in [
            "", "{", "{{", "{{{", "{{{{", "{{{{{", "a{", "}", "}}", "{}", "{{a}}", "{{{a}}}",
        ] {
            for after in ["", "}", "}}", "a", "{{b"] {
                let text = format!("{}{{{{code-1}}}}{}", escaped(literal), escaped(after));
                let read: String = parts(&text)
                    .iter()
                    .map(|part| match part {
                        Part::Text(text) => *text,
                        Part::Secret(name) => {
                            assert_eq!(*name, "code-1", "{text}");
                            "7"
                        }
                    })
                    .collect();
                assert_eq!(read, format!("{literal}7{after}"), "{text}");
            }
        }
    }

    #[test]
    fn what_has_no_end_is_no_placeholder() {
        assert_eq!(hidden("a {{b {c} {{"), "a {{b {c} {{");
        assert_eq!(hidden("{{a}} {{b"), "*** {{b");
        assert_eq!(hidden("{{a{{b}}}}"), "***}}");
        // These take the time that their length takes.
        for long in ["{{a", "{", "{{a}}", "}}{{"] {
            assert!(!parts(&long.repeat(300_000)).is_empty());
        }
    }

    #[test]
    fn names_with_placeholders_stay_apart() {
        let value = json!({ "{{a-1}}": 1, "{{b-2}}": [{ "x{{a-1}}": "{{a-1}}" }], "c": null });
        assert_eq!(
            without_placeholders(&value),
            json!({ "***": 1, "***-2": [{ "x***": "***" }], "c": null })
        );
    }
}
