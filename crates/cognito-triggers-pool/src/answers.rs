//! Checks the pool's own answers against the service model, in development builds.
//!
//! AWS clients parse answers by the model: they silently ignore unknown members, and may fail if a required one is missing.
//! With this check, every test of the pool also tests the format of its answers.

use serde_json::Value;

use crate::error::ApiError;
use crate::model::{Kind, Operation, Shape};

/// Exceptions that Cognito returns although the model doesn't declare them for the operation, and those of the
/// protocol.
const UNDECLARED: [&str; 5] = [
    "AliasExistsException",
    "InternalErrorException",
    "SerializationException",
    "UnknownOperationException",
    "UnsupportedOperationException",
];

/// Returns the result, or an error that describes how the result differs from the model.
pub(crate) fn checked(operation: &Operation, result: Result<Value, ApiError>) -> Result<Value, ApiError> {
    let problem = match &result {
        Ok(answer) => match operation.output {
            Some(shape) => problem(shape, answer, operation.name),
            None => (*answer != Value::Object(serde_json::Map::new())).then(|| "it has members".to_owned()),
        },
        Err(error) => {
            let class = error.class();
            let declared = operation.errors.contains(&class) || UNDECLARED.contains(&class);
            (!declared).then(|| format!("{class} isn't declared"))
        }
    };
    match problem {
        None => result,
        Some(problem) => {
            let name = operation.name;
            let message =
                format!("The local user pool's answer to {name} breaks the service model: {problem}");
            Err(ApiError::new("InternalErrorException", message))
        }
    }
}

/// How a value doesn't match a shape; `None` if it matches.
fn problem(shape: &Shape, value: &Value, place: &str) -> Option<String> {
    let inside = |shape: &Shape, step: &str, value: &Value| problem(shape, value, &format!("{place}.{step}"));
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => {
            let missing = members
                .iter()
                .find(|member| member.required && !object.contains_key(member.name));
            if let Some(missing) = missing {
                return Some(format!("{place} lacks {}", missing.name));
            }
            object.iter().find_map(
                |(name, value)| match members.iter().find(|member| member.name == name) {
                    Some(member) => inside(member.shape, name, value),
                    None => Some(format!("{place} has {name}")),
                },
            )
        }
        (Kind::List(element), Value::Array(list)) => list
            .iter()
            .enumerate()
            .find_map(|(index, value)| inside(element, &index.to_string(), value)),
        (Kind::Map(_, shape), Value::Object(map)) => {
            map.iter().find_map(|(key, value)| inside(shape, key, value))
        }
        (Kind::String, Value::String(text)) => {
            let known = shape.values.is_empty() || shape.values.contains(&text.as_str());
            (!known).then(|| format!("{place} is {text}"))
        }
        (Kind::Integer, Value::Number(number)) if number.is_i64() => None,
        (Kind::Boolean, Value::Bool(_)) | (Kind::Timestamp, Value::Number(_)) | (Kind::Document, _) => None,
        _ => Some(format!("{place} has another type")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::operation;

    fn reported(name: &str, result: Result<Value, ApiError>) -> String {
        let operation = operation(name).expect("it is in the table");
        let checked = checked(operation, result);
        checked.map_or_else(|error| error.message().to_owned(), |answer| answer.to_string())
    }

    #[test]
    fn an_answer_of_the_model_passes() {
        let answer = json!({ "UserConfirmed": true, "UserSub": "a" });
        assert_eq!(reported("SignUp", Ok(answer.clone())), answer.to_string());
    }

    #[test]
    fn an_extra_or_missing_member_is_reported() {
        let start = "The local user pool's answer to SignUp breaks the service model: ";
        assert_eq!(
            reported("SignUp", Ok(json!({ "UserSub": "a" }))),
            format!("{start}SignUp lacks UserConfirmed")
        );
        let answer = json!({ "UserConfirmed": true, "UserSub": "a", "Color": "blue" });
        assert_eq!(reported("SignUp", Ok(answer)), format!("{start}SignUp has Color"));
        let answer = json!({ "UserConfirmed": "yes", "UserSub": "a" });
        assert_eq!(
            reported("SignUp", Ok(answer)),
            format!("{start}SignUp.UserConfirmed has another type")
        );
    }

    #[test]
    fn an_undeclared_error_is_reported() {
        let error = ApiError::new("GroupExistsException", "A group with the name a already exists.");
        assert!(reported("SignUp", Err(error)).ends_with("GroupExistsException isn't declared"));
    }
}
