//! Pre authentication: allows or refuses a sign-in before the password is checked.
//!
//! [AWS: pre authentication Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html).
//! It runs once per sign-in, for wrong passwords too. It doesn't run when tokens are refreshed, nor in a custom sign-in
//! without a password. An error ends the sign-in even if the password is correct, and the user reads `PreAuthentication
//! failed with error …`.
//!
#![doc = include_str!("../../docs/pre_authentication.md")]

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The pre authentication trigger.
pub struct PreAuthentication;

impl trigger::sealed::Sealed for PreAuthentication {}

impl Trigger for PreAuthentication {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::PreAuthentication);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    ..Definition::new(
        Route::PreAuthentication,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html",
    )
};

trigger::sources! {
    /// When the trigger runs.
    prefix "PreAuthentication";
    /// A sign-in begins. For federated users it runs from the second sign-in on.
    Authentication = "Authentication",
}

/// The user who wants to sign in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes; empty for a user who doesn't exist.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// `ClientMetadata` of InitiateAuth and AdminInitiateAuth. Of the other triggers of a sign-in, only user migration gets
    /// it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub validation_data: TextMap,
    /// Whether the user doesn't exist. `None` unless the app client has `PreventUserExistenceErrors` enabled; without it,
    /// the trigger doesn't run for a user who doesn't exist.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub user_not_found: Option<bool>,
}

/// Empty: the sign-in continues, unless the handler returns an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
