//! Before somebody is signed up: let them in or not, confirm them at once or not.
//!
//! [AWS: pre sign-up Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html).
//! An error stops the sign-up; the person reads `PreSignUp failed with error …`. It is the only trigger, but for
//! inbound federation, that runs before a federated user is stored.
//!
#![doc = include_str!("../../docs/pre_sign_up.md")]

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The trigger before sign-up.
pub struct PreSignUp;

impl trigger::sealed::Sealed for PreSignUp {}

impl Trigger for PreSignUp {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::PreSignUp);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    ..Definition::new(
        Route::PreSignUp,
        "PreSignUp",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html",
    )
};

trigger::sources! {
    /// Who is about to be signed up.
    prefix "PreSignUp";
    /// A person signs up, through the SignUp API or the sign-up page.
    SignUp = "SignUp",
    /// An administrator creates a user, or a migration does.
    AdminCreateUser = "AdminCreateUser",
    /// Somebody signs in through an identity provider for the first time.
    ExternalProvider = "ExternalProvider",
}

/// What Cognito tells before a sign-up. The password is never part of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// What the person or the identity provider supplied. No `sub` and no status yet: there is no user.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// `ValidationData` of SignUp and AdminCreateUser: for this trigger only, never stored.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub validation_data: TextMap,
    /// `ClientMetadata` of SignUp, AdminCreateUser, AdminRespondToAuthChallenge and ForgotPassword.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// What becomes of the new user. The default changes nothing. For a user whom an administrator creates all three
/// are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Confirms the user at once: no code is sent, and post confirmation runs within the sign-up.
    pub auto_confirm_user: bool,
    /// Marks the e-mail address as verified. Without an `email` attribute the sign-up then fails; if the address is
    /// an alias, it moves to the new user and the former owner's becomes unverified.
    pub auto_verify_email: bool,
    /// The same for `phone_number`.
    pub auto_verify_phone: bool,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
