//! Inbound federation: chooses the attributes of an identity provider that reach the pool.
//!
//! [AWS: inbound federation Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html).
//! It runs at every federated sign-in, the first one included, before Cognito stores anything. The event holds the
//! provider's tokens. An error ends the sign-in.
//!
#![doc = include_str!("../../docs/inbound_federation.md")]

use serde::{Deserialize, Serialize};

use crate::{
    lenient,
    non_exhaustive::NonExhaustive,
    open_enum::open_enum,
    route::Route,
    secret::Secret,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The inbound federation trigger.
pub struct InboundFederation;

impl trigger::sealed::Sealed for InboundFederation {}

impl Trigger for InboundFederation {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::InboundFederation);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    lambda_version: Some("V1_0"),
    sources: Source::ALL,
    ..Definition::new(
        Route::InboundFederation,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html",
    )
};

trigger::sources! {
    /// When the trigger runs.
    prefix "InboundFederation";
    /// A user signs in through an identity provider, for the first time or again.
    ExternalProvider = "ExternalProvider",
}

/// What the identity provider sent. [`Event::user_name`](crate::Event::user_name) is the provider's subject, with or
/// without the provider's name before it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The provider's name in the pool.
    #[serde(default, deserialize_with = "lenient::string_or_empty")]
    pub provider_name: String,
    /// The type of the provider.
    #[serde(default = "untyped")]
    pub provider_type: ProviderType,
    /// What the provider sent, by its origin.
    #[serde(default, deserialize_with = "lenient::object")]
    pub attributes: ProviderAttributes,
}

fn untyped() -> ProviderType {
    ProviderType::Unknown(String::new())
}

open_enum! {
    /// The type of an identity provider.
    pub enum ProviderType {
        /// OpenID Connect.
        Oidc = "OIDC",
        /// SAML 2.0.
        Saml = "SAML",
        /// Facebook.
        Facebook = "Facebook",
        /// Google.
        Google = "Google",
        /// Sign in with Apple.
        SignInWithApple = "SignInWithApple",
        /// Login with Amazon.
        LoginWithAmazon = "LoginWithAmazon",
    }
}

/// The attributes and tokens of an identity provider. A part that isn't an object reads as empty.
///
/// SAML fills only `saml_response`, and the other types fill the other parts. Facebook sends no ID token.
///
/// All values are strings. Objects and arrays arrive as JSON, and a boolean as `"false"`. `exp` and `iat` of an ID token
/// arrive as `"Thu Feb 05 06:52:10 UTC 2026"`, and `aud` as `"[client-id]"`; see
/// [`audience`](ProviderAttributes::audience).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct ProviderAttributes {
    /// The response of the provider's token endpoint.
    #[serde(default, deserialize_with = "lenient::object")]
    pub token_response: TokenResponse,
    /// The claims of the ID token.
    #[serde(default, deserialize_with = "lenient::object")]
    pub id_token: TextMap,
    /// The response of the provider's userinfo endpoint; may be empty.
    #[serde(default, deserialize_with = "lenient::object")]
    pub user_info: TextMap,
    /// The attributes of the SAML assertion.
    #[serde(default, deserialize_with = "lenient::object")]
    pub saml_response: TextMap,
}

impl ProviderAttributes {
    /// All attributes in one map, as a start for the answer's `userAttributesToMap`: what an answer leaves out is dropped.
    ///
    /// If a name occurs more than once, `userInfo` wins over the ID token. SAML fills one part only.
    ///
    /// ```
    /// use cognito_triggers::{Event, InboundFederation};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let event = Event::<InboundFederation>::from_json(
    ///     r#"{"triggerSource": "InboundFederation_ExternalProvider", "request": {"attributes": {
    ///         "idToken": {"sub": "7", "name": "ana"}, "userInfo": {"name": "Ana", "locale": "sv"}}}}"#,
    /// )?;
    /// let merged = event.request.attributes.merged();
    /// assert_eq!((merged.get("sub"), merged.get("name"), merged.len()), (Some("7"), Some("Ana"), 3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn merged(&self) -> TextMap {
        let parts = [&self.saml_response, &self.id_token, &self.user_info];
        parts.into_iter().flat_map(TextMap::iter).collect()
    }

    /// The audiences of the ID token, parsed from the string `[one, two]`.
    pub fn audience(&self) -> impl Iterator<Item = &str> {
        let text = self.id_token.get("aud").unwrap_or_default();
        let inner = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'))
            .unwrap_or(text);
        inner
            .split(',')
            .map(|audience| audience.trim().trim_matches('"'))
            .filter(|audience| !audience.is_empty())
    }
}

/// The response of a provider's token endpoint, with the names of OAuth.
#[derive(Clone, Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct TokenResponse {
    /// The provider's access token.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub access_token: Option<Secret>,
    /// The provider's signed ID token.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub id_token: Option<Secret>,
    /// The provider's refresh token.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub refresh_token: Option<Secret>,
    /// The type of the access token, `Bearer`.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub token_type: Option<String>,
    /// The lifetime of the access token in seconds, as a string.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub expires_in: Option<String>,
    /// The granted scopes, separated by spaces.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub scope: Option<String>,
}

/// The attributes that reach the pool. The default passes on all attributes as the provider sent them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Attributes by the **provider's** names, before the pool's attribute mapping. An empty map changes nothing.
    ///
    /// Cognito drops the attributes that a map with entries doesn't have, so it needs everything that the mapping uses, the
    /// subject included. A value over 2,048 characters fails the sign-in.
    pub user_attributes_to_map: TextMap,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audience_is_unwrapped() {
        let audience = |json: &str| {
            let attributes: ProviderAttributes = serde_json::from_str(json).unwrap();
            attributes.audience().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(audience(r#"{"idToken":{"aud":"[client-id]"}}"#), ["client-id"]);
        assert_eq!(audience(r#"{"idToken":{"aud":["a","b"]}}"#), ["a", "b"]);
        assert_eq!(audience(r#"{"idToken":{"aud":"plain"}}"#), ["plain"]);
        assert!(audience(r#"{"idToken":null}"#).is_empty());
    }

    #[test]
    fn tokens_are_not_printed() {
        let json =
            r#"{"tokenResponse":{"access_token":"s3cr3t","refresh_token":"s3cr3t","expires_in":3600}}"#;
        let attributes: ProviderAttributes = serde_json::from_str(json).unwrap();
        assert!(!format!("{attributes:?}").contains("s3cr3t"));
        assert_eq!(attributes.token_response.expires_in.as_deref(), Some("3600"));
    }
}
