//! Samples of the route `define_auth_challenge`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { DefineAuthChallenge "define_auth_challenge":
    DefineAuthChallenge_Authentication "authentication", Captured, links::DOTNET_DEFINE,
        "The first call of a sign-in without SRP has an empty `session`, and the answer's three fields are null.";
    DefineAuthChallenge_Authentication "authentication" / "user-not-found-false", Captured, links::USER_NOT_FOUND,
        "A client that prevents user existence errors gets `userNotFound` in every event, false for a known user.";
    DefineAuthChallenge_Authentication "authentication" / "user-not-found", Inferred, links::DEFINE,
        "An unknown user's sign-in takes the same steps, with `userNotFound` true and no attributes.";
    DefineAuthChallenge_Authentication "authentication" / "srp-a", Captured, links::DEFINE,
        "A sign-in that starts with SRP begins with one SRP_A entry, which is true before the password is proved.";
    DefineAuthChallenge_Authentication "authentication" / "password-verifier", Documented, links::DEFINE,
        "Once Cognito has checked the password, PASSWORD_VERIFIER follows SRP_A.";
    DefineAuthChallenge_Authentication "authentication" / "wrong-password", Inferred, links::DEFINE,
        "A PASSWORD_VERIFIER that failed is probably an entry with `challengeResult` false.";
    DefineAuthChallenge_Authentication "authentication" / "wrong-answer", Captured, links::RETRY,
        "A wrong answer is an entry with `challengeResult` false and doesn't end the sign-in; `challengeMetadata` can be null.";
    DefineAuthChallenge_Authentication "authentication" / "three-wrong-answers", Documented, links::DEFINE,
        "`session` keeps every attempt in order, so its length is the number of tries.";
    DefineAuthChallenge_Authentication "authentication" / "right-answer", Documented, links::DEFINE,
        "`challengeMetadata` is the string that the create trigger set for that challenge.";
    DefineAuthChallenge_Authentication "authentication" / "password-and-right-answer", Documented, links::DEFINE,
        "A custom challenge after the password is the third entry.";
    DefineAuthChallenge_Authentication "authentication" / "sms-mfa", Documented, links::DEFINE,
        "A second factor by text message follows the password by itself and shows as SMS_MFA.";
    DefineAuthChallenge_Authentication "authentication" / "email-otp", Documented, links::DEFINE,
        "A second factor by email shows as EMAIL_OTP.";
    DefineAuthChallenge_Authentication "authentication" / "software-token-mfa", Documented, links::DEFINE,
        "A second factor from an authenticator app shows as SOFTWARE_TOKEN_MFA.";
    DefineAuthChallenge_Authentication "authentication" / "device", Documented, links::DEFINE,
        "A remembered device shows as DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER.";
    DefineAuthChallenge_Authentication "authentication" / "admin-password", Documented, links::DEFINE,
        "A password that a server checked with admin credentials shows as ADMIN_NO_SRP_AUTH.";
    DefineAuthChallenge_Authentication "authentication" / "client-metadata", Documented, links::DEFINE,
        "`clientMetadata` comes from RespondToAuthChallenge, so the first call never has it.";
    DefineAuthChallenge_Authentication "authentication" / "default-value", Captured, links::DEFINE,
        "A required attribute that wasn't supplied holds the string cognito:default_val.";
};
