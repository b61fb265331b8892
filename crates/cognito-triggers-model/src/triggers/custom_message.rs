//! Custom message: sets the text of a message that Cognito is about to send.
//!
//! [AWS: custom message Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html).
//! The function never sees the code: it writes a placeholder, which Cognito replaces. An error fails the call that wanted
//! the message, and the user reads `CustomMessage failed with error …`.
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

/// The custom message trigger.
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
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html",
    )
};

trigger::sources! {
    /// The purpose of the message.
    prefix "CustomMessage";
    /// A user has signed up and gets a code to confirm the account.
    SignUp = "SignUp",
    /// An administrator has created a user, who gets a temporary password.
    AdminCreateUser = "AdminCreateUser",
    /// A user asks for a new code for a sign-up.
    ResendCode = "ResendCode",
    /// A user, or an administrator, resets the password.
    ForgotPassword = "ForgotPassword",
    /// A user or an administrator has changed the email address or phone number, which has to be verified. One project
    /// reports the old value in the event.
    UpdateUserAttribute = "UpdateUserAttribute",
    /// A user asks for a code to verify the email address or phone number.
    VerifyUserAttribute = "VerifyUserAttribute",
    /// A sign-in needs a second factor or a one-time password.
    Authentication = "Authentication",
}

/// The user, and the placeholders for the message.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// The placeholder for the code or the temporary password, always `{####}`. Copy it into the message as it is.
    #[serde(default = "code_parameter", deserialize_with = "code_parameter_or_default")]
    pub code_parameter: String,
    /// The placeholder for a link that confirms a sign-up, `{##Click Here##}`; choose the words between the signs. `None`
    /// in events of 2017 and 2018.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub link_parameter: Option<String>,
    /// The placeholder for the user name, `{username}`. `Some` for [`AdminCreateUser`](Source::AdminCreateUser) only,
    /// whose messages have to contain it.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub username_parameter: Option<String>,
    /// `ClientMetadata` of the call that caused the message; never that of InitiateAuth and AdminInitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// Prints the code parameter only if it is a placeholder: an old sample has a code there.
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

/// The text of the message. `None` uses the template of the pool, and so does the default.
///
/// A text has to contain the placeholder of the code, and for [`AdminCreateUser`](Source::AdminCreateUser) that of the user
/// name. AWS documents that an email needs a pool that sends through Amazon SES (`EmailSendingAccount` is `DEVELOPER`), and
/// that other pools fail with `InvalidLambdaResponseException`; whether they still do isn't known.
///
/// ```
/// use cognito_triggers::custom_message::Response;
///
/// let response = Response {
///     email_subject: Some("Welcome".to_owned()),
///     email_message: Some("Your code is {####}.".to_owned()),
///     ..Default::default()
/// };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The SMS message, up to 140 characters with the code.
    pub sms_message: Option<String>,
    /// The body of the email, up to 20,000 characters with the code; may be HTML.
    pub email_message: Option<String>,
    /// The subject of the email, up to 140 characters.
    pub email_subject: Option<String>,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_instead_of_its_placeholder_is_not_printed() {
        let printed = |code: &str| format!("{:?}", serde_json::from_str::<Request>(code).unwrap());
        assert!(!printed(r#"{"codeParameter":"941468"}"#).contains("941468"));
        for placeholder in ["{####}", "####"] {
            let request = format!(r#"{{"codeParameter":"{placeholder}"}}"#);
            assert!(printed(&request).contains(placeholder));
        }
    }
}
