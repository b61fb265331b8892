//! Claims for tokens.

use std::collections::BTreeMap;

use serde::Serialize;

/// Claims to put into a token, by name. `V` is `String` for version 1 of token generation and any JSON value from
/// version 2 on, so that a list can't end up where Cognito would refuse it.
///
/// ```
/// use cognito_triggers::Claims;
/// use serde_json::{Value, json};
///
/// let claims: Claims<Value> = Claims::from([("tenant", json!("acme")), ("roles", json!(["a", "b"]))]);
/// let simple: Claims<String> = Claims::from([("tenant", "acme")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Claims<V>(BTreeMap<String, V>);

impl<V> Claims<V> {
    /// No claims.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a claim, or replaces the one of this name.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<V>) {
        self.0.insert(name.into(), value.into());
    }

    /// The claim of this name.
    pub fn get(&self, name: &str) -> Option<&V> {
        self.0.get(name)
    }

    /// The claims in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are no claims.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V> Default for Claims<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Into<String>, W: Into<V>, V> FromIterator<(K, W)> for Claims<V> {
    fn from_iter<I: IntoIterator<Item = (K, W)>>(claims: I) -> Self {
        Self(
            claims
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

impl<K: Into<String>, W: Into<V>, V, const N: usize> From<[(K, W); N]> for Claims<V> {
    fn from(claims: [(K, W); N]) -> Self {
        claims.into_iter().collect()
    }
}
