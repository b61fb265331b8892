//! The names of members and the values that Cognito chooses. They stay as they are in a recording, whatever a secret is.
//!
//! Everybody knows that a request has `ClientMetadata` or asks for `USER_PASSWORD_AUTH`, so this tells nothing, even if it is someone's
//! password. And a player finds the parts of a request by their names, and makes no call whose flow is another one.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::model;
use crate::redact::CHOICES;
use crate::state::standard_schema;

/// Members of `AuthParameters`, `ChallengeResponses` and `ChallengeParameters`, which are maps in the service model.
const PARAMETERS: [&str; 28] = [
    "ANSWER",
    "AVAILABLE_CHALLENGES",
    "CODE_DELIVERY_DELIVERY_MEDIUM",
    "CODE_DELIVERY_DESTINATION",
    "CREDENTIAL",
    "CREDENTIAL_REQUEST_OPTIONS",
    "DEVICE_GROUP_KEY",
    "DEVICE_KEY",
    "EMAIL_OTP_CODE",
    "FRIENDLY_DEVICE_NAME",
    "MFAS_CAN_SETUP",
    "NEW_PASSWORD",
    "PASSWORD",
    "PASSWORD_CLAIM_SECRET_BLOCK",
    "PASSWORD_CLAIM_SIGNATURE",
    "PREFERRED_CHALLENGE",
    "REFRESH_TOKEN",
    "SALT",
    "SECRET_BLOCK",
    "SECRET_HASH",
    "SMS_MFA_CODE",
    "SMS_OTP_CODE",
    "SOFTWARE_TOKEN_MFA_CODE",
    "SRP_A",
    "SRP_B",
    "TIMESTAMP",
    "USERNAME",
    "USER_ID_FOR_SRP",
];

/// Members of events and of what functions answer.
const EVENTS: [&str; 55] = [
    "accessTokenGeneration",
    "answerCorrect",
    "autoConfirmUser",
    "autoVerifyEmail",
    "autoVerifyPhone",
    "awsSdkVersion",
    "callerContext",
    "challengeAnswer",
    "challengeMetadata",
    "challengeName",
    "challengeResult",
    "claimsAndScopeOverrideDetails",
    "claimsOverrideDetails",
    "claimsToAddOrOverride",
    "claimsToSuppress",
    "clientId",
    "clientMetadata",
    "code",
    "codeParameter",
    "desiredDeliveryMediums",
    "emailMessage",
    "emailSubject",
    "enableSMSMFA",
    "failAuthentication",
    "finalUserStatus",
    "forceAliasCreation",
    "groupConfiguration",
    "groupOverrideDetails",
    "groupsToOverride",
    "iamRolesToOverride",
    "idTokenGeneration",
    "issueTokens",
    "linkParameter",
    "messageAction",
    "newDeviceUsed",
    "password",
    "preferredRole",
    "privateChallengeParameters",
    "publicChallengeParameters",
    "region",
    "request",
    "response",
    "scopes",
    "scopesToAdd",
    "scopesToSuppress",
    "session",
    "smsMessage",
    "triggerSource",
    "userAttributes",
    "userName",
    "userNotFound",
    "userPoolId",
    "usernameParameter",
    "validationData",
    "version",
];

/// Whether Cognito has members with this name.
pub(super) fn is_known(name: &str) -> bool {
    static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let listed = model::member_names().chain(PARAMETERS).chain(EVENTS);
        let attributes = standard_schema().into_iter().map(|attribute| attribute.name);
        listed.map(str::to_owned).chain(attributes).collect()
    });
    KNOWN.contains(name)
}

/// Whether a whole text is one of the values that Cognito's API has, such as `USER_PASSWORD_AUTH` or `EMAIL`.
pub(super) fn is_known_value(text: &str) -> bool {
    static KNOWN: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| model::enumerated_values().chain(CHOICES).collect());
    KNOWN.contains(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_the_api_are_known() {
        for value in ["USER_PASSWORD_AUTH", "SELECT_CHALLENGE", "EMAIL", "EMAIL_MFA"] {
            assert!(is_known_value(value), "{value}");
        }
        for value in ["", "Passw0rd!", "USER_PASSWORD", "SignUp"] {
            assert!(!is_known_value(value), "{value}");
        }
    }

    #[test]
    fn names_of_the_api_and_of_events_are_known() {
        for name in [
            "ClientMetadata",
            "AuthenticationResult",
            "USERNAME",
            "userAttributes",
            "email",
            "Value",
        ] {
            assert!(is_known(name), "{name}");
        }
        for name in ["custom:tenant", "Passw0rd!", "username", "claims"] {
            assert!(!is_known(name), "{name}");
        }
    }
}
