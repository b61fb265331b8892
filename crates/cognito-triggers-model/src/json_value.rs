//! JSON inside string values, as apps put it into metadata and custom attributes.

use std::{error::Error, fmt};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    attributes::Attributes,
    plain_value::has_reserved_key,
    secret::{Secret, SecretMap},
    text_map::TextMap,
};

/// A string value isn't JSON of the expected type.
///
/// The text names the value and the position of the problem in it. It doesn't repeat the value, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonValueError {
    /// The name of the value, such as `custom:roles`.
    name: String,
    /// Whether it isn't JSON, is JSON of another type, or has a key that can't be parsed.
    problem: &'static str,
    /// The line in the value, from 1, and the column, in bytes from 1. `None` if the problem isn't at one position.
    position: Option<(usize, usize)>,
}

impl JsonValueError {
    fn new(name: &str, error: &serde_json::Error) -> Self {
        Self {
            name: name.to_owned(),
            problem: if error.is_data() {
                "JSON of another type"
            } else {
                "not JSON"
            },
            position: Some((error.line(), error.column())),
        }
    }
}

impl fmt::Display for JsonValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value of `{}` is {}", self.name, self.problem)?;
        match self.position {
            Some((line, column)) => write!(f, " (line {line}, column {column} of the value)"),
            None => Ok(()),
        }
    }
}

impl Error for JsonValueError {}

/// Parses a value as JSON; `None` if there is no value.
fn parse<T: DeserializeOwned>(name: &str, text: Option<&str>) -> Result<Option<T>, JsonValueError> {
    let Some(text) = text else { return Ok(None) };
    if has_reserved_key(text) {
        return Err(JsonValueError {
            name: name.to_owned(),
            problem: "JSON with a key that serde_json reserves, `$serde_json::private::…`",
            position: None,
        });
    }
    let value = serde_json::from_str(text).map_err(|error| JsonValueError::new(name, &error))?;
    Ok(Some(value))
}

/// Writes a value as JSON on one line.
fn print(name: &str, value: &impl Serialize) -> Result<String, JsonValueError> {
    serde_json::to_string(value).map_err(|error| JsonValueError::new(name, &error))
}

