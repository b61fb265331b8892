//! Create auth challenge: makes the challenge of a custom sign-in after the define trigger has asked for one.
//!
//! [AWS: create auth challenge Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html).
//! An error ends the sign-in, and the user reads `CreateAuthChallenge failed with error …`.
//!
#![doc = include_str!("../../docs/create_auth_challenge.md")]

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    attributes::Attributes,
    challenge::{ChallengeName, Session},
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    secret::{Secret, SecretMap},
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The create auth challenge trigger.
pub struct CreateAuthChallenge;

impl trigger::sealed::Sealed for CreateAuthChallenge {}

impl Trigger for CreateAuthChallenge {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::CreateAuthChallenge);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    ..Definition::new(
        Route::CreateAuthChallenge,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html",
    )
};

trigger::sources! {
    /// When the trigger runs.
    prefix "CreateAuthChallenge";
    /// The define trigger has asked for a custom challenge.
    Authentication = "Authentication",
}

/// The challenge to make, and the user.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes; empty for a user who doesn't exist.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// The challenge that the define trigger asked for. Null and absence read as `CUSTOM_CHALLENGE`.
    #[serde(default = "custom_challenge", deserialize_with = "custom_challenge_or")]
    pub challenge_name: ChallengeName,
    /// The challenges so far, in their order.
    #[serde(default)]
    pub session: Session,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge. AWS documents it, but a
    /// report says that it doesn't arrive.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
    /// Whether the user doesn't exist. `None` unless the app client has `PreventUserExistenceErrors` enabled. When
    /// true, make a challenge that looks like any other, and send no code.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub user_not_found: Option<bool>,
}

fn custom_challenge() -> ChallengeName {
    ChallengeName::CustomChallenge
}

fn custom_challenge_or<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ChallengeName, D::Error> {
    let name = lenient::nonempty::<_, String>(deserializer)?;
    Ok(name.map_or_else(custom_challenge, |name| ChallengeName::parse(&name)))
}

/// The challenge. The default leaves all three fields null, as Cognito sent them.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// What the app can see, as `ChallengeParameters` of the API. Never put the answer here.
    pub public_challenge_parameters: TextMap,
    /// The correct answer. Only the verify trigger gets it, as `privateChallengeParameters`.
    pub private_challenge_parameters: SecretMap,
    /// A string that returns in the session of later calls; the app can't see it. Functions that accept one code for
    /// several attempts keep it here.
    pub challenge_metadata: Option<Secret>,
    #[doc(hidden)]
    pub _non_exhaustive: NonExhaustive,
}

impl Serialize for Response {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            public_challenge_parameters: Option<&'a TextMap>,
            private_challenge_parameters: Option<&'a SecretMap>,
            challenge_metadata: Option<&'a Secret>,
        }
        Wire {
            public_challenge_parameters: Some(&self.public_challenge_parameters)
                .filter(|map| !map.is_empty()),
            private_challenge_parameters: Some(&self.private_challenge_parameters)
                .filter(|map| !map.is_empty()),
            challenge_metadata: self.challenge_metadata.as_ref(),
        }
        .serialize(serializer)
    }
}
