//! After a sign-in has succeeded: count it, record it, tell somebody.
//!
//! [AWS: post authentication Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html).
//! Cognito waits for the answer, and an error fails the sign-in: the person reads `PostAuthentication failed with error
//! …`. A sign-in with a temporary password runs it twice.
//!
#![doc = include_str!("../../docs/post_authentication.md")]

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The trigger after a sign-in.
pub struct PostAuthentication;

impl trigger::sealed::Sealed for PostAuthentication {}

impl Trigger for PostAuthentication {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::PostAuthentication);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    ..Definition::new(
        Route::PostAuthentication,
        "PostAuthentication",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html",
    )
};

trigger::sources! {
    /// Why it runs.
    prefix "PostAuthentication";
    /// A sign-in has succeeded; for federated users from the second one on.
    Authentication = "Authentication",
}

/// What Cognito tells after a sign-in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// Whether the person came from a device not seen before. Says something only if the pool remembers devices; false
    /// otherwise.
    #[serde(default, deserialize_with = "lenient::boolean_or_false")]
    pub new_device_used: bool,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge; never that of InitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// Nothing is left to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
