//! Before Cognito sends a message: its words.
//!
//! [AWS: custom message Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html).
//! The function never sees the code: it writes a placeholder, and Cognito puts the code in its place. An error stops
//! what wanted the message; the person reads `CustomMessage failed with error …`.
//!
#![doc = include_str!("../../docs/custom_message.md")]

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The trigger before a message.
pub struct CustomMessage;

impl trigger::sealed::Sealed for CustomMessage {}

impl Trigger for CustomMessage {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::CustomMessage);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    ..Definition::new(
        Route::CustomMessage,
        "CustomMessage",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html",
    )
};

trigger::sources! {
    /// What the message is for.
    prefix "CustomMessage";
    /// A person has signed up and gets a code to confirm.
    SignUp = "SignUp",
    /// An administrator has created a user, who gets a temporary password.
    AdminCreateUser = "AdminCreateUser",
    /// A person asks for the code once more.
    ResendCode = "ResendCode",
    /// A person, or an administrator for them, resets the password.
    ForgotPassword = "ForgotPassword",
    /// An e-mail address or phone number was changed and is to be verified; the event carries the old value.
    UpdateUserAttribute = "UpdateUserAttribute",
    /// A person asks for a code to verify an e-mail address or phone number.
    VerifyUserAttribute = "VerifyUserAttribute",
    /// A sign-in asks for a second factor or a one-time password.
    Authentication = "Authentication",
}

/// What Cognito tells before a message.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// The placeholder for the code or the temporary password; copy it into the message as it is. Always `{####}`.
    #[serde(default = "code_parameter", deserialize_with = "code_parameter_or_default")]
    pub code_parameter: String,
    /// The placeholder for a link that verifies with a click, `{##Click Here##}`; the words between the signs are
    /// yours. Absent in events of 2017 and 2018.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub link_parameter: Option<String>,
    /// The placeholder for the user name, `{username}`. `Some` for [`AdminCreateUser`](Source::AdminCreateUser) only,
    /// whose messages must contain it.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub username_parameter: Option<String>,
    /// `ClientMetadata` of the call that caused the message; never that of InitiateAuth and AdminInitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// An old sample has a code where the placeholder belongs, so nothing but a placeholder is printed.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_placeholder = self.code_parameter.trim_matches(['{', '}']) == "####";
        let code_parameter = if is_placeholder {
            &self.code_parameter
        } else {
            "[redacted]"
        };
        f.debug_struct("Request")
            .field("user_attributes", &self.user_attributes)
            .field("code_parameter", &code_parameter)
            .field("link_parameter", &self.link_parameter)
            .field("username_parameter", &self.username_parameter)
            .field("client_metadata", &self.client_metadata)
            .finish()
    }
}

fn code_parameter() -> String {
    "{####}".to_owned()
}

fn code_parameter_or_default<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    lenient::nonempty(deserializer).map(|parameter| parameter.unwrap_or_else(code_parameter))
}

/// The words of the message. `None` leaves the template of the pool in force, which is what the default does.
///
/// What is given must contain the code's placeholder, and for [`AdminCreateUser`](Source::AdminCreateUser) the user
/// name's too. AWS allows an e-mail only where the pool sends through Amazon SES (`EmailSendingAccount` is `DEVELOPER`), and
/// otherwise fails the call with `InvalidLambdaResponseException`; whether it still does isn't known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The text message, up to 140 characters with the code.
    pub sms_message: Option<String>,
    /// The body of the e-mail, up to 20,000 characters with the code; may be HTML.
    pub email_message: Option<String>,
    /// The subject of the e-mail, up to 140 characters.
    pub email_subject: Option<String>,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_in_place_of_its_placeholder_is_not_printed() {
        let printed = |code: &str| format!("{:?}", serde_json::from_str::<Request>(code).unwrap());
        assert!(!printed(r#"{"codeParameter":"941468"}"#).contains("941468"));
        for placeholder in ["{####}", "####"] {
            let request = format!(r#"{{"codeParameter":"{placeholder}"}}"#);
            assert!(printed(&request).contains(placeholder));
        }
    }
}
