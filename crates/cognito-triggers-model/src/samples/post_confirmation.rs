//! Samples of the route `post_confirmation`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { PostConfirmation "post_confirmation":
    PostConfirmation_ConfirmSignUp "confirm-sign-up", Captured, links::POST_CONFIRMATION,
        "A user who entered the code is CONFIRMED by now, and `email_verified` is the string \"true\".";
    PostConfirmation_ConfirmSignUp "confirm-sign-up" / "email-alias", Captured, links::POST_CONFIRMATION,
        "If users sign in with the email address, `cognito:email_alias` repeats it.";
    PostConfirmation_ConfirmSignUp "confirm-sign-up" / "client-metadata", Captured, links::GO_CONFIRMATION,
        "`clientMetadata` of ConfirmSignUp arrives as a map of strings.";
    PostConfirmation_ConfirmSignUp "confirm-sign-up" / "mobile-sdk", Captured, links::POST_CONFIRMATION,
        "Some mobile SDKs name themselves and their version in `awsSdkVersion`.";
    PostConfirmation_ConfirmSignUp "confirm-sign-up" / "client-id-null", Captured, links::OBSERVED_FLOWS,
        "When an administrator confirms a user, `callerContext.clientId` is null.";
    PostConfirmation_ConfirmSignUp "confirm-sign-up" / "client-id-absent", Captured, links::ROUTER_RUNS,
        "When an administrator confirms a user, `callerContext.clientId` was also seen missing.";
    PostConfirmation_ConfirmSignUp "confirm-sign-up" / "federated", Captured, links::FEDERATION_LOG,
        "A federated user has the status EXTERNAL_PROVIDER and `identities`, a JSON array written as one string.";
    PostConfirmation_ConfirmForgotPassword "confirm-forgot-password", Captured, links::POST_CONFIRMATION,
        "The trigger also runs after a forgotten password was replaced.";
    PostConfirmation_ConfirmForgotPassword "confirm-forgot-password" / "client-metadata", Documented,
        links::POST_CONFIRMATION,
        "`clientMetadata` of ConfirmForgotPassword arrives as a map of strings.";
};
