//! Validates requests against the service model, before anything else uses them.
//!
//! The messages are Cognito's: `2 validation errors detected: Value at 'password' failed to satisfy constraint: …; …`.

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::model::{Kind, Member, Shape};

/// Checks `input` and removes its nulls, which Cognito reads as missing members.
///
/// # Errors
/// `SerializationException` for a value of the wrong JSON type, `InvalidParameterException` for a value that breaks a
/// constraint and for a member that the model doesn't have.
pub(crate) fn validate(shape: &Shape, input: &mut Value) -> Result<(), ApiError> {
    let mut walk = Walk { failures: Vec::new() };
    walk.value(shape, input, &mut String::new())?;
    match walk.failures.len() {
        0 => Ok(()),
        count => {
            let errors = if count == 1 { "error" } else { "errors" };
            let list = walk.failures.join("; ");
            Err(ApiError::invalid_parameter(format!(
                "{count} validation {errors} detected: {list}"
            )))
        }
    }
}

/// A walk through the input that collects violations of constraints. It ends at a value of the wrong JSON type.
struct Walk {
    failures: Vec<String>,
}

impl Walk {
    /// Checks a value of any shape.
    fn value(&mut self, shape: &Shape, value: &mut Value, path: &mut String) -> Result<(), ApiError> {
        match (&shape.kind, value) {
            (Kind::Structure(members), Value::Object(object)) => self.structure(members, object, path),
            (Kind::List(element), Value::Array(list)) => {
                self.size(shape, list.len(), path);
                for (index, value) in list.iter_mut().enumerate() {
                    self.at(path, &format!("{}.member", index + 1), |walk, path| {
                        walk.value(element, value, path)
                    })?;
                }
                Ok(())
            }
            (Kind::Map(key_shape, value_shape), Value::Object(map)) => {
                map.retain(|_, value| !value.is_null());
                self.size(shape, map.len(), path);
                for (key, value) in map {
                    self.at(path, key, |walk, path| {
                        walk.string(key_shape, key, path);
                        walk.value(value_shape, value, path)
                    })?;
                }
                Ok(())
            }
            (Kind::String, Value::String(text)) => {
                self.string(shape, text, path);
                Ok(())
            }
            (Kind::Integer, Value::Number(number)) if number.is_i64() => {
                self.integer(shape, number.as_i64().unwrap_or_default(), path);
                Ok(())
            }
            (Kind::Boolean, Value::Bool(_)) | (Kind::Timestamp, Value::Number(_)) | (Kind::Document, _) => {
                Ok(())
            }
            (kind, value) => Err(wrong_type(kind, value, path)),
        }
    }

    /// Checks the members of a structure.
    ///
    /// A member that isn't in the service model is refused. Cognito ignores it, but the error here reveals a typo, or a member
    /// that this version doesn't simulate.
    fn structure(
        &mut self,
        members: &[Member],
        object: &mut Map<String, Value>,
        path: &mut String,
    ) -> Result<(), ApiError> {
        object.retain(|_, value| !value.is_null());
        if let Some(unknown) = object
            .keys()
            .find(|key| members.iter().all(|member| member.name != **key))
        {
            let place = if path.is_empty() { "the request" } else { path };
            return Err(ApiError::invalid_parameter(format!(
                "The local user pool doesn't know the member {unknown} of {place}"
            )));
        }
        for member in members {
            self.at(path, &lower_first(member.name), |walk, path| {
                match object.get_mut(member.name) {
                    Some(value) => walk.value(member.shape, value, path),
                    None => {
                        if member.required {
                            let problem = "Member must not be null";
                            let failure =
                                format!("Value null at '{path}' failed to satisfy constraint: {problem}");
                            walk.failures.push(failure);
                        }
                        Ok(())
                    }
                }
            })?;
        }
        Ok(())
    }

