//! Pre sign-up: allows or refuses a new user, and may confirm the user at once.
//!
//! [AWS: pre sign-up Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html).
//! An error fails the sign-up, and the user reads `PreSignUp failed with error …`. Only this trigger and inbound federation
//! run before Cognito stores a federated user.
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

/// The pre sign-up trigger.
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
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html",
    )
};

trigger::sources! {
    /// How the user is created.
    prefix "PreSignUp";
    /// A user signs up through the SignUp API or the sign-up page.
    SignUp = "SignUp",
    /// An administrator or a migration creates the user.
    AdminCreateUser = "AdminCreateUser",
    /// A user signs in through an identity provider for the first time.
    ExternalProvider = "ExternalProvider",
}

/// The new user. The event never has the password.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The attributes that the user or the identity provider supplied. There is no `sub` and no status yet.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// `ValidationData` of SignUp and AdminCreateUser. Only this trigger gets it, and Cognito doesn't store it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub validation_data: TextMap,
    /// `ClientMetadata` of SignUp, AdminCreateUser, AdminRespondToAuthChallenge and ForgotPassword.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// Whether to confirm and verify the new user. The default does neither, whatever `response` of the event holds.
///
/// Cognito ignores all three fields for a user whom an administrator creates.
///
/// ```
/// use cognito_triggers::pre_sign_up::Response;
///
/// let response = Response {
///     auto_confirm_user: true,
///     auto_verify_email: true,
///     ..Default::default()
/// };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Confirms the user at once. Cognito sends no code, so nobody has proved the address, and post confirmation runs during
    /// the sign-up.
    pub auto_confirm_user: bool,
    /// Marks the email address as verified. The sign-up fails without an `email` attribute, and reportedly also without
    /// `auto_confirm_user`. If the address is an alias of another user, it moves to the new user.
    pub auto_verify_email: bool,
    /// Marks the phone number as verified, like `auto_verify_email`.
    pub auto_verify_phone: bool,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
