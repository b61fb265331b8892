//! After somebody has confirmed a new account or a new password: write a record, add to a group, send a welcome.
//!
//! [AWS: post confirmation Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html).
//! Cognito waits for the answer, and an error fails the call although the user is already confirmed: the person reads
//! `PostConfirmation failed with error …` and can't confirm a second time. Reject nothing here.
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

/// The trigger after confirmation.
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
        "PostConfirmation",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html",
    )
};

trigger::sources! {
    /// What was confirmed.
    prefix "PostConfirmation";
    /// A new account is confirmed: by code, by an administrator, within the sign-up where pre sign-up confirmed it, or by the first federated sign-in.
    ConfirmSignUp = "ConfirmSignUp",
    /// A forgotten password was replaced.
    ConfirmForgotPassword = "ConfirmForgotPassword",
}

/// What Cognito tells after a confirmation.
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

/// Nothing is left to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
