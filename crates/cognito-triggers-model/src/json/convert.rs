//! Conversions between the document and `serde_json::Value` that don't go through text.

use super::{
    document::{Json, Value},
    parse::ParseJsonError,
};
use crate::syntax_problem::syntax_problem;

impl Json {
    /// The value without locations and spellings. If a key is repeated, the last value wins.
    ///
    /// A number keeps the precision that `serde_json::Value` has: `1.50` becomes `1.5`. A document from
    /// [`Json::parse`] has no repeated keys.
    ///
    /// ```
    /// use cognito_triggers_model::json::Json;
    ///
    /// let json = Json::parse(r#"{"seats": 1.50}"#)?;
    /// assert_eq!(json.to_serde()?, serde_json::json!({"seats": 1.5}));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if `serde_json::Value` can't hold a number (`1e999`) or a string with half a character (`"\ud800"`).
    pub fn to_serde(&self) -> Result<serde_json::Value, ParseJsonError> {
        let parse = |spelled: &str| {
            serde_json::from_str(spelled)
                .map_err(|error| ParseJsonError::new(self.location, syntax_problem(&error)))
        };
        Ok(match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Boolean(value) => (*value).into(),
            Value::Number(number) => parse(number)?,
            Value::String {
                spelling: Some(spelling),
                ..
            } => parse(spelling)?,
            Value::String { value, .. } => value.as_str().into(),
            Value::Array(items) => items.iter().map(Self::to_serde).collect::<Result<_, _>>()?,
            Value::Object(members) => {
                let members = members
                    .iter()
                    .map(|member| Ok((member.key.clone(), member.value.to_serde()?)));
                serde_json::Value::Object(members.collect::<Result<_, _>>()?)
            }
        })
    }
}

/// A document that isn't read from a text.
///
/// All its values have the default location, with line 0. Keys come in the order in which the map iterates.
impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Value::Null.into(),
            serde_json::Value::Bool(value) => Value::Boolean(*value).into(),
            serde_json::Value::Number(number) => Value::Number(number.to_string()).into(),
            serde_json::Value::String(text) => Self::string(text.as_str()),
            serde_json::Value::Array(items) => Value::Array(items.iter().map(Self::from).collect()).into(),
            serde_json::Value::Object(members) => Self::object(
                members
                    .iter()
                    .map(|(key, value)| (key.as_str(), Self::from(value))),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_survives_the_round_trip() {
        let value = serde_json::json!({"a": [1, 1.5, true, null, "x\"y"], "b": {}});
        assert_eq!(Json::from(&value).to_serde().unwrap(), value);
    }

    #[test]
    fn values_that_serde_cannot_hold_are_located() {
        let error = |text: &str| Json::parse(text).unwrap().to_serde().unwrap_err().to_string();
        assert_eq!(error("[1,\n 1e999]"), "number too large at line 2, column 2");
        assert!(error(r#"["\ud800"]"#).ends_with("at line 1, column 2"));
    }
}
