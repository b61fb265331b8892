//! Samples of the triggers around sign-up.

use super::{Sample, links, table};

pub(super) static PRE_SIGN_UP: &[Sample] = table! { "pre_sign_up":
    PreSignUp_SignUp "sign-up", Captured, links::LOCALSTACK_SIGN_UP,
        "Before a sign-up there is no `sub` and no status yet; `validationData` is null when none was sent.";
    PreSignUp_SignUp "sign-up" / "validation-data", Documented, links::PRE_SIGN_UP,
        "What the app sent as `ValidationData` arrives as a map of strings.";
    PreSignUp_SignUp "sign-up" / "client-metadata", Documented, links::PRE_SIGN_UP,
        "`clientMetadata` is there only when the app sent some; else the key is absent.";
    PreSignUp_SignUp "sign-up" / "custom-attributes", Captured, links::PRE_SIGN_UP,
        "Custom attributes stand beside the others, their names begin with `custom:`.";
    PreSignUp_SignUp "sign-up" / "phone-only", Inferred, links::PRE_SIGN_UP,
        "An attribute that a person didn't give is absent, `email` too.";
    PreSignUp_AdminCreateUser "admin-create-user", Captured, links::ROUTER_RUNS,
        "A user whom an administrator creates comes with the client id CLIENT_ID_NOT_APPLICABLE.";
    PreSignUp_AdminCreateUser "admin-create-user" / "validation-data", Documented, links::TRIGGERS,
        "AdminCreateUser hands on its `ValidationData` as SignUp does.";
    PreSignUp_AdminCreateUser "admin-create-user" / "client-metadata", Documented, links::PRE_SIGN_UP,
        "AdminCreateUser hands on its `ClientMetadata` as SignUp does.";
    PreSignUp_ExternalProvider "external-provider", Captured, links::FEDERATION_LOG,
        "At the first federated sign-in `validationData` is {} and both alias attributes are empty strings.";
    PreSignUp_ExternalProvider "external-provider" / "case-sensitive-pool", Captured, links::FEDERATED_SIGN_IN,
        "A federated user name is `<provider>_<subject>`; only a case-sensitive pool keeps its capitals.";
};

pub(super) static POST_CONFIRMATION: &[Sample] = table! { "post_confirmation":
    PostConfirmation_ConfirmSignUp "confirm-sign-up", Captured, links::POST_CONFIRMATION,
        "A person who entered the code is CONFIRMED by now, and `email_verified` is the string \"true\".";
    PostConfirmation_ConfirmSignUp "confirm-sign-up" / "email-alias", Captured, links::POST_CONFIRMATION,
        "Where the address serves to sign in, it is there a second time as `cognito:email_alias`.";
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
