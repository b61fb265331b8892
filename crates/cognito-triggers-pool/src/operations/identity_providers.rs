//! Identity providers: who else can vouch for users.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs. All of them fail with
//! `ResourceNotFoundException` for an unknown pool. Their members are tested in `tests/members`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::page::{self, Page};
use super::provider_details;
use crate::call::Call;
use crate::error::ApiError;
use crate::federation;
use crate::state::{IdentityProvider, ProviderType, Settings, UserPool};

/// How many identity providers a pool can have, as AWS's page of quotas says.
const MOST: usize = 300;

/// Creates an identity provider.
///
/// A provider of a public service, such as Google, has the name of its type. The answer has the details that Cognito
/// adds, such as addresses, and the client secret.
///
/// # Errors
/// - `DuplicateProviderException`: the pool has a provider with the name.
/// - `InvalidParameterException`: the name doesn't fit the type, details are missing or unknown, an attribute can't be
///   mapped, another provider has an identifier, or a provider that isn't OIDC maps authentication levels.
/// - `LimitExceededException`: the pool has 300 providers.
pub(crate) async fn create_identity_provider(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let name = call.input.string("ProviderName");
    let type_name = call.input.string("ProviderType");
    let kind = ProviderType::parse(type_name).ok_or_else(|| {
        let message = format!("{type_name} is not a type of identity provider.");
        ApiError::invalid_parameter(message)
    })?;
    if kind.is_social() && name != kind.as_str() {
        let message = format!("Provider {name} cannot be of type {}.", kind.as_str());
        return Err(ApiError::invalid_parameter(message));
    }
    let now = call.now(&settings);
    let provider = IdentityProvider {
        name: name.to_owned(),
        kind,
        details: details(&call, kind).await?,
        mapping: mapping(&settings, kind, strings(&call, "AttributeMapping"))?,
        identifiers: identifiers(&call),
        acr: acr(&call, kind)?,
        created: now,
        modified: now,
    };
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        if pool.providers.contains_key(name) {
            let message = format!("{name} already exists in user pool {}", settings.id);
            return Err(ApiError::new("DuplicateProviderException", message));
        }
        if pool.providers.len() >= MOST {
            let message = format!("A user pool can have {MOST} identity providers.");
            return Err(ApiError::new("LimitExceededException", message));
        }
        check_identifiers(pool, &provider)?;
        let answer = json!({ "IdentityProvider": provider.to_json(&settings.id) });
        pool.providers.insert(provider.name.clone(), provider);
        Ok(answer)
    })
}

/// Changes an identity provider. A member that is left out keeps its value; a sent one replaces the old one as a whole.
///
/// The name and the type can't be changed.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such provider. `InvalidParameterException` as for CreateIdentityProvider. Nothing is
/// stored.
pub(super) async fn update_identity_provider(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let now = call.now(&settings);
    let name = call.input.string("ProviderName");
    let kind = call
        .service
        .read(|state| Ok(named(state.pool(&settings.id)?, name)?.kind))?;
    let details = match call.input.get("ProviderDetails") {
        Some(_) => Some(details(&call, kind).await?),
        None => None,
    };
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        let mut provider = named(pool, name)?.clone();
        provider.details = details.unwrap_or(provider.details);
        if call.input.get("AttributeMapping").is_some() {
            provider.mapping = mapping(&settings, provider.kind, strings(&call, "AttributeMapping"))?;
        }
        if call.input.get("IdpIdentifiers").is_some() {
            provider.identifiers = identifiers(&call);
            check_identifiers(pool, &provider)?;
        }
        if call.input.get("AcrMapping").is_some() {
            provider.acr = acr(&call, provider.kind)?;
        }
        provider.modified = now;
        let answer = json!({ "IdentityProvider": provider.to_json(&settings.id) });
        pool.providers.insert(provider.name.clone(), provider);
        Ok(answer)
    })
}

/// Returns an identity provider by name.
///
/// The answer has the client secret, but not the private key of Sign in with Apple.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such provider.
pub(super) async fn describe_identity_provider(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let provider = named(pool, call.input.string("ProviderName"))?;
        Ok(json!({ "IdentityProvider": provider.to_json(&pool.settings.id) }))
    })
}

/// Returns the identity provider with an identifier, which must match exactly.
///
/// # Errors
/// `ResourceNotFoundException`: no provider of the pool has the identifier.
pub(super) async fn get_identity_provider_by_identifier(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let identifier = call.input.string("IdpIdentifier");
        let provider = pool.provider_with_identifier(identifier);
        let provider = provider.ok_or_else(|| not_found(identifier))?;
        Ok(json!({ "IdentityProvider": provider.to_json(&pool.settings.id) }))
    })
}

/// Lists the identity providers of a pool by name, at most 50 per page, without their details.
///
/// # Errors
/// `InvalidParameterException`: `NextToken` comes from a different call.
pub(super) async fn list_identity_providers(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let page = Page::read(&call.input, "MaxResults", "NextToken", 50)?;
        let providers = pool.providers.values().map(|provider| {
            let item = json!({
                "ProviderName": provider.name,
                "ProviderType": provider.kind.as_str(),
                "CreationDate": provider.created.to_json(),
                "LastModifiedDate": provider.modified.to_json(),
            });
            (provider.name.as_str(), item)
        });
        Ok(page.answer("Providers", page::behind(providers, page.after())))
    })
}

