//! What an answer file may hold.

use cognito_triggers_model::json::Json;
use cognito_triggers_targets::definition_of;

/// Checks that `answer` is one that a case of `event` can have.
///
/// It is the whole answered event, a rejection, or a failure. Cognito ignores the answer of a custom sender, so that one
/// may also be null or any object.
///
/// # Errors
/// Says which forms are possible.
pub(crate) fn check_answer(event: &Json, answer: &Json) -> Result<(), String> {
    if answer.get("rejected").is_some() && answer.get("failed").is_some() {
        return Err("`rejected` and `failed` exclude each other; leave one out".to_owned());
    }
    let refusal = answer.get("rejected").or_else(|| answer.get("failed"));
    let is_sender = definition_of(event).is_some_and(|definition| definition.route.is_custom_sender());
    let is_possible = match refusal {
        Some(message) => message.as_str().is_some(),
        None if is_sender => answer.is_null() || answer.is_object(),
        None => answer.get("triggerSource").is_some(),
    };
    if is_possible {
        return Ok(());
    }
    let empty = if is_sender { ", null, an object" } else { "" };
    Err(format!(
        "an answer is the whole answered event{empty}, `{{\"rejected\": \"…\"}}`, or `{{\"failed\": \"…\"}}`"
    ))
}
