//! How Cognito reads the answer of a function.
//!
//! The model defines and explains the rules. The rows of the truth table are GEN-07 to GEN-10.

use cognito_triggers_model::rules;
use serde_json::{Map, Value};

use crate::error::ApiError;

/// The `response` of an answer.
///
/// Unknown keys in `response` are ignored (GEN-10), and an unchanged event means the default (GEN-09). A missing or
/// null `response` counts as empty, unless a rule of the model refuses it.
///
/// # Errors
/// `InvalidLambdaResponseException` if the answer isn't JSON, or isn't the event with a filled `response`.
pub(super) fn judge(event: &Value, answer: &[u8]) -> Result<Map<String, Value>, ApiError> {
    let refused = |message: &str| ApiError::new("InvalidLambdaResponseException", message);
    let Ok(mut answer) = serde_json::from_slice::<Value>(answer) else {
        return Err(refused("Invalid lambda function output : Invalid JSON"));
    };
    for finding in rules::check(event, &answer) {
        let known = finding
            .rule
            .error
            .and_then(|error| error.strip_prefix("InvalidLambdaResponseException: "));
        // Measurements show that Cognito also refuses a string in place of a boolean, and the other way round.
        let wrong_type = finding.rule.code == "response-field-of-wrong-type";
        if let Some(message) = known.or(wrong_type.then_some("Unrecognizable lambda output")) {
            return Err(refused(message));
        }
    }
    match answer.get_mut("response").map(Value::take) {
        Some(Value::Object(response)) => Ok(response),
        _ => Ok(Map::new()),
    }
}
