//! Samples of the route `pre_sign_up`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { PreSignUp "pre_sign_up":
    PreSignUp_SignUp "sign-up", Captured, links::LOCALSTACK_SIGN_UP,
        "Before a sign-up there is no `sub` and no status yet; `validationData` is null when none was sent.";
    PreSignUp_SignUp "sign-up" / "validation-data", Documented, links::PRE_SIGN_UP,
        "What the app sent as `ValidationData` arrives as a map of strings.";
    PreSignUp_SignUp "sign-up" / "client-metadata", Documented, links::PRE_SIGN_UP,
        "`clientMetadata` is there only when the app sent some; otherwise the key is absent.";
    PreSignUp_SignUp "sign-up" / "custom-attributes", Captured, links::PRE_SIGN_UP,
        "Custom attributes are listed with the others; their names begin with `custom:`.";
    PreSignUp_SignUp "sign-up" / "phone-only", Inferred, links::PRE_SIGN_UP,
        "An attribute that the user didn't give is absent, `email` too.";
    PreSignUp_AdminCreateUser "admin-create-user", Captured, links::ROUTER_RUNS,
        "A user whom an administrator creates comes with the client id CLIENT_ID_NOT_APPLICABLE.";
    PreSignUp_AdminCreateUser "admin-create-user" / "validation-data", Documented, links::TRIGGERS,
        "AdminCreateUser passes on its `ValidationData` as SignUp does.";
    PreSignUp_AdminCreateUser "admin-create-user" / "client-metadata", Documented, links::PRE_SIGN_UP,
        "AdminCreateUser passes on its `ClientMetadata` as SignUp does.";
    PreSignUp_ExternalProvider "external-provider", Captured, links::FEDERATION_LOG,
        "At the first federated sign-in `validationData` is {} and both alias attributes are empty strings.";
    PreSignUp_ExternalProvider "external-provider" / "case-sensitive-pool", Captured, links::FEDERATED_SIGN_IN,
        "A federated user name is `<provider>_<subject>`; only a case-sensitive pool keeps its capitals.";
};
