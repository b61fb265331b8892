//! In custom authentication, at the start and after each answer: challenge again, issue tokens, or fail.
//!
//! [AWS: define auth challenge Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html).
//! A wrong answer is no failure by itself; this trigger decides. Failing shows the person Cognito's own
//! `NotAuthorizedException`, an error `DefineAuthChallenge failed with error …`.
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

/// The trigger that directs custom authentication.
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
        "DefineAuthChallenge",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html",
    )
};

trigger::sources! {
    /// Why it runs.
    prefix "DefineAuthChallenge";
    /// A custom sign-in begins, or one of its challenges was answered.
    Authentication = "Authentication",
}

/// What Cognito tells about the sign-in so far.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes; empty for a user who doesn't exist.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// The challenges so far, in order.
    #[serde(default)]
    pub session: Session,
    /// `ClientMetadata` of RespondToAuthChallenge and AdminRespondToAuthChallenge; never that of InitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
    /// Whether the user doesn't exist. `None` unless the app client has `PreventUserExistenceErrors` enabled. When
    /// true, go through the motions as for anybody else and never issue tokens.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub user_not_found: Option<bool>,
}

/// The three ways out. There is no default: what becomes of a sign-in is always said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response {
    /// Go on with this challenge.
    Challenge(NextChallenge),
    /// The person is who they say: issue tokens.
    ///
    /// Right only if [`Session::custom_challenge_passed`]; a session whose last entry is a right `SRP_A` has not seen
    /// a password yet.
    IssueTokens,
    /// The sign-in is over.
    FailAuthentication,
}

/// A challenge that may come next. Second factors follow a password on their own and can't be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextChallenge {
    /// Your own: Cognito calls create auth challenge.
    CustomChallenge,
    /// The password. Possible only right after `SRP_A`.
    PasswordVerifier,
}

impl NextChallenge {
    /// The challenge's name on the wire.
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
