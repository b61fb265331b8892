//! Samples of the route `post_authentication`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { PostAuthentication "post_authentication":
    PostAuthentication_Authentication "authentication", Captured, links::POST_AUTHENTICATION,
        "`newDeviceUsed` is false wherever the pool doesn't remember devices.";
    PostAuthentication_Authentication "authentication" / "email-alias", Captured, links::POST_AUTHENTICATION,
        "The user name stays the pool's own, whichever alias the user signed in with.";
    PostAuthentication_Authentication "authentication" / "new-device", Documented, links::POST_AUTHENTICATION,
        "`newDeviceUsed` is true at the first sign-in from a device, if the pool remembers devices.";
    PostAuthentication_Authentication "authentication" / "client-metadata", Documented, links::POST_AUTHENTICATION,
        "`clientMetadata` comes from RespondToAuthChallenge, never from InitiateAuth.";
    PostAuthentication_Authentication "authentication" / "without-new-device-used", Inferred, links::POWERTOOLS_PARSER,
        "AWS's own types call `newDeviceUsed` optional; absent means false.";
    PostAuthentication_Authentication "authentication" / "force-change-password", Captured,
        links::POST_AUTHENTICATION,
        "An invited user's first sign-in ends while the status is still FORCE_CHANGE_PASSWORD.";
    PostAuthentication_Authentication "authentication" / "federated", Captured, links::FEDERATION_LOG,
        "A federated sign-in from the second on ends here with the status EXTERNAL_PROVIDER.";
};
