//! Errors of a deployment: CloudFormation, SAM, Serverless and UpdateUserPool.

use crate::explain::errors::error_text::{ErrorText, error_texts};

/// The reference of `LambdaConfig`.
const CONFIG: &str =
    "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html";

/// Texts that come before any trigger runs.
pub(super) const ROWS: &[ErrorText] = error_texts! {
    "Circular dependency between resources: […]" in "ValidationError" or "Circular dependency between resources…", "Template error: Circular dependency between resources…";
        "Resources of the template need each other, so CloudFormation can create none of them first.";
        "The pool names the function in `LambdaConfig`, and the function's permission, policy or environment names the pool.",
        "The policy of the KMS key or of the function's role names the pool.";
        "Break the circle in the permission: `SourceArn` with `!Sub arn:…:userpool/*`, or `SourceAccount`; read the pool's id from the event (`event.user_pool_id()`) instead of the environment. `cargo cognito check` names the circle.";
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html";
    "SMS configuration and Auto verification for phone_number are required when MFA is required/optional" in "InvalidParameterException"
        or "SMS configuration and Auto verification for phone_number are required when MFA is required/optional…";
        "The pool has second factors and no way to send text messages.";
        "`MfaConfiguration` is `ON` or `OPTIONAL`, and `SmsConfiguration` is absent. Whether a `CustomSMSSender` takes its place isn't known.",
        "Only an authenticator app or email is meant, and CloudFormation creates the pool before it sets `EnabledMfas`.";
        "Give the pool an `SmsConfiguration` with a role, or set the factors with SetUserPoolMfaConfig after the pool exists.";
        "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2221";
    "ValidationError";
        "CloudFormation refuses the template before it creates anything.";
        "A name that the template doesn't have, resources that need each other, or a section of the wrong type; the words after the error say which.";
        "Pass the whole text to `cargo cognito explain`. `cargo cognito check` finds wrong names and circles in the wiring of a pool.";
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html";
    "Cognito trigger \"…\" defined multiple times." or "Cognito trigger … defined multiple times…", "Cognito trigger … is already defined…";
        "SAM found two functions, or a function and `LambdaConfig`, that set one trigger of a pool.";
        "Two functions have an event of the type `Cognito` with the same trigger.",
        "The pool's `LambdaConfig` sets the trigger as well.";
        "Leave one of them: a trigger of a pool calls one function.";
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-cognito.html";
    "1 validation error detected: Value … at 'userPoolConfiguration.lambdaConfig.…' failed to satisfy constraint: …" in "InvalidParameterException"
        or "1 validation error detected: Value at 'userPoolConfiguration.lambdaConfig.…' failed…", "1 validation error detected: Value … at 'lambdaConfig.…' failed…", "1 validation error detected: Value at 'lambdaConfig.…' failed…";
        "A value of `LambdaConfig` isn't what its key takes.";
        "The key takes the ARN of a function, and the value is a name, empty, or an object.",
        "`PreTokenGenerationConfig`, `CustomSMSSender`, `CustomEmailSender` and `InboundFederation` take `{LambdaVersion, LambdaArn}`.";
        "Write the ARN, in a template `!GetAtt Function.Arn`. `cargo cognito wire` writes a correct `LambdaConfig`.";
        CONFIG;
    "Cognito is not allowed to use your email identity" in "InvalidEmailRoleAccessPolicyException" or "Cognito is not allowed to use your email identity…";
        "Amazon SES doesn't let Cognito send from the address that the pool names.";
        "The identity's sending authorization policy has no statement for Cognito, or the identity isn't verified.",
        "`SourceArn` names an identity in a region that the pool can't use.";
        "Verify the identity in Amazon SES, and allow `email.cognito-idp.amazonaws.com` to send from it, or let the pool create the service-linked role.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html";
    "Role does not have a trust relationship allowing Cognito to assume the role" in "InvalidSmsRoleTrustRelationshipException" or "Role does not have a trust relationship allowing Cognito…";
        "The IAM role for SMS doesn't trust Cognito.";
        "The role's trust policy lacks `cognito-idp.amazonaws.com`, or names another `sts:ExternalId`.";
        "Correct the trust policy of the role in `SmsConfiguration`.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-sms-settings.html";
    "Role does not have permission to publish with SNS" in "InvalidSmsRoleAccessPolicyException" or "Role does not have permission to publish with SNS…";
        "The IAM role for SMS may not send messages.";
        "The role's policy lacks `sns:Publish`.";
        "Allow `sns:Publish` on `*` in the role of `SmsConfiguration`.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-sms-settings.html";
    "User pool … does not exist." in "ResourceNotFoundException" or "User pool client … does not exist.", "Group not found.";
        "The region has no such user pool, app client or group.";
        "The id belongs to another region, account or stage.",
        "The pool, client or group was deleted.";
        "Compare the id and the region of the call with the pool. A pool's id begins with its region.";
        CONFIG;
};
