//! The attribute mapping of a provider, applied to what it said.

use std::collections::BTreeMap;

use crate::error::ApiError;
use crate::state::{IdentityProvider, Settings};

/// The longest value of an attribute, in characters, as AWS's page on the trigger says.
const LONGEST: usize = 2048;

/// The attributes of the pool, from those of the provider.
///
/// An address that the provider doesn't say anything about isn't verified (FE-04).
///
/// # Errors
/// `InvalidParameterException` for a value that is too long. The message is ours.
pub(super) fn apply(
    provider: &IdentityProvider,
    said: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let mapping = provider.mapping.iter().filter(|(name, _)| *name != "username");
    let mapped = mapping.filter_map(|(name, claim)| Some((name.clone(), said.get(claim)?.clone())));
    let mut attributes: BTreeMap<_, _> = mapped.filter(|(_, value)| !value.is_empty()).collect();
    if let Some((name, _)) = attributes
        .iter()
        .find(|(_, value)| value.chars().count() > LONGEST)
    {
        let message = format!("The attribute {name} has more than {LONGEST} characters.");
        return Err(ApiError::invalid_parameter(message));
    }
    for address in ["email", "phone_number"] {
        if attributes.contains_key(address) {
            attributes
                .entry(format!("{address}_verified"))
                .or_insert_with(|| "false".to_owned());
        }
    }
    Ok(attributes)
}

/// Refuses a new user without an attribute that the schema requires (FE-04).
///
/// # Errors
/// `InvalidParameterException` with the names of all missing attributes.
pub(super) fn check_required(
    settings: &Settings,
    attributes: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    let required = settings.schema.iter().filter(|attribute| {
        attribute.required && attribute.name != "sub" && !attributes.contains_key(&attribute.name)
    });
    let missing: Vec<_> = required.map(|attribute| attribute.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("attributes required: [{}]", missing.join(", "));
    Err(ApiError::invalid_parameter(message))
}
