//! Which trigger an event belongs to.

use cognito_triggers_model::{Definition, json::Json};

/// The trigger that an event belongs to, after its `triggerSource` and, for token generation, its `version`.
///
/// Returns `None` if the event has no known source.
pub fn definition_of(event: &Json) -> Option<&'static Definition> {
    let string = |key| event.get(key).and_then(Json::as_str).unwrap_or_default();
    Definition::find(string("triggerSource"), string("version"))
}
