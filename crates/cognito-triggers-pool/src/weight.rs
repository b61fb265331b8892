//! How much memory the records of triggers and messages may take.
//!
//! A number alone is no limit: a request may have 1 MiB, and each event has its metadata again.

use std::collections::VecDeque;
use std::mem::size_of;

use serde_json::Value;

/// How many records of one kind are remembered.
pub(crate) const REMEMBERED: usize = 10_000;

/// How many bytes of records of one kind are remembered.
pub(crate) const REMEMBERED_BYTES: usize = 64 * 1024 * 1024;

/// Forgets the oldest records while there are too many, or while `bytes`, what they take together, is too much. The newest
/// one stays.
pub(crate) fn forget_oldest<T>(records: &mut VecDeque<T>, bytes: &mut usize, weight: impl Fn(&T) -> usize) {
    while records.len() > REMEMBERED || (*bytes > REMEMBERED_BYTES && records.len() > 1) {
        let oldest = records.pop_front();
        *bytes -= oldest.as_ref().map_or(0, &weight);
    }
}

/// What a member of an object takes besides its name and its value.
const MEMBER: usize = 2 * size_of::<String>();

/// How many bytes a value takes, about.
pub(crate) fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| MEMBER + name.len() + weight(value))
            .sum(),
        _ => 0,
    };
    size_of::<Value>() + inside
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_in_a_value_has_a_weight() {
        let text = "x".repeat(1000);
        for (value, least) in [
            (json!(text), 1000),
            (json!([text, [text]]), 2000),
            (json!({ "a": { &text: text } }), 2000),
            (json!(vec![1; 100]), 100 * size_of::<Value>()),
        ] {
            let found = weight(&value);
            assert!((least..least + 1000).contains(&found), "{found}");
        }
    }
}
