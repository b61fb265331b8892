//! Fields of a trigger's `request` that the app's call fills.

use serde_json::{Value, json};

use super::call::StringMap;

/// A field with a map that the app sent along. `None` if the map is empty, as Cognito leaves it out then.
pub(super) fn metadata_field<'a>(field: &'a str, map: &StringMap) -> Option<(&'a str, Value)> {
    (!map.is_empty()).then(|| (field, json!(map)))
}

/// The field `clientMetadata`, if the app sent it.
pub(super) fn client_metadata(map: &StringMap) -> Vec<(&'static str, Value)> {
    metadata_field("clientMetadata", map).into_iter().collect()
}

/// The field `validationData`, if the app sent it.
pub(super) fn validation_data(map: &StringMap) -> Vec<(&'static str, Value)> {
    metadata_field("validationData", map).into_iter().collect()
}
