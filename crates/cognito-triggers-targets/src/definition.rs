//! Which trigger an event belongs to.
//!
//! It depends on `triggerSource` and, for token generation, which has three versions, on `version`.

use cognito_triggers_model::{Definition, json::Json};

/// The trigger that an event belongs to, after its `triggerSource` and, for token generation, its `version`.
///
/// Returns `None` if the event has no known source.
///
/// ```
/// use cognito_triggers_model::json::Json;
/// use cognito_triggers_targets::definition_of;
///
/// let event = Json::parse(r#"{"triggerSource": "TokenGeneration_Authentication", "version": "2"}"#)?;
/// let definition = definition_of(&event).ok_or("unknown")?;
/// assert_eq!(definition.route.as_str(), "pre_token_generation_v2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn definition_of(event: &Json) -> Option<&'static Definition> {
    let string = |key| event.get(key).and_then(Json::as_str).unwrap_or_default();
    Definition::find(string("triggerSource"), string("version"))
}
