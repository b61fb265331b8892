//! What Cognito makes of an answer.
//!
//! The rules are those of the model, which also explain them. The rows of the truth table are GEN-07 to GEN-10.

use cognito_triggers_model::rules;
use serde_json::{Map, Value};

use crate::error::ApiError;

/// The `response` of an answer.
///
/// Unknown keys in `response` are ignored (GEN-10), and an event that comes back unchanged means the default
/// (GEN-09). A missing or null `response` counts as an empty one, unless a rule of the model refuses it.
///
/// # Errors
/// `InvalidLambdaResponseException` if the answer isn't JSON, or isn't the event with its `response` filled.
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
        // A string where a boolean belongs, and the other way round, has been seen to be refused as well.
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
