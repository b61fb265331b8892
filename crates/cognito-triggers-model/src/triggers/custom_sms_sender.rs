//! Instead of Cognito's own text message: send the code yourself.
//!
//! [AWS: custom SMS sender Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html).
//! Once it is set, every text message of the pool goes through it. Cognito doesn't wait: the caller of the API gets
//! success even if nothing is sent, nobody sees an error, and Lambda calls up to two more times after one. The event
//! has no `response`; whatever is answered is ignored.
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

/// The trigger that sends text messages.
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
        "CustomSMSSender",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html",
    )
};

trigger::sources! {
    /// What the message is for.
    prefix "CustomSMSSender" or "CustomSmsSender";
    /// A person has signed up and gets a code to confirm.
    SignUp = "SignUp",
    /// A person asks for the code once more.
    ResendCode = "ResendCode",
    /// A person, or an administrator for them, resets the password.
    ForgotPassword = "ForgotPassword",
    /// A phone number was changed and is to be verified.
    UpdateUserAttribute = "UpdateUserAttribute",
    /// A person asks for a code to verify the phone number.
    VerifyUserAttribute = "VerifyUserAttribute",
    /// An administrator has created a user: the code is the temporary password.
    AdminCreateUser = "AdminCreateUser",
    /// A sign-in asks for a second factor or a one-time password.
    Authentication = "Authentication",
}

/// What Cognito wants sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// `customSMSSenderRequestV1`.
    #[serde(default, rename = "type", deserialize_with = "lenient::string_or_empty")]
    pub request_type: String,
    /// The code, encrypted: the Base64 text of a message of the AWS Encryption SDK, not of a KMS ciphertext.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub code: Option<Secret>,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge; never that of InitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
    /// The user's attributes, `phone_number` among them.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
}

/// Nothing to answer: Cognito isn't listening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
