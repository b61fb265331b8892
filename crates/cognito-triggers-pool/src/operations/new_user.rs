//! What SignUp and AdminCreateUser share.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::attributes::{is_email, is_phone_number};
use crate::error::ApiError;
use crate::state::{Settings, User, UserPool};

/// The real user name of a new user. If Cognito generates user names, it is the sub, and the name that the caller gave
/// becomes an attribute.
///
/// - A pool without `UsernameAttributes` takes the given name. If an email address or a phone number is an alias, the name may
///   not look like one: the same string could find two users.
/// - A pool with `UsernameAttributes` needs an email address or a phone number, whichever the setting lists. The
///   attribute is added unless the caller sent it.
///
/// `sub` is that of the new user.
///
/// # Errors
/// `InvalidParameterException` with one of Cognito's texts about the form of user names (SU-25).
pub(super) fn name_of_new_user(
    settings: &Settings,
    given: &str,
    sub: &str,
    attributes: &mut BTreeMap<String, String>,
) -> Result<String, ApiError> {
    if !settings.makes_usernames() {
        if is_email(given) && settings.is_alias("email") {
            return Err(ApiError::invalid_parameter(
                "Username cannot be of email format, since user pool is configured for email alias.",
            ));
        }
        if is_phone_number(given) && settings.is_alias("phone_number") {
            return Err(ApiError::invalid_parameter(
                "Username cannot be of phone number format, since user pool is configured for phone number alias.",
            ));
        }
        return Ok(given.to_owned());
    }
    let (by_email, by_phone) = (
        settings.is_username("email"),
        settings.is_username("phone_number"),
    );
    let attribute = if by_email && is_email(given) {
        "email"
    } else if by_phone && is_phone_number(given) {
        "phone_number"
    } else {
        return Err(ApiError::invalid_parameter(match (by_email, by_phone) {
            (true, true) => "Username should be either an email or a phone number.",
            (true, false) => "Username should be an email.",
            _ => "Username should be a phone number.",
        }));
    };
    attributes
        .entry(attribute.to_owned())
        .or_insert_with(|| given.to_owned());
    Ok(sub.to_owned())
}

/// Refuses a user whose name is taken, or whose email address or phone number is taken and used as the name.
///
/// `taken` is the message for a name that is taken.
///
/// The addresses are checked first, then the name. An unverified alias doesn't reserve the address: two unconfirmed
/// users can have the same email address in a pool with `AliasAttributes` (SU-18).
///
/// # Errors
/// `UsernameExistsException` (SU-15 to SU-17, CU-08, CU-09).
pub(super) fn check_free(pool: &UserPool, user: &User, taken: &str) -> Result<(), ApiError> {
    let exists = |message: String| Err(ApiError::new("UsernameExistsException", message));
    for attribute in ["email", "phone_number"] {
        if let Some(value) = user.attributes.get(attribute)
            && pool.settings.is_username(attribute)
            && pool.users.is_taken(attribute, value, &user.username)
        {
            return exists(format!("An account with the given {attribute} already exists."));
        }
    }
    match pool.users.find(&user.username) {
        Some(_) => exists(taken.to_owned()),
        None => Ok(()),
    }
}

/// The attributes that a caller sent, as in an event.
///
/// They lack `sub` and `cognito:user_status`, because the user isn't stored yet.
pub(super) fn event_attributes(attributes: &BTreeMap<String, String>) -> Value {
    Value::Object(
        attributes
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect(),
    )
}
