//! Samples of the route `inbound_federation`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { InboundFederation "inbound_federation":
    InboundFederation_ExternalProvider "external-provider", Captured, links::INBOUND_LOG,
        "Every value is a string: `aud` is a bracketed list, `iat` and `exp` are dates as Java prints them.";
    InboundFederation_ExternalProvider "external-provider" / "nested-objects", Captured, links::INBOUND_LOG,
        "A nested object of the provider arrives as JSON text.";
    InboundFederation_ExternalProvider "external-provider" / "user-info-empty", Documented, links::INBOUND,
        "`userInfo` can be {}, and `tokenResponse` doesn't always have a refresh token.";
    InboundFederation_ExternalProvider "external-provider" / "prefixed-user-name", Documented, links::INBOUND,
        "AWS's page shows the user name with the provider's name in front; others saw the bare subject.";
    InboundFederation_ExternalProvider "external-provider" / "saml", Documented, links::GO_SAML,
        "A SAML provider has only `samlResponse`: its attributes under the names of the assertion.";
    InboundFederation_ExternalProvider "external-provider" / "facebook", Inferred, links::INBOUND,
        "Facebook issues no ID token, so `idToken` is absent and the subject is called `id`.";
    InboundFederation_ExternalProvider "external-provider" / "google", Inferred, links::INBOUND,
        "Google sends its claims in `idToken` and in `userInfo`.";
    InboundFederation_ExternalProvider "external-provider" / "apple", Inferred, links::INBOUND,
        "Apple has no profile beyond its ID token, and its address may be a relay.";
    InboundFederation_ExternalProvider "external-provider" / "amazon", Inferred, links::INBOUND,
        "Login with Amazon calls the subject `user_id` and issues no ID token.";
};
