//! Printing: document to text.
//!
//! Numbers and strings are printed as they were spelled, so a document that is parsed and printed again differs in
//! whitespace only. The samples of this crate are printed in the indented form.

use std::fmt;

use super::document::{Json, Value};

/// Writes one line, or with `{:#}` a line for each value, indented by two spaces.
///
/// Neither form ends with a newline. An empty array or object is `[]` or `{}` in both.
///
/// ```
/// use cognito_triggers_model::json::Json;
///
/// let json = Json::parse(r#"{ "a": [1.0] }"#)?;
/// assert_eq!(json.to_string(), r#"{"a":[1.0]}"#);
/// assert_eq!(format!("{json:#}"), "{\n  \"a\": [\n    1.0\n  ]\n}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0, f.alternate())
    }
}

impl Json {
    /// `depth` is the indentation in levels; `pretty` selects the form with one line for each value.
    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize, pretty: bool) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, depth: usize| {
            if pretty {
                write!(f, "\n{:1$}", "", 2 * depth)
            } else {
                Ok(())
            }
        };
        match &self.value {
            Value::Null => f.write_str("null"),
            Value::Boolean(value) => write!(f, "{value}"),
            Value::Number(number) => f.write_str(number),
            Value::String {
                spelling: Some(spelling),
                ..
            } => f.write_str(spelling),
            Value::String { value, .. } => write!(f, "{}", serde_json::Value::from(value.as_str())),
            Value::Array(items) if items.is_empty() => f.write_str("[]"),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "[" } else { "," })?;
                    line(f, depth + 1)?;
                    item.write(f, depth + 1, pretty)?;
                }
                line(f, depth)?;
                f.write_str("]")
            }
            Value::Object(members) if members.is_empty() => f.write_str("{}"),
            Value::Object(members) => {
                for (index, member) in members.iter().enumerate() {
                    f.write_str(if index == 0 { "{" } else { "," })?;
                    line(f, depth + 1)?;
                    let key = serde_json::Value::from(member.key.as_str());
                    write!(f, "{key}:{}", if pretty { " " } else { "" })?;
                    member.value.write(f, depth + 1, pretty)?;
                }
                line(f, depth)?;
                f.write_str("}")
            }
        }
    }
}

#[cfg(all(test, feature = "samples"))]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_printed_as_it_is_written() {
        for sample in crate::samples::all() {
            let json = Json::parse(sample.json).unwrap();
            assert_eq!(format!("{json:#}\n"), sample.json);
            let received: serde_json::Value = serde_json::from_str(sample.json).unwrap();
            assert_eq!(json.to_serde().unwrap(), received);
        }
    }
}
