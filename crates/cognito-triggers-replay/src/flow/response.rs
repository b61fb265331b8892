//! Reads a trigger's `response`, and makes Cognito's own exceptions.

use serde_json::{Map, Value};

use super::run::ApiResult;

/// An exception that Cognito itself throws.
pub(super) fn exception(text: &str) -> ApiResult {
    ApiResult::Exception(text.to_owned())
}

/// The exception for a wrong password. A user who doesn't exist gets it too.
pub(super) fn wrong_password() -> ApiResult {
    exception("NotAuthorizedException: Incorrect username or password.")
}

/// A boolean of a response; null and absence are `false`.
pub(super) fn flag(response: &Map<String, Value>, name: &str) -> bool {
    response.get(name).and_then(Value::as_bool).unwrap_or_default()
}

/// An object of a response; null and absence are the empty object.
pub(super) fn object(response: &Map<String, Value>, name: &str) -> Map<String, Value> {
    response
        .get(name)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}
