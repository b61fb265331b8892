//! Post confirmation: runs after a user has confirmed a new account or a new password.
//!
//! [AWS: post confirmation Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html).
//! Cognito waits for the answer. An error fails the call although the user is already confirmed: the user reads
//! `PostConfirmation failed with error …` and can't confirm again. So don't reject here.
//!
#![doc = include_str!("../../docs/post_confirmation.md")]

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The post confirmation trigger.
pub struct PostConfirmation;

impl trigger::sealed::Sealed for PostConfirmation {}

impl Trigger for PostConfirmation {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::PostConfirmation);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    ..Definition::new(
        Route::PostConfirmation,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html",
    )
};

trigger::sources! {
    /// What the user has confirmed.
    prefix "PostConfirmation";
    /// A new account: by a code, by an administrator, by the answer of pre sign-up, or by the first federated sign-in.
    ConfirmSignUp = "ConfirmSignUp",
    /// A new password in place of a forgotten one.
    ConfirmForgotPassword = "ConfirmForgotPassword",
}

/// The user who has confirmed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// `ClientMetadata` of ConfirmSignUp, AdminConfirmSignUp, ConfirmForgotPassword and SignUp.
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
