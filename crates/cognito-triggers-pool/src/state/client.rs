//! App clients.

use std::fmt;

use aws_lc_rs::constant_time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::Timestamp;

/// An app client, with its settings in the format of the API.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AppClient {
    pub(crate) id: String,
    pub(crate) pool_id: String,
    pub(crate) secret: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// The members of `UserPoolClient` that a caller sets.
    pub(crate) members: Map<String, Value>,
}

/// The secret isn't in debug output.
impl fmt::Debug for AppClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppClient")
            .field("id", &self.id)
            .field("pool_id", &self.pool_id)
            .field("members", &self.members)
            .finish_non_exhaustive()
    }
}

impl AppClient {
    /// Whether errors hide which users exist: `PreventUserExistenceErrors` is `ENABLED`.
    pub(crate) fn hides_users(&self) -> bool {
        self.string("PreventUserExistenceErrors") == Some("ENABLED")
    }

    /// Whether `ExplicitAuthFlows` has one of these names.
    pub(crate) fn allows(&self, flows: &[&str]) -> bool {
        self.strings("ExplicitAuthFlows")
            .any(|flow| flows.contains(&flow))
    }

    /// Whether the client may use the OAuth endpoints: `AllowedOAuthFlowsUserPoolClient`.
    pub(crate) fn allows_oauth(&self) -> bool {
        self.members.get("AllowedOAuthFlowsUserPoolClient") == Some(&Value::Bool(true))
    }

    /// Whether the client may use a grant of `AllowedOAuthFlows`.
    pub(crate) fn allows_grant(&self, grant: &str) -> bool {
        self.allows_oauth() && self.strings("AllowedOAuthFlows").any(|allowed| allowed == grant)
    }

    /// Whether this is the client's secret, compared in constant time. `None` if the client has none.
    pub(crate) fn secret_is(&self, given: &str) -> Option<bool> {
        let secret = self.secret.as_ref()?;
        Some(constant_time::verify_slices_are_equal(given.as_bytes(), secret.as_bytes()).is_ok())
    }

    /// Whether tokens of the client can be revoked: `EnableTokenRevocation`.
    pub(crate) fn revokes_tokens(&self) -> bool {
        self.members.get("EnableTokenRevocation") != Some(&Value::Bool(false))
    }

    /// Whether users may sign in with a provider through managed login; `COGNITO` is the pool itself. Without
    /// `SupportedIdentityProviders`, only the pool itself is.
    pub(crate) fn supports_provider(&self, name: &str) -> bool {
        let mut names = self.strings("SupportedIdentityProviders").peekable();
        match names.peek() {
            None => name == "COGNITO",
            Some(_) => names.any(|supported| supported == name),
        }
    }

    /// Whether the client may set this attribute.
    pub(crate) fn may_write(&self, attribute: &str) -> bool {
        !matches!(
            attribute,
            "sub" | "email_verified" | "phone_number_verified" | "identities"
        ) && !attribute.starts_with("dev:")
            && self.lists("WriteAttributes", attribute)
    }

    /// Whether a sign-in with an identity provider through the client may set this attribute. `email_verified` and the like
    /// are mapped too, although no user may write them.
    pub(crate) fn may_map(&self, attribute: &str) -> bool {
        self.lists("WriteAttributes", attribute)
    }

    /// Whether the client may read this attribute.
    pub(crate) fn may_read(&self, attribute: &str) -> bool {
        !attribute.starts_with("dev:") && self.lists("ReadAttributes", attribute)
    }

    /// A member that is a string.
    pub(crate) fn string(&self, member: &str) -> Option<&str> {
        self.members.get(member)?.as_str()
    }

    /// A member that is an integer.
    pub(crate) fn integer(&self, member: &str) -> Option<i64> {
        self.members.get(member)?.as_i64()
    }

    /// A member that is an array of strings; empty if it is missing.
    pub(crate) fn strings(&self, member: &str) -> impl Iterator<Item = &str> {
        let array = self.members.get(member).and_then(Value::as_array);
        array.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether an array of attributes names this one. A missing or empty array names all.
    fn lists(&self, member: &str, attribute: &str) -> bool {
        let mut names = self.strings(member).peekable();
        names.peek().is_none() || names.any(|name| name == attribute)
    }
}
