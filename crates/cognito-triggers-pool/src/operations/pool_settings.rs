//! Settings of a user pool, with defaults for those that a call leaves out.
//!
//! The defaults and rules are those of AWS's API reference for CreateUserPool and UpdateUserPool. A pool is
//! stored with its defaults filled in, so that DescribeUserPool returns the effective settings.

use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_model::lambda_config::Key;
use serde_json::{Map, Value, json};

use super::pool_rules::{check_tier, check_together};
use crate::error::ApiError;

type Members = Map<String, Value>;

/// Members that can't be changed after CreateUserPool.
pub(super) const FIXED: [&str; 3] = ["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"];

/// Members that UpdateUserPool keeps if they are left out: documented for `DcrConfiguration`, inferred for the others.
pub(super) const KEPT: [&str; 5] = [
    "UserPoolTags",
    "DcrConfiguration",
    "KeyConfiguration",
    "IssuerConfiguration",
    "AcrConfiguration",
];

/// Members that are copied from the input as sent.
const PLAIN: [&str; 13] = [
    "AutoVerifiedAttributes",
    "SmsVerificationMessage",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "SmsAuthenticationMessage",
    "UserPoolTags",
    "UserPoolAddOns",
    "AccountRecoverySetting",
    "DcrConfiguration",
    "KeyConfiguration",
    "IssuerConfiguration",
    "AcrConfiguration",
    "SmsConfiguration",
];

/// The members of a pool that can be changed, each as sent or with its default.
///
/// `region` is that of the pool. The defaults are:
///
/// - no deletion protection and no MFA, the plan `ESSENTIALS`;
/// - passwords of eight characters with an uppercase letter, a lowercase letter, a digit and a symbol;
/// - temporary passwords of 7 days;
/// - codes rather than links, and Cognito's own email.
///
/// # Errors
/// `InvalidParameterException` or `FeatureUnavailableInTierException` for the first setting that is refused.
pub(super) fn complete(input: &Members, region: &str) -> Result<Members, ApiError> {
    let mut members: Members = PLAIN
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), input.get(*name)?.clone())))
        .collect();
    let policies = policies(input.get("Policies"))?;
    let days = policies
        .pointer("/PasswordPolicy/TemporaryPasswordValidityDays")
        .cloned();
    let tier = input
        .get("UserPoolTier")
        .cloned()
        .unwrap_or_else(|| json!("ESSENTIALS"));
    let defaulted = [
        ("DeletionProtection", json!("INACTIVE")),
        ("MfaConfiguration", json!("OFF")),
        (
            "UserAttributeUpdateSettings",
            json!({ "AttributesRequireVerificationBeforeUpdate": [] }),
        ),
    ];
    for (name, default) in defaulted {
        members.insert(name.to_owned(), input.get(name).cloned().unwrap_or(default));
    }
    let invitations = invitations(
        input.get("AdminCreateUserConfig"),
        days.unwrap_or_else(|| json!(7)),
    )?;
    let built = [
        ("Policies", policies),
        ("UserPoolTier", tier),
        ("LambdaConfig", lambda_config(input.get("LambdaConfig"))?),
        (
            "VerificationMessageTemplate",
            verification(input.get("VerificationMessageTemplate"))?,
        ),
        ("EmailConfiguration", email(input.get("EmailConfiguration"))?),
        ("AdminCreateUserConfig", invitations),
    ];
    members.extend(built.map(|(name, value)| (name.to_owned(), value)));
    if let Some(devices) = input.get("DeviceConfiguration") {
        let off = [
            ("ChallengeRequiredOnNewDevice", json!(false)),
            ("DeviceOnlyRememberedOnUserPrompt", json!(false)),
        ];
        members.insert("DeviceConfiguration".to_owned(), with_defaults(devices, off));
    }
    if let Some(registration) = members.get_mut("DcrConfiguration") {
        *registration = with_defaults(registration, [("EnableStatus", json!("Enabled"))]);
    }
    if let Some(sms) = members.get_mut("SmsConfiguration") {
        complete_sms(sms, region)?;
    }
    check_together(&members)?;
    check_tier(input, &members)?;
    Ok(members)
}

