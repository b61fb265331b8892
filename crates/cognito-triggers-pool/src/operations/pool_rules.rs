//! Rules for settings of a user pool that exclude each other or need a higher plan.
//!
//! The rules are those of AWS's API reference for CreateUserPool and UpdateUserPool, which calls a plan a tier: `LITE`,
//! `ESSENTIALS` or `PLUS`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::state::Factor;

type Members = Map<String, Value>;

/// Refuses settings that contradict each other.
///
/// - Every attribute in `AttributesRequireVerificationBeforeUpdate` must be in `AutoVerifiedAttributes`.
/// - `admin_only` must be the only recovery mechanism.
/// - The values of `AcrConfiguration` must differ from each other.
/// - Passkeys can't be the only first factor.
///
/// # Errors
/// `InvalidParameterException` for the first rule that is broken. The messages of the last three are ours.
pub(super) fn check_together(members: &Members) -> Result<(), ApiError> {
    let array = |name: &str| {
        members
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let verified = array("AutoVerifiedAttributes");
    let waiting = members.get("UserAttributeUpdateSettings").and_then(|settings| {
        settings
            .get("AttributesRequireVerificationBeforeUpdate")?
            .as_array()
    });
    if waiting.is_some_and(|waiting| !waiting.iter().all(|attribute| verified.contains(attribute))) {
        return Err(ApiError::invalid_parameter(
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
        ));
    }
    let mechanisms = members
        .get("AccountRecoverySetting")
        .and_then(|setting| setting.get("RecoveryMechanisms")?.as_array().cloned())
        .unwrap_or_default();
    let only_admins = mechanisms
        .iter()
        .any(|mechanism| mechanism.get("Name") == Some(&json!("admin_only")));
    if only_admins && mechanisms.len() > 1 {
        return Err(ApiError::invalid_parameter(
            "The recovery mechanism admin_only can't be combined with others.",
        ));
    }
    let factors = members
        .get("Policies")
        .and_then(|policies| policies.pointer("/SignInPolicy/AllowedFirstAuthFactors"));
    if factors == Some(&json!(["WEB_AUTHN"])) {
        return Err(ApiError::invalid_parameter(
            "WEB_AUTHN must be accompanied by another factor in AllowedFirstAuthFactors.",
        ));
    }
    let levels = members
        .get("AcrConfiguration")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::values);
    let names: Vec<_> = levels.filter_map(|level| level.get("AcrValue")).collect();
    let twice = names
        .iter()
        .enumerate()
        .any(|(index, name)| names.iter().skip(index + 1).any(|other| other == name));
    if twice {
        return Err(ApiError::invalid_parameter(
            "The names of AcrConfiguration must differ.",
        ));
    }
    Ok(())
}

/// Refuses settings that need a higher plan than the pool has.
///
/// - `AUDIT` and `ENFORCED` of `AdvancedSecurityMode` need `PLUS`.
/// - Sign-in without a password, token triggers after `V1_0` and `AcrConfiguration` need `ESSENTIALS`.
///
/// `members` has the plan, by default `ESSENTIALS`; `input` has what the caller sent.
///
/// # Errors
/// `FeatureUnavailableInTierException` for the first setting that needs a higher plan. The message is ours.
pub(super) fn check_tier(input: &Members, members: &Members) -> Result<(), ApiError> {
    let tier = members
        .get("UserPoolTier")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let unavailable = |what: &str| Err(unavailable(what, tier));
    let addons = members
        .get("UserPoolAddOns")
        .and_then(|addons| addons.get("AdvancedSecurityMode")?.as_str());
    if tier != "PLUS" && addons.is_some_and(|mode| mode != "OFF") {
        return unavailable("AdvancedSecurityMode");
    }
    if tier != "LITE" {
        return Ok(());
    }
    let factors = input
        .get("Policies")
        .and_then(|policies| policies.pointer("/SignInPolicy/AllowedFirstAuthFactors"));
    if factors.is_some_and(|factors| *factors != json!(["PASSWORD"])) {
        return unavailable("SignInPolicy");
    }
    let version = input
        .get("LambdaConfig")
        .and_then(|config| config.pointer("/PreTokenGenerationConfig/LambdaVersion"));
    if version.is_some_and(|version| *version != json!("V1_0")) {
        return unavailable("PreTokenGenerationConfig with a version after V1_0");
    }
    if members.contains_key("AcrConfiguration") {
        return unavailable("AcrConfiguration");
    }
    Ok(())
}

/// Refuses email as a second factor in the plan `LITE`.
///
/// # Errors
/// `FeatureUnavailableInTierException`. The message is ours.
pub(super) fn check_mfa_tier(members: &Members, factors: &BTreeSet<Factor>) -> Result<(), ApiError> {
    let tier = members.get("UserPoolTier").and_then(Value::as_str);
    match tier {
        Some("LITE") if factors.contains(&Factor::Email) => Err(unavailable("EmailMfaConfiguration", "LITE")),
        _ => Ok(()),
    }
}

/// Refuses a `WebAuthnConfiguration` in the plan `LITE`, and an RP ID that isn't a domain name, which no browser would accept.
///
/// # Errors
/// `FeatureUnavailableInTierException` and `InvalidParameterException`. The messages are ours.
pub(super) fn check_passkeys(members: &Members, passkeys: &Value) -> Result<(), ApiError> {
    if members.get("UserPoolTier").and_then(Value::as_str) == Some("LITE") {
        return Err(unavailable("WebAuthnConfiguration", "LITE"));
    }
    let id = passkeys.get("RelyingPartyId").and_then(Value::as_str);
    let is_domain = |id: &str| {
        let is_label = |label: &str| {
            let bytes = label.bytes();
            !label.is_empty() && bytes.into_iter().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        id.split('.').all(is_label) && id.parse::<std::net::IpAddr>().is_err()
    };
    match id {
        Some(id) if !is_domain(id) => Err(ApiError::invalid_parameter(format!(
            "RelyingPartyId must be a domain name without scheme and port, such as localhost, not {id}."
        ))),
        _ => Ok(()),
    }
}

fn unavailable(what: &str, tier: &str) -> ApiError {
    let message = format!("{what} isn't available in the {tier} tier.");
    ApiError::new("FeatureUnavailableInTierException", message)
}