/// Deletes an identity provider. Its users stay, but can't sign in with it any more.
///
/// App clients keep its name in `SupportedIdentityProviders`; what Cognito does with it isn't known. The answer is empty.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such provider.
pub(super) async fn delete_identity_provider(call: Call) -> Result<Value, ApiError> {
    call.service.write(|state| {
        let pool = state.pool_mut(call.input.string("UserPoolId"))?;
        let name = call.input.string("ProviderName");
        pool.providers.remove(name).ok_or_else(|| not_found(name))?;
        Ok(json!({}))
    })
}

/// Refuses an app client that names a provider which the pool doesn't have. `COGNITO` is the pool itself.
///
/// # Errors
/// `InvalidParameterException` with the first such name.
pub(super) fn check_supported(pool: &UserPool, names: &[&str]) -> Result<(), ApiError> {
    let mut names = names.iter();
    match names.find(|name| **name != "COGNITO" && !pool.providers.contains_key(**name)) {
        None => Ok(()),
        Some(name) => Err(ApiError::invalid_parameter(format!(
            "The provider {name} does not exist for User Pool {}.",
            pool.settings.id
        ))),
    }
}

/// The details as stored. Those of an OIDC provider on this machine get the addresses of its OpenID configuration.
///
/// # Errors
/// `InvalidParameterException` for missing and unknown keys, and for a configuration that can't be read. The messages are ours.
async fn details(call: &Call, kind: ProviderType) -> Result<BTreeMap<String, String>, ApiError> {
    let mut details = provider_details::complete(kind, strings(call, "ProviderDetails"))?;
    if kind == ProviderType::Oidc && call.service.options.is_discovering {
        let found = federation::discover(&mut details).await;
        found.map_err(|problem| {
            ApiError::invalid_parameter(format!("The OpenID configuration can't be read: {problem}."))
        })?;
    }
    Ok(details)
}

/// `AcrMapping`, which only OIDC providers have, as the service model says. The message is ours.
fn acr(call: &Call, kind: ProviderType) -> Result<BTreeMap<String, String>, ApiError> {
    let acr = strings(call, "AcrMapping");
    if acr.is_empty() || kind == ProviderType::Oidc {
        return Ok(acr);
    }
    Err(ApiError::invalid_parameter(
        "AcrMapping is for OIDC providers only.",
    ))
}

/// A member that maps strings to strings; empty if it is missing.
fn strings(call: &Call, member: &str) -> BTreeMap<String, String> {
    let members = call.input.get(member).and_then(Value::as_object);
    let pairs = members.into_iter().flatten();
    pairs
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn identifiers(call: &Call) -> Vec<String> {
    let identifiers = call.input.strings("IdpIdentifiers").into_iter();
    identifiers.map(str::to_owned).collect()
}

/// The attribute mapping as stored. Without a source for the user name, Cognito adds the provider's own id of the user; for
/// SAML, the `NameID` of the assertion is always the source.
///
/// # Errors
/// `InvalidParameterException` for a target that isn't in the schema of the pool or can't be changed, for `identities`, which
/// lists the accounts of a user, and for `username` of SAML. That the last two are refused is inferred.
fn mapping(
    settings: &Settings,
    kind: ProviderType,
    mut mapping: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let fits = |name: &str| match name {
        "username" => kind.subject_claim().is_some(),
        "identities" => false,
        _ => settings.attribute(name).is_some_and(|found| found.mutable),
    };
    if let Some(wrong) = mapping.keys().find(|name| !fits(name)) {
        let message = format!("AttributeMapping contains invalid mapping: [{wrong}]");
        return Err(ApiError::invalid_parameter(message));
    }
    if let Some(claim) = kind.subject_claim() {
        mapping
            .entry("username".to_owned())
            .or_insert_with(|| claim.to_owned());
    }
    Ok(mapping)
}

/// Refuses an identifier that another provider of the pool has. That they are unique is inferred, and the message is ours.
fn check_identifiers(pool: &UserPool, provider: &IdentityProvider) -> Result<(), ApiError> {
    let others = pool
        .providers
        .values()
        .filter(|other| other.name != provider.name);
    let mut taken = others.flat_map(|other| &other.identifiers);
    match taken.find(|identifier| provider.identifiers.contains(identifier)) {
        None => Ok(()),
        Some(identifier) => Err(ApiError::invalid_parameter(format!(
            "Another identity provider has the identifier {identifier}."
        ))),
    }
}

/// The provider with this name.
fn named<'a>(pool: &'a UserPool, name: &str) -> Result<&'a IdentityProvider, ApiError> {
    pool.providers.get(name).ok_or_else(|| not_found(name))
}

/// The error for an unknown provider or identifier. The message is ours.
fn not_found(name: &str) -> ApiError {
    ApiError::resource_not_found(format!("Identity provider {name} does not exist."))
}