/// The members that can't be changed after CreateUserPool, as sent.
///
/// # Errors
/// `InvalidParameterException` if both kinds of aliases are sent.
pub(super) fn fixed(input: &Members) -> Result<Members, ApiError> {
    if input.contains_key("AliasAttributes") && input.contains_key("UsernameAttributes") {
        return Err(ApiError::invalid_parameter(
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
        ));
    }
    let sent = FIXED
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), input.get(*name)?.clone())));
    Ok(sent.collect())
}

/// The password policy and the sign-in policy, each with its defaults.
///
/// # Errors
/// `InvalidParameterException` for `SOFTWARE_TOKEN` as a first factor.
fn policies(given: Option<&Value>) -> Result<Value, ApiError> {
    let given = given.and_then(Value::as_object);
    let mut password = match given.and_then(|policies| policies.get("PasswordPolicy")) {
        // In a policy that is sent, a missing flag means false.
        Some(sent) => with_defaults(sent, password_policy(false)),
        None => with_defaults(&json!({}), password_policy(true)),
    };
    if let Some(policy) = password.as_object_mut() {
        // For both members, 0 means the default.
        if policy.get("TemporaryPasswordValidityDays") == Some(&json!(0)) {
            policy.insert("TemporaryPasswordValidityDays".to_owned(), json!(7));
        }
        if policy.get("PasswordHistorySize") == Some(&json!(0)) {
            policy.remove("PasswordHistorySize");
        }
    }
    let factors = given.and_then(|policies| policies.get("SignInPolicy")?.get("AllowedFirstAuthFactors"));
    let factors = factors.cloned().unwrap_or_else(|| json!(["PASSWORD"]));
    if factors
        .as_array()
        .is_some_and(|factors| factors.contains(&json!("SOFTWARE_TOKEN")))
    {
        return Err(ApiError::invalid_parameter(
            "SOFTWARE_TOKEN isn't supported in AllowedFirstAuthFactors of a user pool.",
        ));
    }
    Ok(json!({ "PasswordPolicy": password, "SignInPolicy": { "AllowedFirstAuthFactors": factors } }))
}

