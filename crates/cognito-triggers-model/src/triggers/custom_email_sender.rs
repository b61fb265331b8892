//! Custom email sender: sends the emails of a user pool in place of Cognito.
//!
//! [AWS: custom email sender Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html).
//! Once it is set, every email of the pool goes through it. Cognito doesn't wait for it: the API call succeeds even if no
//! email is sent, no caller sees an error, and Lambda retries up to two times. The event has no `response`, and
//! Cognito ignores the answer.
//!
#![doc = include_str!("../../docs/custom_email_sender.md")]

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    open_enum::open_enum,
    route::Route,
    secret::Secret,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The custom email sender trigger.
pub struct CustomEmailSender;

impl trigger::sealed::Sealed for CustomEmailSender {}

impl Trigger for CustomEmailSender {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::CustomEmailSender);

    fn has_response(_: &Response) -> bool {
        false
    }
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    lambda_version: Some("V1_0"),
    synchronous: false,
    sources: Source::ALL,
    ..Definition::new(
        Route::CustomEmailSender,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html",
    )
};

trigger::sources! {
    /// The purpose of the email.
    prefix "CustomEmailSender";
    /// A user has signed up and gets a code to confirm the account.
    SignUp = "SignUp",
    /// A user asks for a new code for a sign-up.
    ResendCode = "ResendCode",
    /// A user, or an administrator, resets the password.
    ForgotPassword = "ForgotPassword",
    /// A user or an administrator has changed the email address, which has to be verified.
    UpdateUserAttribute = "UpdateUserAttribute",
    /// A user asks for a code to verify the email address.
    VerifyUserAttribute = "VerifyUserAttribute",
    /// An administrator has created a user. The code is the temporary password.
    AdminCreateUser = "AdminCreateUser",
    /// A sign-in needs a second factor or a one-time password.
    Authentication = "Authentication",
    /// Threat protection suspects that another person signs in. There is no code; see `Request::notice`.
    AccountTakeOverNotification = "AccountTakeOverNotification",
}

/// The message to send.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// `customEmailSenderRequestV1`.
    #[serde(default, rename = "type", deserialize_with = "lenient::string_or_empty")]
    pub request_type: String,
    /// The encrypted code: a message of the AWS Encryption SDK in base64, not a KMS ciphertext. `None` for an account
    /// takeover notice.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub code: Option<Secret>,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge, never that of InitiateAuth. Also
    /// sent for [`SignUp`](Source::SignUp), [`ForgotPassword`](Source::ForgotPassword) and
    /// [`Authentication`](Source::Authentication); never for a notice.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
    /// The user's attributes, with `email`. A notice has other attributes and no address; read it through
    /// [`notice`](Request::notice).
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
}

impl Request {
    /// The details of an account takeover notice; `None` for every other email.
    pub fn notice(&self) -> Option<Notice<'_>> {
        self.user_attributes.get("EVENT_ID").map(|event_id| Notice {
            event_id,
            attributes: &self.user_attributes,
        })
    }
}

/// A sign-in that threat protection suspects. A value is `None` if Cognito didn't know it.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    event_id: &'a str,
    attributes: &'a Attributes,
}

impl<'a> Notice<'a> {
    /// The id of the sign-in event.
    pub fn event_id(&self) -> &'a str {
        self.event_id
    }

    /// What Cognito does about the sign-in.
    pub fn action(&self) -> Option<TakeOverAction> {
        self.attributes
            .get("ACCOUNT_TAKE_OVER_ACTION")
            .map(TakeOverAction::parse)
    }

    /// The name of the user.
    pub fn user_name(&self) -> Option<&'a str> {
        self.attributes.get("USER_NAME")
    }

    /// The IP address that the sign-in came from.
    pub fn ip_address(&self) -> Option<&'a str> {
        self.attributes.get("IP_ADDRESS")
    }

    /// The time of the sign-in as text: `Friday, March 19, 2021 02:25 PM UTC`.
    pub fn login_time(&self) -> Option<&'a str> {
        self.attributes.get("LOGIN_TIME")
    }

    /// The city of the IP address.
    pub fn city(&self) -> Option<&'a str> {
        self.attributes.get("CITY")
    }

    /// The country of the IP address.
    pub fn country(&self) -> Option<&'a str> {
        self.attributes.get("COUNTRY")
    }

    /// The name of the device.
    pub fn device_name(&self) -> Option<&'a str> {
        self.attributes.get("DEVICE_NAME")
    }

    /// The link with which the user confirms the sign-in.
    pub fn one_click_link_valid(&self) -> Option<&'a str> {
        self.attributes.get("ONE_CLICK_LINK_VALID")
    }

    /// The link with which the user denies the sign-in.
    pub fn one_click_link_invalid(&self) -> Option<&'a str> {
        self.attributes.get("ONE_CLICK_LINK_INVALID")
    }

    /// The token with which your own feedback page reports the user's verdict. Anyone who has it can report one.
    pub fn feedback_token(&self) -> Option<Secret> {
        self.attributes.get("FEEDBACK_TOKEN").map(Secret::new)
    }
}

open_enum! {
    /// What Cognito does about a suspected sign-in.
    pub enum TakeOverAction {
        /// Cognito blocks the sign-in.
        Block = "BLOCK",
        /// Cognito does nothing.
        NoAction = "NO_ACTION",
        /// Cognito asks for a second factor.
        Mfa = "MFA",
        /// Cognito asks for a second factor if the user has one.
        MfaIfConfigured = "MFA_IF_CONFIGURED",
        /// Cognito asks for a second factor, and blocks a user who has none.
        MfaRequired = "MFA_REQUIRED",
    }
}

/// Empty: Cognito ignores the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
