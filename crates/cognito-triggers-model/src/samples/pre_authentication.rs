//! Samples of the route `pre_authentication`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { PreAuthentication "pre_authentication":
    PreAuthentication_Authentication "authentication", Captured, links::POWERTOOLS_PARSER,
        "`validationData` is null when nothing was sent; `userNotFound` is absent if the client reveals which users exist.";
    PreAuthentication_Authentication "authentication" / "validation-data", Documented, links::PRE_AUTHENTICATION,
        "What the app gave InitiateAuth as `ClientMetadata` arrives here as `validationData`.";
    PreAuthentication_Authentication "authentication" / "validation-data-empty", Captured, links::EMPTY_VALIDATION,
        "`validationData` was also seen as {} for a user of the pool.";
    PreAuthentication_Authentication "authentication" / "federated", Captured, links::FEDERATION_LOG,
        "A federated sign-in, from the second on, has `validationData` {} and the user's `identities`.";
    PreAuthentication_Authentication "authentication" / "user-not-found-false", Captured, links::POWERTOOLS_VALIDATION,
        "A client that prevents user existence errors gets `userNotFound` in every event, false for a known user.";
    PreAuthentication_Authentication "authentication" / "user-not-found", Inferred, links::PRE_AUTHENTICATION,
        "For an unknown user `userNotFound` is true and there are no attributes, not even `sub`.";
    PreAuthentication_Authentication "authentication" / "email-verified-capital", Captured, links::PRE_AUTHENTICATION,
        "`email_verified` holds what was written to it: \"True\" if Python code set it.";
    PreAuthentication_Authentication "authentication" / "without-user-attributes", Documented, links::TRIGGERS,
        "AWS's documentation has an event of this trigger without `userAttributes`.";
};
