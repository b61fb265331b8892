//! Claims for tokens.

use std::fmt;

use serde::{Serialize, Serializer};

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
// A token gets a handful of claims: a list in the order of the names takes one allocation, a tree a large one.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims<V>(Vec<(String, V)>);

impl<V> Claims<V> {
    /// No claims.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a claim, or replaces the one of this name.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<V>) {
        let name = name.into();
        match self.place(&name) {
            Ok(place) => {
                if let Some((_, known)) = self.0.get_mut(place) {
                    *known = value.into();
                }
            }
            Err(place) => self.0.insert(place, (name, value.into())),
        }
    }

    /// The claim of this name.
    pub fn get(&self, name: &str) -> Option<&V> {
        let (_, value) = self.0.get(self.place(name).ok()?)?;
        Some(value)
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
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

/// The names only: the values are personal data.
impl<V> fmt::Debug for Claims<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl<V> Default for Claims<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Into<String>, W: Into<V>, V> FromIterator<(K, W)> for Claims<V> {
    fn from_iter<I: IntoIterator<Item = (K, W)>>(claims: I) -> Self {
        let mut all = Self::new();
        claims
            .into_iter()
            .for_each(|(name, value)| all.insert(name, value));
        all
    }
}

impl<K: Into<String>, W: Into<V>, V, const N: usize> From<[(K, W); N]> for Claims<V> {
    fn from(claims: [(K, W); N]) -> Self {
        claims.into_iter().collect()
    }
}

impl<V: Serialize> Serialize for Claims<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_claim_of_a_name_counts() {
        let claims: Claims<String> = Claims::from([("b", "1"), ("a", "2"), ("b", "3")]);
        assert_eq!(serde_json::to_string(&claims).unwrap(), r#"{"a":"2","b":"3"}"#);
        assert_eq!(
            (claims.get("b").map(String::as_str), claims.get("c")),
            (Some("3"), None)
        );
    }
}
