//! Custom SMS sender: sends the SMS messages of a user pool in place of Cognito.
//!
//! [AWS: custom SMS sender Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html).
//! Once it is set, every SMS message of the pool goes through it. Cognito doesn't wait for it: the API call succeeds even if
//! nothing is sent, no caller sees an error, and Lambda retries up to two times. The event has no `response`, and
//! Cognito ignores the answer.
//!
#![doc = include_str!("../../docs/custom_sms_sender.md")]

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    secret::Secret,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The custom SMS sender trigger.
pub struct CustomSmsSender;

impl trigger::sealed::Sealed for CustomSmsSender {}

impl Trigger for CustomSmsSender {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::CustomSmsSender);

    fn has_response(_: &Response) -> bool {
        false
    }
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    lambda_version: Some("V1_0"),
    // One table of the developer guide writes `CustomSmsSender_*`.
    alias: Some("CustomSmsSender"),
    synchronous: false,
    sources: Source::ALL,
    ..Definition::new(
        Route::CustomSmsSender,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html",
    )
};

trigger::sources! {
    /// The purpose of the message.
    prefix "CustomSMSSender" or "CustomSmsSender";
    /// A user has signed up and gets a code to confirm the account.
    SignUp = "SignUp",
    /// A user asks for a new code for a sign-up.
    ResendCode = "ResendCode",
    /// A user, or an administrator, resets the password.
    ForgotPassword = "ForgotPassword",
    /// A user or an administrator has changed the phone number, which has to be verified.
    UpdateUserAttribute = "UpdateUserAttribute",
    /// A user asks for a code to verify the phone number.
    VerifyUserAttribute = "VerifyUserAttribute",
    /// An administrator has created a user. The code is the temporary password.
    AdminCreateUser = "AdminCreateUser",
    /// A sign-in needs a second factor or a one-time password.
    Authentication = "Authentication",
}

/// The message to send.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// `customSMSSenderRequestV1`.
    #[serde(default, rename = "type", deserialize_with = "lenient::string_or_empty")]
    pub request_type: String,
    /// The encrypted code: a message of the AWS Encryption SDK in base64, not a KMS ciphertext.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub code: Option<Secret>,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge; never that of InitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
    /// The user's attributes, with `phone_number`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
}

/// Empty: Cognito ignores the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
