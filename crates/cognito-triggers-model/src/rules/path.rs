//! Places in an answer, as text.

/// The place of a key within the object at `parent`.
pub(super) fn key(parent: &str, key: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':');
    match (parent, !key.is_empty() && key.chars().all(is_word)) {
        ("", true) => key.to_owned(),
        (_, true) => format!("{parent}.{key}"),
        (_, false) => format!("{parent}[{}]", serde_json::Value::from(key)),
    }
}

/// The place of an element within the list at `parent`.
pub(super) fn element(parent: &str, index: usize) -> String {
    format!("{parent}[{index}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_stand_in_brackets() {
        assert_eq!(key("", "response"), "response");
        assert_eq!(
            key("response.claims", "custom:role"),
            "response.claims.custom:role"
        );
        assert_eq!(key("response", "a.b"), r#"response["a.b"]"#);
        assert_eq!(key("response", "a\n\"b"), r#"response["a\n\"b"]"#);
        assert_eq!(key("response", ""), r#"response[""]"#);
        assert_eq!(element("scopesToAdd", 0), "scopesToAdd[0]");
    }
}
