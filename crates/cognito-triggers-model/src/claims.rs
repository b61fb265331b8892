//! Claims for tokens.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

pub use crate::sorted_map::Iter;
use crate::sorted_map::{SortedMap, sorted_map_methods};

/// The claims that Cognito issues itself, in either token. `aud` is not among them: the access token may have one.
///
/// Every name that begins with `cognito:` is reserved as well, apart from groups and roles. `scope` is
/// reserved in access tokens by a rule of its own.
pub const RESERVED: [&str; 20] = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "client_id",
    "device_key",
    "event_id",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
    "username",
    "version",
];

/// Claims to put into a token, by name.
///
/// `V` is `String` for version 1 of token generation, and any JSON value from version 2 on. So an array can't end up where
/// Cognito would refuse it.
///
/// Claim values are personal data, so `Debug` prints the names only.
///
/// ```
/// use cognito_triggers::Claims;
/// use serde_json::{Value, json};
///
/// let simple: Claims<String> = Claims::from([("tenant", "acme")]);
/// let mut claims: Claims<Value> = Claims::from([("tenant", json!("acme")), ("roles", json!(["a", "b"]))]);
/// claims.insert("seats", 12);
/// assert_eq!(claims.get("seats"), Some(&json!(12)));
/// assert_eq!(format!("{claims:?}"), r#"{"roles", "seats", "tenant"}"#);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Claims<V>(SortedMap<V>);

sorted_map_methods!(Claims<V>, V, "claim");

impl Claims<Value> {
    /// Sets a claim to any value that can be written as JSON: a struct, a list, an `Option`.
    ///
    /// ```
    /// use cognito_triggers::Claims;
    /// use serde_json::json;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Plan { name: &'static str, seats: u32 }
    ///
    /// let mut claims = Claims::new();
    /// claims.insert_json("plan", &Plan { name: "team", seats: 12 })?;
    /// assert_eq!(claims.get("plan"), Some(&json!({"name": "team", "seats": 12})));
    /// # Ok::<_, serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the value can't be written as JSON, such as a map with keys that aren't strings.
    pub fn insert_json(&mut self, name: impl Into<String>, value: &impl Serialize) -> serde_json::Result<()> {
        self.insert(name, serde_json::to_value(value)?);
        Ok(())
    }
}

impl<V> fmt::Debug for Claims<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

impl<V: Serialize> Serialize for Claims<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_claim_of_a_name_wins() {
        let claims: Claims<String> = Claims::from([("b", "1"), ("a", "2"), ("b", "3")]);
        assert_eq!(serde_json::to_string(&claims).unwrap(), r#"{"a":"2","b":"3"}"#);
        assert_eq!(
            (claims.get("b").map(String::as_str), claims.get("c")),
            (Some("3"), None)
        );
        assert_eq!((claims.len(), claims.contains_key("a")), (2, true));
        let mut values = Vec::new();
        for (name, value) in &claims {
            values.push((name, value.as_str()));
        }
        assert_eq!(values, [("a", "2"), ("b", "3")]);
        assert_eq!(format!("{:?}", claims.iter()), r#"{"a", "b"}"#);
    }
}
