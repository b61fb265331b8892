//! The calls of a flow.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};

/// One call of Cognito's API, and what the app should get.
///
/// In a flow file it is one object: `call` with the name of the operation, the operation's fields, `expect` and `times`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call {
    /// The operation, with its parameters.
    pub operation: Operation,
    /// The beginning of the text that [`ApiResult`](super::ApiResult) prints, in whole words: `tokens`, `success`, or
    /// `UserLambdaValidationException: PreSignUp failed`. `None` allows any result.
    pub expect: Option<String>,
    /// How often the call is made at most. It is repeated only while a challenge is pending, so this is for wrong answers.
    /// The default is 1.
    pub times: u32,
}

impl<'de> Deserialize<'de> for Call {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `flatten` would accept misspelled fields.
        let mut fields = Map::deserialize(deserializer)?;
        let expect = fields.remove("expect").map(serde_json::from_value);
        let times = fields.remove("times").map(serde_json::from_value);
        let operation = serde_json::from_value(Value::Object(fields));
        let times = times.transpose().map_err(D::Error::custom)?.unwrap_or(1);
        if times == 0 {
            return Err(D::Error::custom(
                "`times` is 0, so the call is never made; leave it out",
            ));
        }
        Ok(Self {
            operation: operation.map_err(D::Error::custom)?,
            expect: expect.transpose().map_err(D::Error::custom)?.flatten(),
            times,
        })
    }
}

/// An operation of Cognito's API, or what stands for one, with its parameters.
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
    /// The user enters the code of the sign-up.
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
    /// The user starts to sign in.
    InitiateAuth {
        /// `AuthFlow`.
        auth_flow: AuthFlow,
        /// The password that the user types, if `auth_flow` needs one.
        #[serde(default)]
        password: Password,
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// The user answers the pending challenge.
    RespondToAuthChallenge {
        /// The answer to a custom challenge.
        #[serde(default)]
        answer: Answer,
        /// The password, if the challenge asks for it.
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
    /// The user enters the code and a new password.
    ConfirmForgotPassword {
        /// `ClientMetadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
    /// The user comes back from an identity provider.
    FederatedSignIn {
        /// The variant of the sample event of inbound federation, such as `google` or `saml`; absent for the plain sample.
        #[serde(default)]
        provider: Option<String>,
    },
    /// A machine asks for a token with its client credentials.
    ClientCredentials {
        /// `aws_client_metadata`.
        #[serde(default)]
        client_metadata: StringMap,
    },
}

/// A map that an app sends along, such as `ClientMetadata`. Empty if the app sends none.
pub(super) type StringMap = BTreeMap<String, String>;

/// How a sign-in starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum AuthFlow {
    /// With the password in plain text. Only this one can migrate a user.
    UserPasswordAuth,
    /// With a proof of the password (SRP).
    UserSrpAuth,
    /// With custom challenges.
    CustomAuth,
    /// With a proof of the password and then custom challenges: `CUSTOM_AUTH` with `CHALLENGE_NAME` = `SRP_A`.
    CustomAuthWithSrp,
    /// With the refresh token.
    RefreshTokenAuth,
}

/// Which password the user types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Password {
    /// The user's.
    #[default]
    Right,
    /// Another one.
    Wrong,
}

/// How the user answers a custom challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Answer {
    /// With the value of the private challenge parameter. There must be only one, or only one whose name contains `answer`,
    /// `code`, `otp`, `pin` or `secret`.
    #[default]
    Right,
    /// With another value of the same kind: another six digits for six digits.
    Wrong,
    /// With the value of the private challenge parameter of this name.
    Private(String),
    /// With this text.
    Text(String),
}
