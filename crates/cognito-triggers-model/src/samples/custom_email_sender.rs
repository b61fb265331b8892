//! Samples of the route `custom_email_sender`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { CustomEmailSender "custom_email_sender":
    CustomEmailSender_SignUp "sign-up", Captured, links::TYPES_SENDER,
        "The event has no `response` at all, and `clientMetadata` is null, not absent, when none was sent.";
    CustomEmailSender_SignUp "sign-up" / "client-metadata", Documented, links::EMAIL_SENDER,
        "`clientMetadata` arrives as a map of strings when the app sent some.";
    CustomEmailSender_ResendCode "resend-code", Inferred, links::SENDER_CODE,
        "`code` is a message of the AWS Encryption SDK in base64, made without key commitment.";
    CustomEmailSender_ForgotPassword "forgot-password", Captured, links::OBSERVED_FLOWS,
        "The event for a forgotten password has no `response` and a null `clientMetadata` as well.";
    CustomEmailSender_UpdateUserAttribute "update-user-attribute", Inferred, links::EMAIL_SENDER,
        "A changed address is verified with a code under this source, also if an administrator changed it.";
    CustomEmailSender_VerifyUserAttribute "verify-user-attribute", Inferred, links::EMAIL_SENDER,
        "A signed-in user asked for a code to verify the address.";
    CustomEmailSender_AdminCreateUser "admin-create-user", Captured, links::OBSERVED_FLOWS,
        "An invitation has the client id CLIENT_ID_NOT_APPLICABLE, and its code is the temporary password.";
    CustomEmailSender_Authentication "authentication", Documented, links::EMAIL_SENDER,
        "A second factor or a one-time password by email has eight digits.";
    CustomEmailSender_AccountTakeOverNotification "account-take-over-notification", Captured,
        links::TYPES_SENDER,
        "A security notice has no code and attributes of its own, without `email`: the address must be looked up.";
    CustomEmailSender_AccountTakeOverNotification "account-take-over-notification" / "blocked", Captured,
        links::TYPES_SENDER,
        "`ACCOUNT_TAKE_OVER_ACTION` is BLOCK when the sign-in was refused.";
    CustomEmailSender_AccountTakeOverNotification "account-take-over-notification" / "mfa-required", Captured,
        links::TYPES_SENDER,
        "`ACCOUNT_TAKE_OVER_ACTION` is MFA_REQUIRED when a second factor was demanded.";
    CustomEmailSender_AccountTakeOverNotification "account-take-over-notification" / "place-null", Captured,
        links::TYPES_SENDER,
        "`CITY`, `COUNTRY` and `DEVICE_NAME` are null when they aren't known: attributes aren't always strings.";
    CustomEmailSender_AccountTakeOverNotification "account-take-over-notification" / "caller-context-null", Captured,
        links::TYPES_SENDER,
        "In a security notice both fields of `callerContext` can be null.";
};
