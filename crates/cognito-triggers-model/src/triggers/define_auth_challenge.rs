//! Define auth challenge: decides the next step of a custom sign-in, at its start and after each answer.
//!
//! [AWS: define auth challenge Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html).
//! A wrong answer doesn't fail the sign-in by itself; this trigger decides. If it fails the sign-in, the caller gets
//! Cognito's `NotAuthorizedException`. If it returns an error, the user reads `DefineAuthChallenge failed with error …`.
//!
#![doc = include_str!("../../docs/define_auth_challenge.md")]

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};

use crate::{
    attributes::Attributes,
    challenge::{ChallengeName, Session},
    lenient,
    route::Route,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The define auth challenge trigger.
pub struct DefineAuthChallenge;

impl trigger::sealed::Sealed for DefineAuthChallenge {}

impl Trigger for DefineAuthChallenge {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::DefineAuthChallenge);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    ..Definition::new(
        Route::DefineAuthChallenge,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html",
    )
};

trigger::sources! {
    /// When the trigger runs.
    prefix "DefineAuthChallenge";
    /// A custom sign-in begins, or the user has answered one of its challenges.
    Authentication = "Authentication",
}

/// The sign-in so far.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes; empty for a user who doesn't exist.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// The challenges so far, in their order.
    #[serde(default)]
    pub session: Session,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge; never that of InitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
    /// Whether the user doesn't exist. `None` unless the app client has `PreventUserExistenceErrors` enabled. When
    /// true, challenge as usual and never issue tokens.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub user_not_found: Option<bool>,
}

/// The next step of the sign-in. There is no default: a handler always decides.
///
/// ```
/// use cognito_triggers::define_auth_challenge::{NextChallenge, Response};
///
/// let response = Response::Challenge(NextChallenge::CustomChallenge);
/// let json = serde_json::to_string(&response)?;
/// assert_eq!(json, r#"{"challengeName":"CUSTOM_CHALLENGE","issueTokens":false,"failAuthentication":false}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response {
    /// Continue with this challenge.
    Challenge(NextChallenge),
    /// Issue tokens: the user has proved who they are.
    ///
    /// Check [`Session::custom_challenge_passed`] first. A session whose last entry is a correct `SRP_A` doesn't prove a
    /// password yet.
    IssueTokens,
    /// End the sign-in: the caller gets `NotAuthorizedException`.
    FailAuthentication,
}

/// A challenge that may come next. A trigger can't ask for a second factor; Cognito adds it after the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextChallenge {
    /// Your own challenge: Cognito calls the create trigger.
    CustomChallenge,
    /// The password. Only possible directly after `SRP_A`.
    PasswordVerifier,
}

impl NextChallenge {
    /// The name of the challenge in JSON.
    pub fn name(self) -> ChallengeName {
        match self {
            Self::CustomChallenge => ChallengeName::CustomChallenge,
            Self::PasswordVerifier => ChallengeName::PasswordVerifier,
        }
    }
}

impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let next = match self {
            Self::Challenge(next) => Some(next.name()),
            Self::IssueTokens | Self::FailAuthentication => None,
        };
        let mut fields = serializer.serialize_struct("Response", 3)?;
        fields.serialize_field("challengeName", &next)?;
        fields.serialize_field("issueTokens", &matches!(self, Self::IssueTokens))?;
        fields.serialize_field("failAuthentication", &matches!(self, Self::FailAuthentication))?;
        fields.end()
    }
}