macro_rules! json_methods {
    (
        $map:ident, $get:expr,
        get_json: { $(#[$get_example:meta])* }
        insert_json: { $(#[$insert_example:meta])* }
    ) => {
        impl $map {
            /// Parses the JSON in the value of this name. `None` if there is no such value.
            ///
            $(#[$get_example])*
            ///
            /// # Errors
            /// If the value isn't JSON, is JSON of another type, or has an object with a key that begins with
            /// `$serde_json::private::`: `serde_json` would read such an object as something else than what was sent.
            pub fn get_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, JsonValueError> {
                parse(name, $get(self, name))
            }

            /// Sets the value of this name to a JSON text.
            ///
            $(#[$insert_example])*
            ///
            /// # Errors
            /// If the value can't be written as JSON, such as a map with keys that aren't strings.
            pub fn insert_json(&mut self, name: &str, value: &impl Serialize) -> Result<(), JsonValueError> {
                self.insert(name, print(name, value)?);
                Ok(())
            }
        }
    };
}

json_methods! {
    TextMap, TextMap::get,
    get_json: {
        /// ```
        /// use cognito_triggers::TextMap;
        ///
        /// #[derive(serde::Deserialize)]
        /// struct Device { os: String, trusted: bool }
        ///
        /// let metadata = TextMap::from([("device", r#"{"os": "ios", "trusted": true}"#), ("captcha", "03AGdBq2")]);
        /// let device: Option<Device> = metadata.get_json("device")?;
        /// assert!(device.is_some_and(|device| device.os == "ios" && device.trusted));
        /// assert_eq!(metadata.get_json::<u32>("build")?, None);
        /// assert_eq!(
        ///     metadata.get_json::<u32>("captcha").unwrap_err().to_string(),
        ///     "the value of `captcha` is not JSON (line 1, column 2 of the value)"
        /// );
        /// # Ok::<_, cognito_triggers::model::json_value::JsonValueError>(())
        /// ```
    }
    insert_json: {
        /// ```
        /// use cognito_triggers::TextMap;
        ///
        /// // What the app reads as `ChallengeParameters`.
        /// let mut public_challenge_parameters = TextMap::new();
        /// public_challenge_parameters.insert_json("media", &["EMAIL", "SMS"])?;
        /// assert_eq!(public_challenge_parameters.get("media"), Some(r#"["EMAIL","SMS"]"#));
        /// # Ok::<_, cognito_triggers::model::json_value::JsonValueError>(())
        /// ```
    }
}

json_methods! {
    Attributes, Attributes::get,
    get_json: {
        /// ```
        /// use cognito_triggers::Attributes;
        ///
        /// let attributes = Attributes::from([("custom:roles", r#"["editor"]"#), ("custom:teams", "cognito:default_val")]);
        /// assert_eq!(attributes.get_json("custom:roles")?, Some(vec!["editor".to_owned()]));
        /// // An attribute that was never supplied is no value.
        /// assert_eq!(attributes.get_json::<Vec<String>>("custom:teams")?, None);
        /// # Ok::<_, cognito_triggers::model::json_value::JsonValueError>(())
        /// ```
    }
    insert_json: {
        /// ```
        /// use cognito_triggers::Attributes;
        ///
        /// // The attributes of a user who is migrated.
        /// let mut attributes = Attributes::from([("email", "emil@example.com")]);
        /// attributes.insert_json("custom:roles", &["editor", "billing"])?;
        /// assert_eq!(attributes.custom("roles"), Some(r#"["editor","billing"]"#));
        /// # Ok::<_, cognito_triggers::model::json_value::JsonValueError>(())
        /// ```
    }
}

json_methods! {
    SecretMap, exposed,
    get_json: {
        /// ```
        /// use cognito_triggers::SecretMap;
        ///
        /// #[derive(serde::Deserialize)]
        /// struct Challenge { code: String, expires: u64 }
        ///
        /// let parameters = SecretMap::from([("challenge", r#"{"code": "481516", "expires": 1780315200}"#)]);
        /// let challenge: Option<Challenge> = parameters.get_json("challenge")?;
        /// assert!(challenge.is_some_and(|challenge| challenge.code == "481516" && challenge.expires == 1_780_315_200));
        /// # Ok::<_, cognito_triggers::model::json_value::JsonValueError>(())
        /// ```
    }
    insert_json: {
        /// ```
        /// use cognito_triggers::SecretMap;
        ///
        /// #[derive(serde::Serialize)]
        /// struct Challenge<'a> { code: &'a str, expires: u64 }
        ///
        /// // What only the verify trigger reads.
        /// let mut private_challenge_parameters = SecretMap::new();
        /// private_challenge_parameters.insert_json("challenge", &Challenge { code: "481516", expires: 1_780_315_200 })?;
        /// assert!(private_challenge_parameters.get("challenge").is_some_and(|challenge| {
        ///     challenge.matches(r#"{"code":"481516","expires":1780315200}"#)
        /// }));
        /// # Ok::<_, cognito_triggers::model::json_value::JsonValueError>(())
        /// ```
    }
}

fn exposed<'a>(map: &'a SecretMap, name: &str) -> Option<&'a str> {
    map.get(name).map(Secret::expose)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_a_value_is_read_and_written() {
        let mut map = TextMap::new();
        map.insert_json("roles", &["admin", "ops"]).unwrap();
        assert_eq!(map.get("roles"), Some(r#"["admin","ops"]"#));
        let roles: Option<Vec<String>> = map.get_json("roles").unwrap();
        assert_eq!(roles.unwrap(), ["admin", "ops"]);
        assert_eq!(map.get_json::<u8>("absent"), Ok(None));

        let mut secrets = SecretMap::default();
        secrets.insert_json("state", &(1, "x")).unwrap();
        assert_eq!(secrets.get_json("state"), Ok(Some((1, "x".to_owned()))));
        let attributes = Attributes::from([("custom:seats", "12")]);
        assert_eq!(attributes.get_json("custom:seats"), Ok(Some(12)));
    }

    #[test]
    fn a_private_key_of_the_parser_is_refused() {
        for json in [
            r#"{"$serde_json::private::RawValue":"{\"role\":\"admin\"}"}"#,
            r#"{"\u0024serde_json::private::RawValue":"[]"}"#,
            r#"[1,{"a":{"$serde_json::private::RawValue":"true"}}]"#,
            r#"{"$serde_json::private::Number":"1e999"}"#,
        ] {
            let map = TextMap::from([("claims", json)]);
            let error = map
                .get_json::<serde_json::Value>("claims")
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with("the value of `claims` is JSON with a key that serde_json reserves"),
                "{error}"
            );
            assert!(!error.contains("admin"), "{error}");
        }
        // Only keys count, and nothing else that is spelled alike.
        let json = r#"{"$serde_json":["$serde_json::private::RawValue"],"b\n":1}"#;
        let map = Attributes::from([("custom:plain", json)]);
        let value: serde_json::Value = map.get_json("custom:plain").unwrap().unwrap();
        assert_eq!(value.to_string(), json);
    }

    #[test]
    fn an_error_names_the_value_and_does_not_repeat_it() {
        let map = TextMap::from([("pin", r#""hunter2""#), ("broken", "hunter2}")]);
        assert_eq!(
            map.get_json::<u32>("pin").unwrap_err().to_string(),
            "the value of `pin` is JSON of another type (line 1, column 9 of the value)"
        );
        let error = map.get_json::<u32>("broken").unwrap_err().to_string();
        assert!(
            error.starts_with("the value of `broken` is not JSON") && !error.contains("hunter2"),
            "{error}"
        );
    }
}
