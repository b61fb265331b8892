//! Instead of Cognito's own e-mail: send the code yourself.
//!
//! [AWS: custom email sender Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html).
//! Once it is set, every e-mail of the pool goes through it. Cognito doesn't wait: the caller of the API gets success
//! even if nothing is sent, nobody sees an error, and Lambda calls up to two more times after one. The event has no
//! `response`; whatever is answered is ignored.
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

/// The trigger that sends e-mails.
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
        "CustomEmailSender",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html",
    )
};

trigger::sources! {
    /// What the e-mail is for.
    prefix "CustomEmailSender";
    /// A person has signed up and gets a code to confirm.
    SignUp = "SignUp",
    /// A person asks for the code once more.
    ResendCode = "ResendCode",
    /// A person, or an administrator for them, resets the password.
    ForgotPassword = "ForgotPassword",
    /// An e-mail address was changed, also by an administrator, and is to be verified.
    UpdateUserAttribute = "UpdateUserAttribute",
    /// A person asks for a code to verify the e-mail address.
    VerifyUserAttribute = "VerifyUserAttribute",
    /// An administrator has created a user: the code is the temporary password.
    AdminCreateUser = "AdminCreateUser",
    /// A sign-in asks for a second factor or a one-time password.
    Authentication = "Authentication",
    /// Threat protection suspects that somebody else signs in. There is no code; see `Request::notice`.
    AccountTakeOverNotification = "AccountTakeOverNotification",
}

/// What Cognito wants sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// `customEmailSenderRequestV1`.
    #[serde(default, rename = "type", deserialize_with = "lenient::string_or_empty")]
    pub request_type: String,
    /// The code, encrypted: the Base64 text of a message of the AWS Encryption SDK, not of a KMS ciphertext. `None` for
    /// an account take-over notice.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub code: Option<Secret>,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge, never that of InitiateAuth. Also
    /// sent for [`SignUp`](Source::SignUp), [`ForgotPassword`](Source::ForgotPassword) and
    /// [`Authentication`](Source::Authentication); never for a notice.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
    /// The user's attributes, `email` among them. A notice has others instead and no address: read it through
    /// [`notice`](Request::notice).
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
}

impl Request {
    /// The particulars of an account take-over notice; `None` for every other e-mail.
    pub fn notice(&self) -> Option<Notice<'_>> {
        self.user_attributes.get("EVENT_ID").map(|event_id| Notice {
            event_id,
            attributes: &self.user_attributes,
        })
    }
}

/// A sign-in that threat protection suspects. Whether a value is there depends on what Cognito knew.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    event_id: &'a str,
    attributes: &'a Attributes,
}

impl<'a> Notice<'a> {
    /// The id of the sign-in's event.
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

    /// The address that the sign-in came from.
    pub fn ip_address(&self) -> Option<&'a str> {
        self.attributes.get("IP_ADDRESS")
    }

    /// When it was, in words: `Friday, March 19, 2021 02:25 PM UTC`.
    pub fn login_time(&self) -> Option<&'a str> {
        self.attributes.get("LOGIN_TIME")
    }

    /// The city that the address belongs to.
    pub fn city(&self) -> Option<&'a str> {
        self.attributes.get("CITY")
    }

    /// The country that the address belongs to.
    pub fn country(&self) -> Option<&'a str> {
        self.attributes.get("COUNTRY")
    }

    /// The device.
    pub fn device_name(&self) -> Option<&'a str> {
        self.attributes.get("DEVICE_NAME")
    }

    /// The link by which the person says "that was me".
    pub fn one_click_link_valid(&self) -> Option<&'a str> {
        self.attributes.get("ONE_CLICK_LINK_VALID")
    }

    /// The link by which the person says "that was not me".
    pub fn one_click_link_invalid(&self) -> Option<&'a str> {
        self.attributes.get("ONE_CLICK_LINK_INVALID")
    }

    /// The token with which a feedback page of your own reports the verdict. Whoever has it can report.
    pub fn feedback_token(&self) -> Option<Secret> {
        self.attributes.get("FEEDBACK_TOKEN").map(Secret::new)
    }
}

open_enum! {
    /// What Cognito does about a suspected sign-in.
    pub enum TakeOverAction {
        /// It is blocked.
        Block = "BLOCK",
        /// Nothing.
        NoAction = "NO_ACTION",
        /// A second factor is asked for.
        Mfa = "MFA",
        /// A second factor is asked for if the user has one, else nothing.
        MfaIfConfigured = "MFA_IF_CONFIGURED",
        /// A second factor is asked for; without one the sign-in is blocked.
        MfaRequired = "MFA_REQUIRED",
    }
}

/// Nothing to answer: Cognito isn't listening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}
