//! Settings of an app client: defaults, and settings that exclude each other.
//!
//! The defaults and limits are those of AWS's API reference for CreateUserPoolClient, which
//! UpdateUserPoolClient shares: a member that the call leaves out is reset to its default.

use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::state::Settings;

type Members = Map<String, Value>;

/// Members that are copied from the input as sent.
const PLAIN: [&str; 14] = [
    "AccessTokenValidity",
    "IdTokenValidity",
    "TokenValidityUnits",
    "ReadAttributes",
    "WriteAttributes",
    "SupportedIdentityProviders",
    "CallbackURLs",
    "LogoutURLs",
    "DefaultRedirectURI",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
    "AnalyticsConfiguration",
    "RefreshTokenRotation",
    "PreventUserExistenceErrors",
];

/// In seconds.
const MINUTE: i64 = 60;
/// In seconds.
const HOUR: i64 = 60 * MINUTE;
/// In seconds.
const DAY: i64 = 24 * HOUR;

/// The members of a client that can be changed, each as sent or with its default.
///
/// The defaults are:
///
/// - refresh tokens of 30 days, sessions of 3 minutes;
/// - the flows refresh, SRP and custom;
/// - `LEGACY` for `PreventUserExistenceErrors`;
/// - token revocation on (ST-09), OAuth off.
///
/// # Errors
/// The exceptions of the three checks below, and `UnsupportedOperationException` for
/// `PublishSecretsInAWSSecretsManager`.
pub(super) fn complete(input: &Members, settings: &Settings) -> Result<Members, ApiError> {
    let mut members: Members = PLAIN
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), input.get(*name)?.clone())))
        .collect();
    let flows = json!([
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_CUSTOM_AUTH"
    ]);
    let defaulted = [
        ("RefreshTokenValidity", json!(30)),
        ("ExplicitAuthFlows", flows),
        ("AllowedOAuthFlowsUserPoolClient", json!(false)),
        ("PreventUserExistenceErrors", json!("LEGACY")),
        ("EnableTokenRevocation", json!(true)),
        ("EnablePropagateAdditionalUserContextData", json!(false)),
        ("AuthSessionValidity", json!(3)),
    ];
    for (name, default) in defaulted {
        // For a refresh token, 0 days means the default.
        let sent = input.get(name).filter(|sent| **sent != json!(0)).cloned();
        members.insert(name.to_owned(), sent.unwrap_or(default));
    }
    if input.get("PublishSecretsInAWSSecretsManager") == Some(&json!(true)) {
        return Err(ApiError::not_simulated("PublishSecretsInAWSSecretsManager"));
    }
    check_flows(&members)?;
    check_validity(&members)?;
    check_attributes(&members, settings)?;
    Ok(members)
}

/// Refuses flows that exclude each other.
///
/// The names without `ALLOW_` are legacy names, which can't be mixed with the new ones.
///
/// Rotation of refresh tokens works only with GetTokensFromRefreshToken, so the flow for refreshing must be off.
///
/// # Errors
/// `InvalidParameterException` for the first two rules, with messages of our own; `InvalidOAuthFlowException` for
/// `client_credentials` together with another grant.
fn check_flows(members: &Members) -> Result<(), ApiError> {
    let array = |name: &str| {
        members
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let flows = array("ExplicitAuthFlows");
    let is_new = |flow: &Value| flow.as_str().is_some_and(|flow| flow.starts_with("ALLOW_"));
    if flows.iter().any(is_new) && !flows.iter().all(is_new) {
        return Err(ApiError::invalid_parameter(
            "ExplicitAuthFlows takes names with ALLOW_ or names without it, not both.",
        ));
    }
    let rotates = members
        .get("RefreshTokenRotation")
        .is_some_and(|rotation| rotation.get("Feature") == Some(&json!("ENABLED")));
    if rotates && flows.contains(&json!("ALLOW_REFRESH_TOKEN_AUTH")) {
        return Err(ApiError::invalid_parameter(
            "RefreshTokenRotation can't be enabled together with ALLOW_REFRESH_TOKEN_AUTH.",
        ));
    }
    let grants = array("AllowedOAuthFlows");
    if grants.contains(&json!("client_credentials")) && grants.len() > 1 {
        let message = "client_credentials flow can not be selected along with code flow or implicit flow.";
        return Err(ApiError::new("InvalidOAuthFlowException", message));
    }
    Ok(())
}

/// Checks the lifetimes of tokens: five minutes to a day for access and ID tokens, an hour to ten years for refresh tokens.
///
/// The default unit is hours for access and ID tokens, and days for refresh tokens.
///
/// # Errors
/// `InvalidParameterException` with the member and its range in seconds. The message is ours.
fn check_validity(members: &Members) -> Result<(), ApiError> {
    let tokens = [
        ("AccessTokenValidity", "AccessToken", HOUR, 5 * MINUTE, DAY),
        ("IdTokenValidity", "IdToken", HOUR, 5 * MINUTE, DAY),
        ("RefreshTokenValidity", "RefreshToken", DAY, HOUR, 3650 * DAY),
    ];
    for (member, token, default_unit, least, most) in tokens {
        let Some(number) = members.get(member).and_then(Value::as_i64) else {
            continue;
        };
        let unit = members
            .get("TokenValidityUnits")
            .and_then(|units| units.get(token)?.as_str());
        let unit = match unit {
            Some("seconds") => 1,
            Some("minutes") => MINUTE,
            Some("hours") => HOUR,
            Some("days") => DAY,
            _ => default_unit,
        };
        if !(least..=most).contains(&number.saturating_mul(unit)) {
            let message = format!(
                "Invalid range for {member}: it must be {least} to {most} seconds, in its unit of TokenValidityUnits."
            );
            return Err(ApiError::invalid_parameter(message));
        }
    }
    Ok(())
}

/// Refuses attributes that aren't in the schema of the pool.
///
/// # Errors
/// `InvalidParameterException` for the first list with an unknown attribute.
fn check_attributes(members: &Members, settings: &Settings) -> Result<(), ApiError> {
    for (member, kind) in [("ReadAttributes", "read"), ("WriteAttributes", "write")] {
        let mut names = members
            .get(member)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let known = |name: &Value| {
            name.as_str()
                .is_some_and(|name| settings.attribute(name).is_some())
        };
        if !names.all(known) {
            let message = format!("Invalid {kind} attributes specified while creating a client");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    Ok(())
}
