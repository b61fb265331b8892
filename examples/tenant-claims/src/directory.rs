//! Who knows the tenants: a table, or the environment.

use std::{collections::BTreeMap, future::Future, pin::Pin, str::FromStr};

use cognito_triggers::{Claims, Result};
use serde::Deserialize;

/// What the directory has about a user or a machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The tenant's id: the claim `tenant`.
    pub tenant: String,
    /// What the tenant pays for: the claim `plan`, if there is one.
    #[serde(default)]
    pub plan: Option<String>,
    /// Scopes to add to the access token, in versions 2 and 3.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl Tenant {
    /// Checks an entry: a token with an empty tenant could pass for one of any tenant.
    ///
    /// # Errors
    /// Fails if the tenant is empty, or a scope is one that Cognito refuses.
    pub(crate) fn checked(self) -> Result<Self> {
        let is_scope = |scope: &String| !scope.is_empty() && !scope.contains(char::is_whitespace);
        if self.tenant.trim().is_empty() {
            return Err("an entry has an empty tenant".into());
        }
        if !self.scopes.iter().all(is_scope) {
            return Err(format!("a scope of tenant {} is empty or has a space", self.tenant).into());
        }
        Ok(self)
    }

    /// The claims, as strings: version 1 knows no other values.
    pub(crate) fn claims<V: for<'a> From<&'a str>>(&self) -> Claims<V> {
        let tenant = [("tenant", self.tenant.as_str())];
        let plan = self.plan.as_deref().map(|plan| ("plan", plan));
        let claims = tenant.into_iter().chain(plan);
        claims.map(|(name, value)| (name, V::from(value))).collect()
    }
}

/// A look-up in a directory.
pub type Finding<'a> = Pin<Box<dyn Future<Output = Result<Option<Tenant>>> + Send + 'a>>;

/// Knows the tenants of users and machines.
pub trait Directory: Send + Sync {
    /// Looks up `user#SUB` or `client#CLIENT_ID`. `None` if there is no entry.
    ///
    /// # Errors
    /// Fails if the directory can't say it. The text is logged.
    fn find<'a>(&'a self, id: &'a str) -> Finding<'a>;
}

/// A few tenants in an environment variable, for machines and for trying the function: `{"client#ID": {"tenant": "acme"}}`.
pub struct InEnvironment(BTreeMap<String, Tenant>);

impl FromStr for InEnvironment {
    type Err = String;

    fn from_str(json: &str) -> Result<Self, String> {
        let tenants: BTreeMap<String, Tenant> =
            serde_json::from_str(json).map_err(|error| format!("TENANTS can't be read: {error}"))?;
        for (id, tenant) in &tenants {
            if !["user#", "client#"].iter().any(|kind| id.starts_with(kind)) {
                return Err(format!("TENANTS has `{id}`: use user#SUB or client#CLIENT_ID"));
            }
            let checked = tenant.clone().checked();
            checked.map_err(|error| format!("TENANTS has `{id}`: {error}"))?;
        }
        Ok(Self(tenants))
    }
}

impl Directory for InEnvironment {
    fn find<'a>(&'a self, id: &'a str) -> Finding<'a> {
        Box::pin(async move { Ok(self.0.get(id).cloned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TENANTS;

    #[test]
    fn entries_that_would_mislead_are_refused() {
        let refusal = |json: &str| json.parse::<InEnvironment>().err().unwrap();
        assert!(refusal(r#"{"ana": {"tenant": "acme"}}"#).contains("`ana`: use user#SUB"));
        assert!(refusal(r#"{"user#1": {"tenant": " "}}"#).contains("empty tenant"));
        assert!(refusal(r#"{"user#1": {"tenant": "a", "scopes": ["a b"]}}"#).contains("has a space"));
        assert!(refusal(r#"{"user#1": {"tenant": "a", "role": "owner"}}"#).contains("unknown field `role`"));
        assert!(TENANTS.parse::<InEnvironment>().is_ok());
    }
}