    /// Checks a string. If several constraints fail, the pattern comes first, as in measurements.
    fn string(&mut self, shape: &Shape, text: &str, path: &str) {
        if let Some(pattern) = shape.pattern.filter(|pattern| !pattern.matches(text)) {
            let problem = format!(
                "Member must satisfy regular expression pattern: {}",
                pattern.text()
            );
            self.fail(shape, text, path, &problem);
        }
        // Cognito counts as Java does, in UTF-16 units.
        let length = i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX);
        if let Some(min) = shape.min.filter(|min| length < *min) {
            let problem = format!("Member must have length greater than or equal to {min}");
            self.fail(shape, text, path, &problem);
        }
        if let Some(max) = shape.max.filter(|max| length > *max) {
            let problem = format!("Member must have length less than or equal to {max}");
            self.fail(shape, text, path, &problem);
        }
        if !shape.values.is_empty() && !shape.values.contains(&text) {
            let problem = format!(
                "Member must satisfy enum value set: [{}]",
                shape.values.join(", ")
            );
            self.fail(shape, text, path, &problem);
        }
    }

    /// Checks the range of an integer.
    fn integer(&mut self, shape: &Shape, number: i64, path: &str) {
        if let Some(min) = shape.min.filter(|min| number < *min) {
            let problem = format!("Member must have value greater than or equal to {min}");
            self.fail(shape, &number.to_string(), path, &problem);
        }
        if let Some(max) = shape.max.filter(|max| number > *max) {
            let problem = format!("Member must have value less than or equal to {max}");
            self.fail(shape, &number.to_string(), path, &problem);
        }
    }

    /// Checks the number of elements of a list or map. The value isn't printed, because it may be long and have secrets.
    fn size(&mut self, shape: &Shape, size: usize, path: &str) {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        if let Some(min) = shape.min.filter(|min| size < *min) {
            let problem = format!("Member must have length greater than or equal to {min}");
            self.failures.push(format!(
                "Value at '{path}' failed to satisfy constraint: {problem}"
            ));
        }
        if let Some(max) = shape.max.filter(|max| size > *max) {
            let problem = format!("Member must have length less than or equal to {max}");
            self.failures.push(format!(
                "Value at '{path}' failed to satisfy constraint: {problem}"
            ));
        }
    }

    /// Adds a failure, with the value unless it is a secret.
    fn fail(&mut self, shape: &Shape, value: &str, path: &str, problem: &str) {
        let value = if shape.sensitive {
            String::new()
        } else {
            format!(" '{value}'")
        };
        self.failures.push(format!(
            "Value{value} at '{path}' failed to satisfy constraint: {problem}"
        ));
    }

    /// Runs `inner` with one more step in the path.
    fn at<T>(&mut self, path: &mut String, step: &str, inner: impl FnOnce(&mut Self, &mut String) -> T) -> T {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(step);
        let result = inner(self, path);
        path.truncate(length);
        result
    }
}

/// A member's name as in paths: `ClientId` is `clientId`.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// The error for a value of the wrong JSON type. The message is ours: Cognito's isn't known.
fn wrong_type(kind: &Kind, value: &Value, path: &str) -> ApiError {
    let expected = match kind {
        Kind::Structure(_) | Kind::Map(..) => "an object",
        Kind::List(_) => "a list",
        Kind::String => "a string",
        Kind::Integer => "an integer",
        Kind::Boolean => "a boolean",
        Kind::Timestamp => "a number",
        Kind::Document => "JSON",
    };
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    let place = if path.is_empty() { "the request" } else { path };
    ApiError::new(
        "SerializationException",
        format!("{place} must be {expected}, it is {found}"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::operation;

    fn check(name: &str, mut input: Value) -> String {
        let operation = operation(name).expect("it is in the table");
        validate(operation.input, &mut input).map_or_else(|error| error.to_string(), |()| input.to_string())
    }

    // These four messages occur in answers of Cognito.
    #[test]
    fn a_missing_member_is_null() {
        assert_eq!(
            check("GetUserAttributeVerificationCode", json!({ "AccessToken": "a" })),
            "InvalidParameterException: 1 validation error detected: Value null at 'attributeName' failed to \
             satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn a_password_that_begins_with_a_blank_is_not_printed() {
        assert_eq!(
            check(
                "SignUp",
                json!({ "ClientId": "a", "Username": "ana", "Password": " Secret1!" })
            ),
            "InvalidParameterException: 1 validation error detected: Value at 'password' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$"
        );
    }

    #[test]
    fn two_failures_are_joined() {
        let found = check("VerifySoftwareToken", json!({ "UserCode": "Aaaa" }));
        assert_eq!(
            found,
            "InvalidParameterException: 2 validation errors detected: Value at 'userCode' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: [0-9]+; Value at 'userCode' failed to \
             satisfy constraint: Member must have length greater than or equal to 6"
        );
    }

    #[test]
    fn a_list_element_has_its_number_in_the_path() {
        let schema = json!([{ "Name": "phone_number_verified" }]);
        assert_eq!(
            check("CreateUserPool", json!({ "PoolName": "a", "Schema": schema })),
            "InvalidParameterException: 1 validation error detected: Value 'phone_number_verified' at \
             'schema.1.member.name' failed to satisfy constraint: Member must have length less than or equal to 20"
        );
    }

    #[test]
    fn an_unknown_value_of_an_enumeration_is_refused() {
        let found = check(
            "InitiateAuth",
            json!({ "ClientId": "a", "AuthFlow": "NO_SUCH_FLOW" }),
        );
        let start = "InvalidParameterException: 1 validation error detected: Value 'NO_SUCH_FLOW' at 'authFlow' \
                     failed to satisfy constraint: Member must satisfy enum value set: [USER_SRP_AUTH, ";
        assert!(found.starts_with(start), "{found}");
    }

    #[test]
    fn a_null_counts_as_missing() {
        let input = json!({ "ClientId": "a", "Username": "ana", "ClientMetadata": null });
        assert_eq!(check("SignUp", input), r#"{"ClientId":"a","Username":"ana"}"#);
    }

    #[test]
    fn a_value_of_the_wrong_type_is_a_serialization_error() {
        let input = json!({ "ClientId": "a", "Username": ["ana"] });
        assert_eq!(
            check("SignUp", input),
            "SerializationException: username must be a string, it is a list"
        );
    }

    #[test]
    fn a_member_that_the_model_lacks_is_named() {
        let input = json!({ "ClientId": "a", "Username": "ana", "Pasword": "x" });
        assert_eq!(
            check("SignUp", input),
            "InvalidParameterException: The local user pool doesn't know the member Pasword of the request"
        );
    }
}
