//! Samples of the route `custom_sms_sender`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { CustomSmsSender "custom_sms_sender":
    CustomSMSSender_SignUp "sign-up", Documented, links::POWERTOOLS_SMS,
        "The event has no `response` at all, and `type` is customSMSSenderRequestV1.";
    CustomSMSSender_ResendCode "resend-code", Inferred, links::SMS_SENDER,
        "A code that is sent again has its own source.";
    CustomSMSSender_ForgotPassword "forgot-password", Inferred, links::SMS_SENDER,
        "The code that resets a password goes to `phone_number`.";
    CustomSMSSender_UpdateUserAttribute "update-user-attribute", Inferred, links::SMS_SENDER,
        "A changed phone number is verified with a code; until then it isn't verified.";
    CustomSMSSender_VerifyUserAttribute "verify-user-attribute", Inferred, links::SMS_SENDER,
        "A signed-in user asked for a code to verify the number.";
    CustomSMSSender_AdminCreateUser "admin-create-user", Inferred, links::SMS_SENDER,
        "For an invited user, the code is the temporary password, with < and > written as &lt; and &gt;.";
    CustomSMSSender_Authentication "authentication", Inferred, links::SMS_SENDER,
        "A second factor or a one-time password by text message; the latter has eight digits.";
    CustomSMSSender_Authentication "authentication" / "client-metadata", Documented, links::SMS_SENDER,
        "`clientMetadata` of RespondToAuthChallenge arrives as a map of strings; no other call fills it.";
};
