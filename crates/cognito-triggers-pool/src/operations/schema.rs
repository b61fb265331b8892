//! The schema of a pool, as CreateUserPool and AddCustomAttributes set it.
//!
//! Bounds are strings of digits in the API, as in `"MinLength": "1"`. The row of the truth table is ST-11.

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::state::{DataType, SchemaAttribute, standard_schema};

/// The highest `MaxLength` of a string.
const MAX_LENGTH: u32 = 2048;

/// How many custom attributes a pool can have.
const MAX_CUSTOM: usize = 50;

/// The schema of a new pool: the standard attributes, changed and extended as `Schema` says.
///
/// Standard attributes are changed in place, so that the order stays; custom attributes are added at the end.
///
/// # Errors
/// `InvalidParameterException` for the first attribute that Cognito would refuse.
pub(super) fn new_schema(given: &[Value]) -> Result<Vec<SchemaAttribute>, ApiError> {
    let mut schema = standard_schema();
    for json in given {
        let name = string(json, "Name");
        match schema.iter_mut().find(|attribute| attribute.name == name) {
            Some(standard) => change_standard(standard, json)?,
            None => add(&mut schema, custom(json)?)?,
        }
    }
    Ok(schema)
}

/// Adds attributes to the schema of an existing pool.
///
/// # Errors
/// `InvalidParameterException` for the first attribute that Cognito would refuse. Attributes before it are
/// added to `schema` by then, so the caller passes a copy.
pub(super) fn add_custom(schema: &mut Vec<SchemaAttribute>, given: &[Value]) -> Result<(), ApiError> {
    given.iter().try_for_each(|json| add(schema, custom(json)?))
}

/// Adds one attribute.
///
/// # Errors
/// The name is taken, or the pool has 50 custom attributes.
fn add(schema: &mut Vec<SchemaAttribute>, attribute: SchemaAttribute) -> Result<(), ApiError> {
    let name = &attribute.name;
    if schema.iter().any(|existing| existing.name == *name) {
        return Err(ApiError::invalid_parameter(format!(
            "{name}: Existing attribute already has name {name}."
        )));
    }
    if schema
        .iter()
        .filter(|existing| existing.name.contains(':'))
        .count()
        >= MAX_CUSTOM
    {
        return Err(ApiError::invalid_parameter(format!(
            "A pool has at most {MAX_CUSTOM} custom attributes."
        )));
    }
    schema.push(attribute);
    Ok(())
}

/// A custom attribute. Its name gets the prefix `custom:`, or `dev:` if only administrators may write it.
///
/// A user's value can't be changed once it is set, unless the attribute is declared mutable.
///
/// A missing `AttributeDataType` counts as `String`. Strings and numbers get empty constraints if none are
/// sent.
///
/// # Errors
/// The name is missing, or the attribute is required, which Cognito doesn't support.
fn custom(json: &Value) -> Result<SchemaAttribute, ApiError> {
    let name = string(json, "Name");
    if name.is_empty() {
        return Err(ApiError::invalid_parameter(
            "An attribute of the schema needs a Name.",
        ));
    }
    if boolean(json, "Required").unwrap_or_default() {
        return Err(ApiError::invalid_parameter(
            "Required custom attributes are not supported currently.",
        ));
    }
    let developer_only = boolean(json, "DeveloperOnlyAttribute").unwrap_or_default();
    let prefix = if developer_only { "dev:" } else { "custom:" };
    let bare = name.strip_prefix("custom:").unwrap_or(name);
    let attribute_data_type = data_type(json).unwrap_or(DataType::String);
    let constraints = |member: &str, wanted: DataType| {
        let given = json.get(member).and_then(Value::as_object).cloned();
        given.or_else(|| (attribute_data_type == wanted).then(Map::new))
    };
    let attribute = SchemaAttribute {
        name: format!("{prefix}{bare}"),
        attribute_data_type,
        developer_only_attribute: developer_only,
        mutable: boolean(json, "Mutable").unwrap_or_default(),
        required: false,
        number_attribute_constraints: constraints("NumberAttributeConstraints", DataType::Number),
        string_attribute_constraints: constraints("StringAttributeConstraints", DataType::String),
    };
    check_constraints(&attribute)?;
    Ok(attribute)
}

/// Properties that are left out keep their standard values.
///
/// # Errors
/// `InvalidParameterException` if the data type would change, or the bounds contradict each other. `sub` stays
/// required.
fn change_standard(standard: &mut SchemaAttribute, json: &Value) -> Result<(), ApiError> {
    if data_type(json).is_some_and(|data_type| data_type != standard.attribute_data_type) {
        let name = &standard.name;
        let message = format!(
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {name}"
        );
        return Err(ApiError::invalid_parameter(message));
    }
    if let Some(mutable) = boolean(json, "Mutable") {
        standard.mutable = mutable;
    }
    if let Some(required) = boolean(json, "Required") {
        standard.required = required || standard.name == "sub";
    }
    if let Some(constraints) = json.get("StringAttributeConstraints").and_then(Value::as_object) {
        standard.string_attribute_constraints = Some(constraints.clone());
    }
    if let Some(constraints) = json.get("NumberAttributeConstraints").and_then(Value::as_object) {
        standard.number_attribute_constraints = Some(constraints.clone());
    }
    check_constraints(standard)
}

/// Checks that bounds are numbers in strings, in ascending order.
///
/// A missing bound means no limit.
///
/// # Errors
/// `InvalidParameterException` for a bound that isn't a number, for a `MaxLength` over 2048, and for a lower bound above
/// the upper one. The messages are ours.
fn check_constraints(attribute: &SchemaAttribute) -> Result<(), ApiError> {
    let name = &attribute.name;
    let number = |constraints: &Option<Map<String, Value>>, key: &str| -> Result<Option<f64>, ApiError> {
        let Some(text) = constraints
            .as_ref()
            .and_then(|constraints| constraints.get(key)?.as_str())
        else {
            return Ok(None);
        };
        let number = text.parse().map_err(|_| {
            ApiError::invalid_parameter(format!("{key} of the attribute {name} must be a number"))
        })?;
        Ok(Some(number))
    };
    let strings = &attribute.string_attribute_constraints;
    let (least, most) = (number(strings, "MinLength")?, number(strings, "MaxLength")?);
    let numbers = &attribute.number_attribute_constraints;
    let (low, high) = (number(numbers, "MinValue")?, number(numbers, "MaxValue")?);
    let crossed = |low: Option<f64>, high: Option<f64>| low.zip(high).is_some_and(|(low, high)| low > high);
    if most.is_some_and(|most| most > f64::from(MAX_LENGTH)) {
        return Err(ApiError::invalid_parameter(format!(
            "MaxLength of the attribute {name} is over {MAX_LENGTH}"
        )));
    }
    if crossed(least, most) || crossed(low, high) {
        let message = format!("The lower bound of the attribute {name} is above its upper bound");
        return Err(ApiError::invalid_parameter(message));
    }
    Ok(())
}

/// A string member; empty if it is missing.
fn string<'a>(json: &'a Value, member: &str) -> &'a str {
    json.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// A boolean member; `None` if it is missing.
fn boolean(json: &Value, member: &str) -> Option<bool> {
    json.get(member)?.as_bool()
}

/// The requested data type; `None` if there is none.
fn data_type(json: &Value) -> Option<DataType> {
    serde_json::from_value(json.get("AttributeDataType")?.clone()).ok()
}
