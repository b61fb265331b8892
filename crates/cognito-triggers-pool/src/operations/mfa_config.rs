//! SetUserPoolMfaConfig and GetUserPoolMfaConfig: whether a pool has second factors, and which.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs. The row of the truth
//! table is ST-12.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::pool_rules::{check_mfa_tier, check_passkeys};
use super::pool_settings::complete_sms;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Factor, MfaMode, Settings};

/// Sets `MfaConfiguration` of a pool and its second factors.
///
/// A factor whose member is missing is turned off, and so is a software token with `Enabled` false. `WebAuthnConfiguration`
/// is stored, and kept if it is missing. Without `MfaConfiguration` the pool keeps what it has. The last three are
/// inferred. `SmsConfiguration` and `SmsAuthenticationMessage` are those of the pool: DescribeUserPool has them too. Users
/// keep their own settings, which have no effect while the pool lacks the factor.
///
/// The answer is that of GetUserPoolMfaConfig.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool.
/// - `InvalidParameterException`: MFA is turned off together with a factor, or on without any. Both messages are
///   Cognito's.
///   `RelyingPartyId` isn't a domain name; this message is ours.
/// - `FeatureUnavailableInTierException`: the plan has no email MFA, or no passkeys.
pub(super) async fn set_user_pool_mfa_config(call: Call) -> Result<Value, ApiError> {
    let before = call.settings()?;
    let now = call.now(&before);
    call.service.write(|state| {
        let pool = state.pool_mut(&before.id)?;
        let mut settings = (*pool.settings).clone();
        change(&mut settings, call.input.members())?;
        settings.modified = now;
        let answer = describe(&settings);
        pool.settings = Arc::new(settings);
        Ok(answer)
    })
}

/// Returns `MfaConfiguration` of a pool and the settings of its factors, each only if it is set (ST-12).
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool.
pub(super) async fn get_user_pool_mfa_config(call: Call) -> Result<Value, ApiError> {
    Ok(describe(&*call.settings()?))
}

/// Applies the input of SetUserPoolMfaConfig.
///
/// # Errors
/// As for the operation, without those about the pool.
pub(crate) fn change(settings: &mut Settings, input: &Map<String, Value>) -> Result<(), ApiError> {
    if let Some(mode) = input.get("MfaConfiguration") {
        settings
            .members
            .insert("MfaConfiguration".to_owned(), mode.clone());
    }
    let given = |member: &str| match member {
        "SoftwareTokenMfaConfiguration" => {
            input.get(member).and_then(|token| token.get("Enabled")) == Some(&json!(true))
        }
        member => input.contains_key(member),
    };
    let factors = Factor::ALL.into_iter().filter(|factor| given(member(*factor)));
    let factors: std::collections::BTreeSet<_> = factors.collect();
    match (settings.mfa_mode(), factors.is_empty()) {
        (MfaMode::Off, false) => {
            return Err(ApiError::invalid_parameter(
                "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
            ));
        }
        (MfaMode::Optional | MfaMode::On, true) => {
            return Err(ApiError::invalid_parameter(
                "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
            ));
        }
        _ => {}
    }
    check_mfa_tier(&settings.members, &factors)?;
    if let Some(passkeys) = input.get("WebAuthnConfiguration") {
        check_passkeys(&settings.members, passkeys)?;
    }
    let sms = input.get("SmsMfaConfiguration").and_then(Value::as_object);
    for (name, value) in sms.into_iter().flatten() {
        let mut value = value.clone();
        if name == "SmsConfiguration" {
            complete_sms(&mut value, settings.region())?;
        }
        settings.members.insert(name.clone(), value);
    }
    settings.mfa_members.remove("EmailMfaConfiguration");
    for name in ["EmailMfaConfiguration", "WebAuthnConfiguration"] {
        if let Some(value) = input.get(name) {
            settings.mfa_members.insert(name.to_owned(), value.clone());
        }
    }
    settings.factors = (settings.mfa_mode() != MfaMode::Off).then_some(factors);
    Ok(())
}

/// The member of the input that turns a factor on.
fn member(factor: Factor) -> &'static str {
    match factor {
        Factor::Sms => "SmsMfaConfiguration",
        Factor::SoftwareToken => "SoftwareTokenMfaConfiguration",
        Factor::Email => "EmailMfaConfiguration",
    }
}

/// The answer of both operations.
fn describe(settings: &Settings) -> Value {
    let mut members = settings.mfa_members.clone();
    members.insert(
        "MfaConfiguration".to_owned(),
        json!(settings.string("/MfaConfiguration")),
    );
    if settings.offers(Factor::SoftwareToken) {
        members.insert(
            member(Factor::SoftwareToken).to_owned(),
            json!({ "Enabled": true }),
        );
    }
    if settings.offers(Factor::Sms) {
        let own = ["SmsAuthenticationMessage", "SmsConfiguration"].into_iter();
        let sms: Map<_, _> = own
            .filter_map(|name| Some((name.to_owned(), settings.members.get(name)?.clone())))
            .collect();
        members.insert(member(Factor::Sms).to_owned(), Value::Object(sms));
    }
    Value::Object(members)
}
