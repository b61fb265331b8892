//! Attributes of a user pool.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// An attribute in the schema of a pool, in the format of `SchemaAttributes`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SchemaAttribute {
    /// The name, including the prefix `custom:` or `dev:`.
    pub(crate) name: String,
    pub(crate) attribute_data_type: DataType,
    pub(crate) developer_only_attribute: bool,
    pub(crate) mutable: bool,
    pub(crate) required: bool,
    /// `MinValue` and `MaxValue`, as strings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) number_attribute_constraints: Option<Map<String, Value>>,
    /// `MinLength` and `MaxLength`, as strings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) string_attribute_constraints: Option<Map<String, Value>>,
}

/// The type of an attribute's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DataType {
    String,
    Number,
    DateTime,
    Boolean,
}

const STRINGS: [&str; 16] = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "gender",
    "zoneinfo",
    "locale",
    "phone_number",
    "address",
    "birthdate",
];

/// The attributes that every pool has.
pub(crate) fn standard() -> Vec<SchemaAttribute> {
    let length = |min: &str, max: &str| {
        let constraints = [("MinLength", min), ("MaxLength", max)];
        Some(
            constraints
                .map(|(name, value)| (name.to_owned(), json!(value)))
                .into_iter()
                .collect(),
        )
    };
    let mut sub = attribute("sub", DataType::String);
    sub.mutable = false;
    sub.required = true;
    sub.string_attribute_constraints = length("1", "2048");
    let mut schema = vec![sub];
    for name in STRINGS {
        let mut string = attribute(name, DataType::String);
        string.string_attribute_constraints = if name == "birthdate" {
            length("10", "10")
        } else {
            length("0", "2048")
        };
        schema.push(string);
    }
    schema.push(attribute("email_verified", DataType::Boolean));
    schema.push(attribute("phone_number_verified", DataType::Boolean));
    let mut updated_at = attribute("updated_at", DataType::Number);
    updated_at.number_attribute_constraints =
        Some([("MinValue".to_owned(), json!("0"))].into_iter().collect());
    schema.push(updated_at);
    let mut identities = attribute("identities", DataType::String);
    identities.string_attribute_constraints = Some(Map::new());
    schema.push(identities);
    schema
}

/// A standard attribute without constraints that is mutable and optional.
fn attribute(name: &str, attribute_data_type: DataType) -> SchemaAttribute {
    SchemaAttribute {
        name: name.to_owned(),
        attribute_data_type,
        developer_only_attribute: false,
        mutable: true,
        required: false,
        number_attribute_constraints: None,
        string_attribute_constraints: None,
    }
}

impl SchemaAttribute {
    /// What is wrong with a value, in Cognito's words; `None` if it is valid.
    pub(crate) fn problem(&self, value: &str) -> Option<String> {
        match self.attribute_data_type {
            DataType::String => {
                let constraints = self.string_attribute_constraints.as_ref();
                let length = value.encode_utf16().count() as f64;
                let bound = |name| bound(constraints, name);
                if bound("MinLength").is_some_and(|min| length < min) {
                    return Some("String must be longer than or equal to the minimum length".to_owned());
                }
                let long = bound("MaxLength").is_some_and(|max| length > max);
                long.then(|| "String must be shorter than or equal to the maximum length".to_owned())
            }
            DataType::Number => {
                let constraints = self.number_attribute_constraints.as_ref();
                let Ok(number) = value.parse::<f64>() else {
                    return Some("Attribute value is not a number".to_owned());
                };
                let low = bound(constraints, "MinValue").is_some_and(|min| number < min);
                let high = bound(constraints, "MaxValue").is_some_and(|max| number > max);
                (low || high).then(|| "Number is out of the range of the schema".to_owned())
            }
            DataType::Boolean => {
                let boolean = value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
                (!boolean).then(|| "Attribute value is not a boolean".to_owned())
            }
            DataType::DateTime => None,
        }
    }
}

/// Parses a bound, which is a string in the schema.
fn bound(constraints: Option<&Map<String, Value>>, name: &str) -> Option<f64> {
    constraints?.get(name)?.as_str()?.parse().ok()
}
