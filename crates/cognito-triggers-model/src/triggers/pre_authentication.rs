//! Before a password is checked: let this sign-in go on or not.
//!
//! [AWS: pre authentication Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html).
//! It runs for wrong passwords too, once per sign-in; its error wins over a right password. It doesn't run when tokens
//! are refreshed, nor in custom authentication without a password step. An error stops the sign-in; the person reads
//! `PreAuthentication failed with error …`.
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

/// The trigger before a sign-in.
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
        "PreAuthentication",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html",
    )
};

trigger::sources! {
    /// Why it runs.
    prefix "PreAuthentication";
    /// A sign-in begins; for federated users from the second one on.
    Authentication = "Authentication",
}

/// What Cognito tells before a sign-in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes; empty for a user who doesn't exist.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// `ClientMetadata` of InitiateAuth and AdminInitiateAuth, which reaches no other trigger of a sign-in but user
    /// migration.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub validation_data: TextMap,
    /// Whether the user doesn't exist. `None` unless the app client has `PreventUserExistenceErrors` enabled; without
    /// it, the trigger isn't called for a user who doesn't exist.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub user_not_found: Option<bool>,
}

/// Nothing to answer: a sign-in goes on, or the handler returns an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
