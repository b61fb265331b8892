//! Pre token generation, version 1: changes string claims of the ID token.
//!
//! The module [`pre_token_generation`] has what the versions share, and AWS's page. An
//! error fails the call, and the user reads `PreTokenGeneration failed with error …`.

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    claims::Claims,
    lenient,
    non_exhaustive::NonExhaustive,
    route::Route,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
    triggers::pre_token_generation::{self, GroupConfiguration, GroupOverrideDetails},
};

pub use crate::triggers::pre_token_generation::Source;

/// The pre token generation trigger in version 1, the default of a pool.
pub struct PreTokenGenerationV1;

impl trigger::sealed::Sealed for PreTokenGenerationV1 {}

impl Trigger for PreTokenGenerationV1 {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::PreTokenGenerationV1);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    lambda_version: Some("V1_0"),
    prefix: "TokenGeneration",
    sources: pre_token_generation::WITH_USER,
    ..Definition::new(Route::PreTokenGenerationV1, pre_token_generation::PAGE)
};

/// The user who gets tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// The user's groups and roles. `None` in some pools, which send null.
    #[serde(default, deserialize_with = "lenient::optional_object")]
    pub group_configuration: Option<GroupConfiguration>,
    /// `ClientMetadata` of RespondToAuthChallenge, AdminRespondToAuthChallenge and GetTokensFromRefreshToken; never that of
    /// InitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// Changes to the ID token. The default changes nothing.
///
/// ```
/// use cognito_triggers::{Claims, pre_token_generation_v1::Response};
///
/// let response = Response {
///     claims_to_add_or_override: Claims::from([("tenant", "acme")]),
///     ..Default::default()
/// };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Claims to add to the ID token, or to replace there: strings only, because Cognito refuses other types.
    pub claims_to_add_or_override: Claims<String>,
    /// Names of claims to remove from the ID token. If a claim is also added, Cognito removes it.
    pub claims_to_suppress: Vec<String>,
    /// Whether both tokens keep the user's groups.
    pub group_override_details: GroupOverrideDetails,
    #[doc(hidden)]
    pub _non_exhaustive: NonExhaustive,
}

impl Serialize for Response {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            claims_override_details: Option<ClaimsOverrideDetails<'a>>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct ClaimsOverrideDetails<'a> {
            #[serde(skip_serializing_if = "Claims::is_empty")]
            claims_to_add_or_override: &'a Claims<String>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            claims_to_suppress: &'a [String],
            #[serde(skip_serializing_if = "GroupOverrideDetails::is_unchanged")]
            group_override_details: &'a GroupOverrideDetails,
        }
        let details = (*self != Self::default()).then_some(ClaimsOverrideDetails {
            claims_to_add_or_override: &self.claims_to_add_or_override,
            claims_to_suppress: &self.claims_to_suppress,
            group_override_details: &self.group_override_details,
        });
        Wire {
            claims_override_details: details,
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(response: &Response) -> String {
        serde_json::to_string(response).unwrap()
    }

    #[test]
    fn groups_are_written_only_when_asked_for() {
        assert_eq!(json(&Response::default()), r#"{"claimsOverrideDetails":null}"#);
        let claims = Response {
            claims_to_add_or_override: Claims::from([("tenant", "acme")]),
            ..Default::default()
        };
        assert_eq!(
            json(&claims),
            r#"{"claimsOverrideDetails":{"claimsToAddOrOverride":{"tenant":"acme"}}}"#
        );
        let none = Response {
            group_override_details: GroupOverrideDetails::Suppress,
            ..Default::default()
        };
        assert_eq!(
            json(&none),
            r#"{"claimsOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":[],"iamRolesToOverride":[],"preferredRole":null}}}"#
        );
    }
}
