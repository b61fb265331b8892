//! The OAuth 2.0 and OpenID Connect endpoints of all pools of the listener.
//!
//! A pool has no host name of its own here. Each request names an app client, which belongs to one pool, or has a token that
//! does. The rows of the truth table are FE-06 to FE-08, FE-14, and CC-01 to CC-03.

pub(crate) mod authorize;
mod client_auth;
pub(crate) mod client_credentials;
pub(crate) mod location;
pub(crate) mod logout;
mod redirect;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod user_info;

use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::ids::Ids;

/// The error of an OAuth endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OAuthError {
    /// A code of RFC 6749, such as `invalid_grant`.
    pub(crate) code: &'static str,
    /// `error_description`. `None` where Cognito sends only the code.
    pub(crate) description: Option<String>,
}

impl OAuthError {
    /// An error with a code alone.
    pub(crate) fn new(code: &'static str) -> Self {
        let description = None;
        Self { code, description }
    }

    /// An error with an explanation for the developer. The texts are ours.
    pub(crate) fn because(code: &'static str, description: impl Into<String>) -> Self {
        let description = Some(description.into());
        Self { code, description }
    }

    /// The error for a trigger that failed: `invalid_request` with the message that a caller of the API would get, and what
    /// AWS's own client appends to it.
    pub(crate) fn of_trigger(error: &ApiError, ids: &Ids) -> Self {
        let description = format!(
            "{} (Service: AWSCognitoIdentityProviderInternalService; Status Code: 400; Error Code: {}; Request ID: {})",
            error.message(),
            error.class(),
            ids.uuid()
        );
        Self::because("invalid_request", description)
    }

    /// The error for a missing parameter.
    fn missing(name: &str) -> Self {
        Self::because("invalid_request", format!("{name} is missing."))
    }

    /// The error for the exception of a grant: that of a failing trigger, or `invalid_grant`.
    fn of_grant(error: &ApiError, ids: &Ids) -> Self {
        if is_of_trigger(error) {
            Self::of_trigger(error, ids)
        } else {
            Self::new("invalid_grant")
        }
    }

    /// The body of a response.
    pub(crate) fn to_json(&self) -> Value {
        match &self.description {
            None => json!({ "error": self.code }),
            Some(description) => json!({ "error": self.code, "error_description": description }),
        }
    }
}

/// The scopes of the parameter `scope`, each once. `None` if one isn't allowed.
fn requested_scopes<'a>(text: &'a str, allowed: &[&str]) -> Option<Vec<&'a str>> {
    let mut scopes = Vec::new();
    for scope in text.split_whitespace() {
        if !allowed.contains(&scope) {
            return None;
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Some(scopes)
}

/// `AuthenticationResult` in the names of OAuth.
fn token_response(result: Map<String, Value>) -> Value {
    let names = [
        ("AccessToken", "access_token"),
        ("IdToken", "id_token"),
        ("RefreshToken", "refresh_token"),
        ("ExpiresIn", "expires_in"),
        ("TokenType", "token_type"),
    ];
    let members = names
        .into_iter()
        .filter_map(|(name, oauth)| Some((oauth.to_owned(), result.get(name)?.clone())));
    Value::Object(members.collect())
}

/// Whether an exception comes from a function of a trigger.
fn is_of_trigger(error: &ApiError) -> bool {
    matches!(
        error.class(),
        "UserLambdaValidationException" | "UnexpectedLambdaException" | "InvalidLambdaResponseException"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_scope_counts_once() {
        let allowed = ["a/read", "a/write"];
        let requested = requested_scopes("a/write a/read  a/write", &allowed);
        assert_eq!(requested, Some(vec!["a/write", "a/read"]));
        assert_eq!(requested_scopes("a/read b/read", &allowed), None);
    }
}
