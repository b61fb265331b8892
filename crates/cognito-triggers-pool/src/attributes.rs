//! Checks of attributes that a caller sets.

use std::collections::BTreeMap;

use crate::error::ApiError;
use crate::state::{AppClient, Settings, User, UserPool};

/// Checks the attributes of a new user who signs up.
pub(crate) fn check_sign_up(
    settings: &Settings,
    client: &AppClient,
    attributes: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    check_writable(client, attributes)?;
    let mut problems = schema_violations(settings, attributes, "");
    let required = settings
        .schema
        .iter()
        .filter(|attribute| attribute.required && attribute.name != "sub");
    for attribute in required {
        if attributes.get(&attribute.name).is_none_or(String::is_empty) {
            problems.push_str(&format!("{}: The attribute is required\n", attribute.name));
        }
    }
    if !problems.is_empty() {
        let message = format!("Attributes did not conform to the schema: {problems}");
        return Err(ApiError::invalid_parameter(message));
    }
    check_contacts(attributes)
}

/// Checks that no other user signs in with one of these values.
///
/// # Errors
/// `AliasExistsException` for the first of `email`, `phone_number` and `preferred_username` that is taken.
pub(crate) fn check_aliases(
    pool: &UserPool,
    user: &User,
    values: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    for attribute in ["email", "phone_number", "preferred_username"] {
        if let Some(value) = values.get(attribute)
            && pool.users.is_taken(attribute, value, &user.username)
        {
            return Err(alias_exists(attribute));
        }
    }
    Ok(())
}

/// The error for a value with which another user signs in: `AliasExistsException` (UP-08, VU-04).
pub(crate) fn alias_exists(attribute: &str) -> ApiError {
    let message = format!("An account with the given {attribute} already exists.");
    ApiError::new("AliasExistsException", message)
}

/// Checks the attributes of a user whom an administrator creates. Required attributes may be missing.
pub(crate) fn check_admin_create(
    settings: &Settings,
    attributes: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    let problems = schema_violations(settings, attributes, "");
    if !problems.is_empty() {
        let message = format!("Attributes did not conform to the schema: {problems}");
        return Err(ApiError::invalid_parameter(message));
    }
    check_contacts(attributes)
}

/// Checks new values of attributes of an existing user. `line_end` ends the message for an immutable attribute:
/// AdminUpdateUserAttributes has a line break there, and UpdateUserAttributes was seen without it.
pub(crate) fn check_update(
    settings: &Settings,
    user: &User,
    attributes: &BTreeMap<String, String>,
    line_end: &str,
) -> Result<(), ApiError> {
    let problems = schema_violations(settings, attributes, "user.");
    if !problems.is_empty() {
        return Err(ApiError::invalid_parameter(problems));
    }
    for (name, value) in attributes {
        let mutable = settings.attribute(name).is_none_or(|attribute| attribute.mutable);
        if !mutable && user.attribute(name) != Some(value) {
            let message = format!("user.{name}: Attribute cannot be updated.{line_end}");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    check_contacts(attributes)
}

/// Refuses attributes that the app client may not write.
pub(crate) fn check_writable(
    client: &AppClient,
    attributes: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    if attributes.keys().all(|name| client.may_write(name)) {
        return Ok(());
    }
    Err(ApiError::not_authorized(
        "A client attempted to write unauthorized attribute",
    ))
}

/// One line for each attribute that doesn't fit the schema.
fn schema_violations(settings: &Settings, attributes: &BTreeMap<String, String>, prefix: &str) -> String {
    let lines = attributes
        .iter()
        .filter_map(|(name, value)| match settings.attribute(name) {
            None => Some(format!(
                "{prefix}{name}: Attribute does not exist in the schema.\n"
            )),
            // An empty value removes the attribute.
            Some(_) if value.is_empty() => None,
            Some(attribute) => attribute
                .problem(value)
                .map(|problem| format!("{prefix}{name}: {problem}\n")),
        });
    lines.collect()
}

/// Checks the format of an email address and a phone number.
///
/// # Errors
/// `InvalidParameterException` for the first one that is wrong.
pub(crate) fn check_contacts(attributes: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let given = |name: &str| attributes.get(name).filter(|value| !value.is_empty());
    if given("email").is_some_and(|email| !is_email(email)) {
        return Err(ApiError::invalid_parameter("Invalid email address format."));
    }
    if given("phone_number").is_some_and(|phone| !is_phone_number(phone)) {
        return Err(ApiError::invalid_parameter("Invalid phone number format."));
    }
    Ok(())
}

/// Whether a string has the format of an email address.
pub(crate) fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !text.contains(char::is_whitespace)
    })
}

/// Whether a string is a phone number in E.164 format, such as `+14325551212`.
pub(crate) fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}
