//! Verify auth challenge response: checks the user's answer to a custom challenge.
//!
//! [AWS: verify auth challenge response Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html).
//! Define auth challenge runs next, whatever the verdict. An error ends the sign-in, and the user reads
//! `VerifyAuthChallengeResponse failed with error …`.
//!
#![doc = include_str!("../../docs/verify_auth_challenge_response.md")]

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    secret::{Secret, SecretMap},
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The verify auth challenge response trigger.
pub struct VerifyAuthChallengeResponse;

impl trigger::sealed::Sealed for VerifyAuthChallengeResponse {}

impl Trigger for VerifyAuthChallengeResponse {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::VerifyAuthChallengeResponse);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    // One table of the developer guide writes `VerifyAuthChallenge_Authentication`.
    alias: Some("VerifyAuthChallenge"),
    ..Definition::new(
        Route::VerifyAuthChallengeResponse,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html",
    )
};

trigger::sources! {
    /// When the trigger runs.
    prefix "VerifyAuthChallengeResponse" or "VerifyAuthChallenge";
    /// The user has answered a custom challenge.
    Authentication = "Authentication",
}

/// The answer to check, and the user.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes; empty for a user who doesn't exist.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// The private parameters that create auth challenge returned.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub private_challenge_parameters: SecretMap,
    /// The answer of the user: a string, which may be empty. An answer of another JSON type is its JSON text.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub challenge_answer: Secret,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge; never that of InitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
    /// Whether the user doesn't exist. `None` unless the app client has `PreventUserExistenceErrors` enabled.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub user_not_found: Option<bool>,
}

impl Request {
    /// Whether the answer is the private parameter of this name, compared in constant time. No answer
    /// matches a parameter that is absent or empty.
    pub fn answers(&self, parameter: &str) -> bool {
        self.private_challenge_parameters
            .get(parameter)
            .is_some_and(|expected| expected.matches(self.challenge_answer.expose()))
    }
}

/// The verdict. The default is that the answer is wrong.
///
/// ```
/// use cognito_triggers::verify_auth_challenge_response::Response;
///
/// let response: Response = true.into();
/// assert!(response.answer_correct);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Whether the user's answer is correct.
    pub answer_correct: bool,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}

impl From<bool> for Response {
    fn from(answer_correct: bool) -> Self {
        Self {
            answer_correct,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_matches_an_absent_parameter() {
        let request = |json: &str| serde_json::from_str::<Request>(json).unwrap();
        assert!(
            request(r#"{"privateChallengeParameters":{"code":"1"},"challengeAnswer":"1"}"#).answers("code")
        );
        assert!(
            !request(r#"{"privateChallengeParameters":{"code":""},"challengeAnswer":""}"#).answers("code")
        );
        assert!(!request(r#"{"privateChallengeParameters":{},"challengeAnswer":""}"#).answers("code"));
        assert!(!request(r#"{"privateChallengeParameters":null,"challengeAnswer":null}"#).answers("code"));
    }
}
