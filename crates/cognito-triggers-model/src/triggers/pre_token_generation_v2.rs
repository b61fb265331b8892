//! Pre token generation, version 2: changes claims of any JSON type in both tokens, and scopes.
//!
//! The module [`pre_token_generation`] has what the versions share, and AWS's page. An
//! error fails the call, and the user reads `PreTokenGenerationV2_0 failed with error …`. The pool needs the
//! Essentials or Plus plan; a Lite pool with advanced security from before 2024-11-22 keeps this version.
//!
//! Version 3 has the same request and response, so one generic function can serve both:
//!
//! ```
//! use cognito_triggers::{
//!     Claims, Context, Event, Result, Router, model::Trigger, pre_token_generation_v2, router,
//! };
//! use pre_token_generation_v2::{AccessTokenGeneration, Request, Response};
//!
//! async fn add_tenant<T>(_: Context<()>, event: Event<T>) -> Result<Response>
//! where
//!     T: Trigger<Request = Request, Response = Response>,
//! {
//!     let tenant = event.request.user_attributes.custom("tenant").unwrap_or("none");
//!     let claims_to_add_or_override = Claims::from([("tenant", tenant)]);
//!     let access_token_generation = AccessTokenGeneration { claims_to_add_or_override, ..Default::default() };
//!     Ok(Response { access_token_generation, ..Default::default() })
//! }
//!
//! let router: Router<()> = router! {
//!     pre_token_generation_v2 => add_tenant,
//!     pre_token_generation_v3 => add_tenant,
//! };
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// The pre token generation trigger in version 2.
pub struct PreTokenGenerationV2;

impl trigger::sealed::Sealed for PreTokenGenerationV2 {}

impl Trigger for PreTokenGenerationV2 {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::PreTokenGenerationV2);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    lambda_version: Some("V2_0"),
    event_version: "2",
    prefix: "TokenGeneration",
    error_name: "PreTokenGenerationV2_0",
    sources: pre_token_generation::WITH_USER,
    ..Definition::new(Route::PreTokenGenerationV2, pre_token_generation::PAGE)
};

/// The user or machine that gets tokens, in versions 2 and 3.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The user's attributes; empty for a machine.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// The user's groups and roles. `None` for a machine, and in some pools for users too.
    #[serde(default, deserialize_with = "lenient::optional_object")]
    pub group_configuration: Option<GroupConfiguration>,
    /// The scopes of the access token: `aws.cognito.signin.user.admin` for a sign-in through the API, and the requested
    /// ones for OAuth.
    #[serde(default, deserialize_with = "lenient::strings")]
    pub scopes: Vec<String>,
    /// `ClientMetadata` of RespondToAuthChallenge, AdminRespondToAuthChallenge and GetTokensFromRefreshToken; for a
    /// machine, `aws_client_metadata` of the token request or `ClientMetadata` of GetClientToken.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// Changes to both tokens, in versions 2 and 3. The default changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Changes to the ID token.
    pub id_token_generation: IdTokenGeneration,
    /// Changes to the access token.
    pub access_token_generation: AccessTokenGeneration,
    /// Whether both tokens keep the user's groups.
    pub group_override_details: GroupOverrideDetails,
    #[doc(hidden)]
    pub _non_exhaustive: NonExhaustive,
}

impl Response {
    /// A response that adds the same claims to both tokens, or replaces them there.
    ///
    /// ```
    /// use cognito_triggers::{Claims, pre_token_generation_v2::Response};
    ///
    /// let response = Response::with_claims(Claims::from([("tenant", "harbor")]));
    /// assert!(response.id_token_generation.claims_to_add_or_override.contains_key("tenant"));
    /// assert!(response.access_token_generation.claims_to_add_or_override.contains_key("tenant"));
    /// ```
    pub fn with_claims(claims: Claims<Value>) -> Self {
        let mut response = Self::default();
        response.id_token_generation.claims_to_add_or_override = claims.clone();
        response.access_token_generation.claims_to_add_or_override = claims;
        response
    }
}

/// Changes to the ID token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdTokenGeneration {
    /// Claims to add or replace: any JSON value. `email_verified`, `phone_number_verified`, `updated_at` and `address`
    /// can't be arrays or objects.
    #[serde(skip_serializing_if = "Claims::is_empty")]
    pub claims_to_add_or_override: Claims<Value>,
    /// Names of claims to remove.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims_to_suppress: Vec<String>,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}

/// Changes to the access token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessTokenGeneration {
    /// Claims to add or replace: any JSON value. `aud` can only be the id of the app client.
    #[serde(skip_serializing_if = "Claims::is_empty")]
    pub claims_to_add_or_override: Claims<Value>,
    /// Names of claims to remove.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims_to_suppress: Vec<String>,
    /// Scopes to add, one per element. They don't have to exist on a resource server.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_to_add: Vec<String>,
    /// Scopes to remove.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_to_suppress: Vec<String>,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}

impl Serialize for Response {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            claims_and_scope_override_details: Option<ClaimsAndScopeOverrideDetails<'a>>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct ClaimsAndScopeOverrideDetails<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            id_token_generation: Option<&'a IdTokenGeneration>,
            #[serde(skip_serializing_if = "Option::is_none")]
            access_token_generation: Option<&'a AccessTokenGeneration>,
            #[serde(skip_serializing_if = "GroupOverrideDetails::is_unchanged")]
            group_override_details: &'a GroupOverrideDetails,
        }
        let details = (*self != Self::default()).then(|| ClaimsAndScopeOverrideDetails {
            id_token_generation: Some(&self.id_token_generation)
                .filter(|token| **token != Default::default()),
            access_token_generation: Some(&self.access_token_generation)
                .filter(|token| **token != Default::default()),
            group_override_details: &self.group_override_details,
        });
        Wire {
            claims_and_scope_override_details: details,
        }
        .serialize(serializer)
    }
}
