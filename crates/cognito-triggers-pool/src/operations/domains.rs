//! User pool domains.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs. A domain is stored and
//! described, but the pages and the OAuth endpoints of all pools are at the address of the local listener, with or without
//! a domain.

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Domain, Settings, UserPool};

/// Words that no prefix may contain.
const RESERVED: [&str; 3] = ["aws", "amazon", "cognito"];

/// Adds a domain: a prefix of Cognito's own domain, or with `CustomDomainConfig` a name of the caller's.
///
/// A pool can have one of each. Names are unique among the pools of this listener.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool.
/// - `InvalidParameterException`: the name is taken, reserved, or not one of its kind; the pool has such a domain; or a prefix has
///   a `Routing`.
/// - `FeatureUnavailableInTierException`: version 2 of managed login on the plan `LITE`.
pub(crate) async fn create_user_pool_domain(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let domain = Domain {
        name: call.input.string("Domain").to_owned(),
        custom: custom(&call),
        routing: call.input.get("Routing").cloned(),
        version: version(&call, &settings)?.unwrap_or(1),
    };
    check_name(&domain)?;
    check_routing(&domain)?;
    call.service.write(|state| {
        let taken = state
            .pools
            .values()
            .any(|pool| pool.domains.iter().any(|other| other.name == domain.name));
        let pool = state.pool_mut(&settings.id)?;
        let has_one = pool
            .domains
            .iter()
            .any(|other| other.custom.is_some() == domain.custom.is_some());
        if taken && !has_one {
            return Err(ApiError::invalid_parameter(
                "Domain already associated with another user pool.",
            ));
        }
        if has_one {
            return Err(ApiError::invalid_parameter(
                "User pool already has a domain configured.",
            ));
        }
        let answer = domain.answer();
        pool.domains.push(domain);
        Ok(answer)
    })
}

/// Describes a domain. For an unknown one, `DomainDescription` is empty.
pub(super) async fn describe_user_pool_domain(call: Call) -> Result<Value, ApiError> {
    let name = call.input.string("Domain");
    let description = call.service.read(|state| {
        let mut pools = state.pools.values();
        pools.find_map(|pool| {
            let domain = pool.domains.iter().find(|domain| domain.name == name)?;
            Some(domain.to_json(&pool.settings))
        })
    });
    Ok(json!({ "DomainDescription": description.unwrap_or_else(|| json!({})) }))
}

/// Changes the certificate or the routing of a custom domain, or the version of managed login. A member that is left out keeps its value.
///
/// # Errors
/// `InvalidParameterException`: the pool has no such domain, or a prefix gets a certificate or a `Routing`. The others are those of
/// CreateUserPoolDomain.
pub(super) async fn update_user_pool_domain(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let version = version(&call, &settings)?;
    call.service.write(|state| {
        let stored = named(state.pool_mut(&settings.id)?, &call)?;
        let mut domain = stored.clone();
        if let Some(custom) = custom(&call) {
            if domain.custom.is_none() {
                // The message is ours.
                return Err(ApiError::invalid_parameter(
                    "A prefix domain has no CustomDomainConfig.",
                ));
            }
            domain.custom = Some(custom);
        }
        if let Some(routing) = call.input.get("Routing") {
            domain.routing = Some(routing.clone());
        }
        check_routing(&domain)?;
        domain.version = version.unwrap_or(domain.version);
        let answer = domain.answer();
        *stored = domain;
        Ok(answer)
    })
}

/// Removes a domain. The answer is empty.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool. `InvalidParameterException`: the pool has no such domain.
pub(super) async fn delete_user_pool_domain(call: Call) -> Result<Value, ApiError> {
    call.service.write(|state| {
        let pool = state.pool_mut(call.input.string("UserPoolId"))?;
        let name = named(pool, &call)?.name.clone();
        pool.domains.retain(|domain| domain.name != name);
        Ok(json!({}))
    })
}

/// The domain of the pool that the call names.
fn named<'a>(pool: &'a mut UserPool, call: &Call) -> Result<&'a mut Domain, ApiError> {
    let name = call.input.string("Domain");
    let domain = pool.domains.iter_mut().find(|domain| domain.name == name);
    // The class and the message are inferred.
    domain.ok_or_else(|| ApiError::invalid_parameter("No such domain or user pool exists."))
}

fn custom(call: &Call) -> Option<Map<String, Value>> {
    call.input.get("CustomDomainConfig")?.as_object().cloned()
}

/// `ManagedLoginVersion`; `None` if it is missing.
fn version(call: &Call, settings: &Settings) -> Result<Option<i64>, ApiError> {
    match call.input.integer("ManagedLoginVersion") {
        None => Ok(None),
        Some(2) if settings.string("/UserPoolTier") == Some("LITE") => Err(ApiError::new(
            "FeatureUnavailableInTierException",
            "ManagedLoginVersion 2 isn't available in the plan LITE.",
        )),
        Some(version @ (1 | 2)) => Ok(Some(version)),
        // The message is ours.
        Some(_) => Err(ApiError::invalid_parameter("ManagedLoginVersion must be 1 or 2.")),
    }
}

/// Refuses a prefix with a dot or a reserved word. A custom domain is a full name.
fn check_name(domain: &Domain) -> Result<(), ApiError> {
    if domain.custom.is_some() {
        return Ok(());
    }
    if domain.name.contains('.') {
        return Err(ApiError::invalid_parameter(
            r"The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$",
        ));
    }
    match RESERVED.iter().find(|word| domain.name.contains(**word)) {
        None => Ok(()),
        // AWS's page on prefix domains reserves the words; the message isn't published there.
        Some(word) => Err(ApiError::invalid_parameter(format!(
            "Domain cannot contain reserved word: {word}"
        ))),
    }
}

/// Refuses `Routing` of a prefix: the service model says that only custom domains have it. The message is ours.
fn check_routing(domain: &Domain) -> Result<(), ApiError> {
    if domain.custom.is_none() && domain.routing.is_some() {
        return Err(ApiError::invalid_parameter("Routing is for custom domains only."));
    }
    Ok(())
}