/// The default password policy. `required` is the default of its flags.
fn password_policy(required: bool) -> [(&'static str, Value); 6] {
    [
        ("MinimumLength", json!(8)),
        ("RequireUppercase", json!(required)),
        ("RequireLowercase", json!(required)),
        ("RequireNumbers", json!(required)),
        ("RequireSymbols", json!(required)),
        ("TemporaryPasswordValidityDays", json!(7)),
    ]
}

/// `LambdaConfig` of the pool. The token function is set in two members, `PreTokenGeneration` and `PreTokenGenerationConfig`.
///
/// If only one of the two is sent, the other is derived from it. The default version is `V1_0`.
///
/// # Errors
/// The two members name different functions, or a custom sender has no key for encrypting codes.
fn lambda_config(given: Option<&Value>) -> Result<Value, ApiError> {
    let mut config = given.and_then(Value::as_object).cloned().unwrap_or_default();
    let versioned = config
        .get("PreTokenGenerationConfig")
        .and_then(|versioned| versioned.get("LambdaArn"))
        .cloned();
    match (config.get("PreTokenGeneration").cloned(), versioned) {
        (Some(legacy), Some(versioned)) if legacy != versioned => {
            return Err(ApiError::invalid_parameter(
                "PreTokenGeneration and PreTokenGenerationConfig must name the same function.",
            ));
        }
        (None, Some(versioned)) => {
            config.insert("PreTokenGeneration".to_owned(), versioned);
        }
        (Some(legacy), None) => {
            let versioned = json!({ "LambdaVersion": "V1_0", "LambdaArn": legacy });
            config.insert("PreTokenGenerationConfig".to_owned(), versioned);
        }
        _ => {}
    }
    let mut keys = config.keys().filter_map(|name| Key::from_name(name));
    let has_sender = keys.any(Key::is_custom_sender);
    match config.get("KMSKeyID").and_then(Value::as_str) {
        None if has_sender => {
            return Err(ApiError::invalid_parameter(
                "A custom sender needs KMSKeyID in LambdaConfig.",
            ));
        }
        Some(key) if has_sender && LocalKey::new(key).is_err() => {
            return Err(ApiError::invalid_parameter(
                "KMSKeyID must be the full ARN of a key.",
            ));
        }
        _ => {}
    }
    Ok(Value::Object(config))
}

/// The template of messages with a code or a link.
///
/// # Errors
/// `InvalidParameterException` if both a template with a code and one with a link are sent. The message is ours.
fn verification(given: Option<&Value>) -> Result<Value, ApiError> {
    let template = given.cloned().unwrap_or_else(|| json!({}));
    if template.get("EmailMessage").is_some() && template.get("EmailMessageByLink").is_some() {
        return Err(ApiError::invalid_parameter(
            "EmailMessage and EmailMessageByLink can't be set in one VerificationMessageTemplate.",
        ));
    }
    Ok(with_defaults(
        &template,
        [("DefaultEmailOption", json!("CONFIRM_WITH_CODE"))],
    ))
}

/// How the pool would send email. Nothing is sent here.
///
/// # Errors
/// `InvalidParameterException` if the account is `DEVELOPER` and no identity is named. The message is ours.
fn email(given: Option<&Value>) -> Result<Value, ApiError> {
    let configuration = given.cloned().unwrap_or_else(|| json!({}));
    let configuration = with_defaults(
        &configuration,
        [("EmailSendingAccount", json!("COGNITO_DEFAULT"))],
    );
    if configuration.get("EmailSendingAccount") == Some(&json!("DEVELOPER"))
        && configuration.get("SourceArn").is_none()
    {
        return Err(ApiError::invalid_parameter(
            "EmailConfiguration needs SourceArn when EmailSendingAccount is DEVELOPER.",
        ));
    }
    Ok(configuration)
}

/// How the pool would send SMS. Nothing is sent here.
///
/// # Errors
/// `InvalidParameterException` if both SNS and EUM are configured, or EUM in another region. The messages are ours.
pub(super) fn complete_sms(sms: &mut Value, region: &str) -> Result<(), ApiError> {
    if sms.get("SnsCallerArn").is_some() && sms.get("EumsSms").is_some() {
        return Err(ApiError::invalid_parameter(
            "SmsConfiguration takes SnsCallerArn or EumsSms, not both.",
        ));
    }
    let other_region = sms
        .pointer("/EumsSms/Region")
        .and_then(Value::as_str)
        .is_some_and(|sent| sent != region);
    if other_region {
        return Err(ApiError::invalid_parameter(
            "The Region of EumsSms must be that of the user pool.",
        ));
    }
    if sms.get("SnsCallerArn").is_some() {
        *sms = with_defaults(sms, [("SnsRegion", json!(region))]);
    }
    Ok(())
}

/// `UnusedAccountValidityDays` mirrors `TemporaryPasswordValidityDays`, which replaced it.
///
/// # Errors
/// `InvalidParameterException` if the two numbers of days differ, or an invitation lacks `{username}` or
/// `{####}`.
fn invitations(given: Option<&Value>, days: Value) -> Result<Value, ApiError> {
    let config = given.cloned().unwrap_or_else(|| json!({}));
    let sent = config.get("UnusedAccountValidityDays");
    if sent.is_some_and(|sent| *sent != json!(0) && *sent != days) {
        return Err(ApiError::invalid_parameter(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ));
    }
    for member in ["SMSMessage", "EmailMessage"] {
        let text = config
            .pointer(&format!("/InviteMessageTemplate/{member}"))
            .and_then(Value::as_str);
        if text.is_some_and(|text| !text.contains("{username}") || !text.contains("{####}")) {
            let message = format!("{member} of InviteMessageTemplate needs {{username}} and {{####}}.");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    let mut config = with_defaults(&config, [("AllowAdminCreateUserOnly", json!(false))]);
    if let Some(config) = config.as_object_mut() {
        config.insert("UnusedAccountValidityDays".to_owned(), days);
    }
    Ok(config)
}

/// An object, with a default for each member that is missing.
fn with_defaults<const COUNT: usize>(object: &Value, defaults: [(&str, Value); COUNT]) -> Value {
    let mut object = object.as_object().cloned().unwrap_or_default();
    for (name, value) in defaults {
        object.entry(name).or_insert(value);
    }
    Value::Object(object)
}
