//! The attribute mapping of a provider, applied to what it said.

use std::collections::BTreeMap;

use crate::attributes;
use crate::error::ApiError;
use crate::state::{AppClient, IdentityProvider, Settings};

/// The longest value of an attribute, in characters, as AWS's page on the trigger says.
const LONGEST: usize = 2048;

/// The attributes of the pool, from those of the provider.
///
/// An address that the provider doesn't say anything about isn't verified (FE-04). `username` isn't an attribute, and no provider
/// sets `identities`.
///
/// # Errors
/// - `InvalidParameterException` for a value that is too long or doesn't fit the schema, whose messages are ours, and for an email
///   address or a phone number that none is, as at sign-up. That Cognito refuses it here too is inferred.
/// - `NotAuthorizedException` for an attribute that isn't in the `WriteAttributes` of the app client. AWS documents that Cognito
///   refuses it; class and message are those of other calls that set such an attribute, which is inferred.
pub(super) fn apply(
    settings: &Settings,
    client: &AppClient,
    provider: &IdentityProvider,
    said: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let mapping = provider
        .mapping
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "username" | "identities"));
    let mapped = mapping.filter_map(|(name, claim)| Some((name.clone(), said.get(claim)?.clone())));
    let mut attributes: BTreeMap<_, _> = mapped.filter(|(_, value)| !value.is_empty()).collect();
    if let Some((name, _)) = attributes
        .iter()
        .find(|(_, value)| value.chars().count() > LONGEST)
    {
        let message = format!("The attribute {name} has more than {LONGEST} characters.");
        return Err(ApiError::invalid_parameter(message));
    }
    if !attributes.keys().all(|name| client.may_map(name)) {
        return Err(ApiError::not_authorized(
            "A client attempted to write unauthorized attribute",
        ));
    }
    let problems = attributes.iter().filter_map(|(name, value)| {
        let problem = settings.attribute(name)?.problem(value)?;
        Some(format!("{name}: {problem}\n"))
    });
    let problems: String = problems.collect();
    if !problems.is_empty() {
        let message = format!("Attributes did not conform to the schema: {problems}");
        return Err(ApiError::invalid_parameter(message));
    }
    attributes::check_contacts(&attributes)?;
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::Timestamp;
    use crate::state::ProviderType;
    use crate::state::testing::{client, settings_with};

    fn text(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    // A state that an older version exported may map it.
    #[test]
    fn no_provider_sets_the_identities() {
        let provider = IdentityProvider {
            name: "Acme".to_owned(),
            kind: ProviderType::Oidc,
            details: BTreeMap::new(),
            mapping: text(&[("identities", "accounts"), ("name", "title"), ("username", "sub")]),
            identifiers: Vec::new(),
            acr: BTreeMap::new(),
            created: Timestamp::default(),
            modified: Timestamp::default(),
        };
        let said = text(&[("accounts", "[]"), ("title", "Ana"), ("sub", "42")]);
        let settings = settings_with("AutoVerifiedAttributes", json!([]));
        let mapped = apply(&settings, &client(json!({})), &provider, &said).unwrap();
        assert_eq!(mapped, text(&[("name", "Ana")]));
    }
}
