//! Post authentication: runs after a successful sign-in, to count, record or report it.
//!
//! [AWS: post authentication Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html).
//! Cognito waits for the answer. An error fails the sign-in, and the user reads `PostAuthentication failed with error …`. A
//! sign-in with a temporary password runs it twice.
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

/// The post authentication trigger.
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
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html",
    )
};

trigger::sources! {
    /// When the trigger runs.
    prefix "PostAuthentication";
    /// A sign-in has succeeded. For federated users it runs from the second sign-in on.
    Authentication = "Authentication",
}

/// The user who has signed in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// Whether the user came from a new device. Always false unless the pool remembers devices.
    #[serde(default, deserialize_with = "lenient::boolean_or_false")]
    pub new_device_used: bool,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge; never that of InitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// Empty: there is nothing to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
