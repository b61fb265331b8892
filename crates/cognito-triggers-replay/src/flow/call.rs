//! What an app does in a flow.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};

/// One thing that an app does, and what it should see then.
///
/// As JSON it is one object, with `expect` and `times` beside the fields of the call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call {
    /// The operation, with its parameters.
    pub operation: Operation,
    /// How the text must begin that [`ApiResult`](super::ApiResult) prints, such as `tokens` or
    /// `UserLambdaValidationException: PreSignUp failed`. `None` if anything is right.
    pub expect: Option<String>,
    /// How often it is done: as many times as a challenge is open, up to this number. For guessing; 1 unless told.
    pub times: u32,
}

impl<'de> Deserialize<'de> for Call {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `flatten`: with it a misspelt field goes unnoticed.
        let mut fields = Map::deserialize(deserializer)?;
        let expect = fields.remove("expect").map(serde_json::from_value);
        let times = fields.remove("times").map(serde_json::from_value);
        let operation = serde_json::from_value(Value::Object(fields));
        let times = times.transpose().map_err(D::Error::custom)?.unwrap_or(1);
        if times == 0 {
            return Err(D::Error::custom(
                "`times` is 0, so nothing happens; leave the call out",
            ));
        }
        Ok(Self {
            operation: operation.map_err(D::Error::custom)?,
            expect: expect.transpose().map_err(D::Error::custom)?.flatten(),
            times,
        })
    }
}

/// A call of Cognito's API, or of what stands for one.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "call", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Operation {
    /// The flow's user signs up.
    SignUp {
        /// `ValidationData`.
        #[serde(default)]
        validation_data: StringMap,
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// The user gives the code of the sign-up.
    ConfirmSignUp {
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// An administrator creates the flow's user.
    AdminCreateUser {
        /// `ValidationData`.
        #[serde(default)]
        validation_data: StringMap,
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// The user begins to sign in.
    InitiateAuth {
        /// `AuthFlow`.
        auth_flow: AuthFlow,
        /// The password that is typed, where the flow has one.
        #[serde(default)]
        password: Password,
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// The user answers the open challenge.
    RespondToAuthChallenge {
        /// The answer to a custom challenge.
        #[serde(default)]
        answer: Answer,
        /// The password, where that is the challenge.
        #[serde(default)]
        password: Password,
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// The user has forgotten the password.
    ForgotPassword {
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// The user gives the code and a new password.
    ConfirmForgotPassword {
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// The user comes back from an identity provider.
    FederatedSignIn {
        /// Which of the sample events of inbound federation it is: `google`, `saml`, …; absent for the plain one.
        #[serde(default)]
        provider: Option<String>,
    },
    /// A machine asks for a token by its client credentials.
    ClientCredentials {
        /// `aws_client_metadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
}

/// A map of texts that an app sends along; empty if it sends none.
pub(super) type StringMap = BTreeMap<String, String>;

/// How a sign-in begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum AuthFlow {
    /// With the password, as it is. The only one that can migrate a user.
    UserPasswordAuth,
    /// With a proof of the password.
    UserSrpAuth,
    /// With custom challenges.
    CustomAuth,
    /// With a proof of the password, and custom challenges then: `CUSTOM_AUTH` with `CHALLENGE_NAME` = `SRP_A`.
    CustomAuthWithSrp,
    /// With the refresh token.
    RefreshTokenAuth,
}

/// Which password is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Password {
    /// The user's.
    #[default]
    Right,
    /// Another one.
    Wrong,
}

/// What is answered to a custom challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Answer {
    /// The private parameter of the challenge, if there is one, or if one alone is called `answer`, `code`, `otp`,
    /// `pin` or `secret`.
    #[default]
    Right,
    /// Something else.
    Wrong,
    /// The private parameter of this name.
    Private(String),
    /// This text.
    Text(String),
}
