//! The settings of a user pool: which ones `UpdateUserPool` takes, and which ones it can't change.
//!
//! Each member of `DescribeUserPool` is in one of the two lists. If a description has a member that is in neither, nothing is
//! written, because the update might reset its setting.
//!
//! Source: AWS's service model of `cognito-idp`, API version 2016-04-18, as botocore 1.44.5 has it. The script
//! `tests/wiring/settings.py` compares the lists with the botocore that is installed.

/// Members that `DescribeUserPool` gives and `UpdateUserPool` takes, in the same shape.
///
/// `UpdateUserPool` sets each one that its input doesn't name back to its default.
/// ```
/// use cognito_triggers_wiring::wire::{READ_ONLY, SETTABLE};
///
/// assert!(SETTABLE.contains(&"MfaConfiguration") && READ_ONLY.contains(&"Arn"));
/// assert!(SETTABLE.iter().all(|name| !READ_ONLY.contains(name)));
/// ```
pub const SETTABLE: &[&str] = &[
    "AccountRecoverySetting",
    "AcrConfiguration",
    "AdminCreateUserConfig",
    "AutoVerifiedAttributes",
    "DcrConfiguration",
    "DeletionProtection",
    "DeviceConfiguration",
    "EmailConfiguration",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "IssuerConfiguration",
    "KeyConfiguration",
    "LambdaConfig",
    "MfaConfiguration",
    "Policies",
    "SmsAuthenticationMessage",
    "SmsConfiguration",
    "SmsVerificationMessage",
    "UserAttributeUpdateSettings",
    "UserPoolAddOns",
    "UserPoolTags",
    "UserPoolTier",
    "VerificationMessageTemplate",
];

/// Members that `DescribeUserPool` gives and `UpdateUserPool` neither takes nor resets.
///
/// `Id` and `Name` are what its input calls `UserPoolId` and `PoolName`.
pub const READ_ONLY: &[&str] = &[
    "AliasAttributes",
    "Arn",
    "CreationDate",
    "CustomDomain",
    "Domain",
    "EmailConfigurationFailure",
    "EstimatedNumberOfUsers",
    "Id",
    "LastModifiedDate",
    "Name",
    "SchemaAttributes",
    "SmsConfigurationFailure",
    "Status",
    "UsernameAttributes",
    "UsernameConfiguration",
];
