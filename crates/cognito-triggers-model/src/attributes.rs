//! The attributes of a user, and the traps in them.

use std::{
    ops::{Deref, DerefMut},
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use crate::{Malformed, TextMap, lenient};

/// What Cognito writes into a required attribute that nobody supplied.
const NOT_SUPPLIED: &str = "cognito:default_val";

/// The attributes of a user: standard ones by their OpenID name (`email`), the pool's own with `custom:`, and
/// what Cognito adds (`sub`, `cognito:user_status`, `identities`).
///
/// All values are texts on the wire, also those that aren't in meaning; the readers here give them their type.
/// [`get`](Attributes::get) hides the literal `cognito:default_val`, which Cognito stores in a required attribute
/// that nobody supplied; everything else is as received. Before a person is signed up there is no `sub` and no
/// status; in a migration and for a machine there are no attributes at all.
///
/// ```
/// use cognito_triggers::{Attributes, UserStatus};
///
/// let attributes = Attributes::from([
///     ("email", "ana@example.com"),
///     ("email_verified", "True"),
///     ("cognito:user_status", "FORCE_CHANGE_PASSWORD"),
///     ("name", "cognito:default_val"),
/// ]);
/// assert_eq!(attributes.email_verified(), Some(true));
/// assert_eq!(attributes.user_status(), Some(UserStatus::ForceChangePassword));
/// assert_eq!(attributes.get("name"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(TextMap);

impl Attributes {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of an attribute. `None` if it is absent, null, or was never supplied (`cognito:default_val`).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).filter(|value| *value != NOT_SUPPLIED)
    }

    /// The value of a custom attribute, named without its prefix: `custom("tenant")` reads `custom:tenant`.
    pub fn custom(&self, name: &str) -> Option<&str> {
        let is_it = |known: &str| known.strip_prefix("custom:") == Some(name);
        self.0
            .iter()
            .filter(|(known, _)| is_it(known))
            .last()
            .map(|(_, value)| value)
            .filter(|v| *v != NOT_SUPPLIED)
    }

    /// The user's identifier, a UUID that never changes. Absent before sign-up and for machines.
    pub fn sub(&self) -> Option<&str> {
        self.get("sub")
    }

    /// The e-mail address, verified or not.
    pub fn email(&self) -> Option<&str> {
        self.get("email")
    }

    /// The phone number in E.164 form (`+15555550123`), verified or not.
    pub fn phone_number(&self) -> Option<&str> {
        self.get("phone_number")
    }

    /// Whether the e-mail address is verified; `None` if the attribute is absent or no flag.
    /// Cognito writes `"true"`, code that set the attribute itself may have written `"True"`.
    pub fn email_verified(&self) -> Option<bool> {
        self.get("email_verified").and_then(lenient::parse_flag)
    }

    /// Whether the phone number is verified; as [`email_verified`](Attributes::email_verified).
    pub fn phone_number_verified(&self) -> Option<bool> {
        self.get("phone_number_verified").and_then(lenient::parse_flag)
    }

    /// The state of the account. Absent before sign-up.
    pub fn user_status(&self) -> Option<UserStatus> {
        self.get("cognito:user_status").map(UserStatus::parse)
    }

    /// The identities of a federated user; an empty list for everybody else.
    ///
    /// # Errors
    /// If the attribute is there and isn't the JSON text of a list.
    pub fn identities(&self) -> Result<Vec<Identity>, Malformed> {
        let Some(json) = self.get("identities").filter(|json| !json.is_empty()) else {
            return Ok(Vec::new());
        };
        lenient::objects(&mut serde_json::Deserializer::from_str(json))
            .map_err(|error| Malformed::attribute("identities", &error))
    }

    /// The moment before which all tokens of the user are invalid: the last global sign-out or revocation.
    pub fn tokens_not_before(&self) -> Option<SystemTime> {
        let millis = self.get("cognito:token_nbf")?.parse().ok()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis))
    }
}

/// The map as received, `cognito:default_val` included.
impl Deref for Attributes {
    type Target = TextMap;

    fn deref(&self) -> &TextMap {
        &self.0
    }
}

impl DerefMut for Attributes {
    fn deref_mut(&mut self) -> &mut TextMap {
        &mut self.0
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<K: AsRef<str>, V: AsRef<str>, const N: usize> From<[(K, V); N]> for Attributes {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

crate::words::words! {
    /// The state of an account, as `cognito:user_status` has it.
    pub enum UserStatus {
        /// Signed up, the address or number not yet confirmed.
        Unconfirmed = "UNCONFIRMED",
        /// Confirmed: may sign in.
        Confirmed = "CONFIRMED",
        /// Created by an administrator; the temporary password has not been changed yet.
        ForceChangePassword = "FORCE_CHANGE_PASSWORD",
        /// Comes from an identity provider.
        ExternalProvider = "EXTERNAL_PROVIDER",
        /// Must reset the password before the next sign-in.
        ResetRequired = "RESET_REQUIRED",
        /// Disabled for good.
        Archived = "ARCHIVED",
        /// Disabled because of a suspected attack.
        Compromised = "COMPROMISED",
    }
}

/// One account at an identity provider, linked to a user: an element of the `identities` attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Identity {
    /// The subject at the provider.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub user_id: String,
    /// The provider's name in the pool.
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub provider_name: String,
    /// `SAML`, `OIDC`, `Google`, …
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    pub provider_type: String,
    /// The SAML entity id; null for most providers.
    #[serde(default, deserialize_with = "lenient::filled")]
    pub issuer: Option<String>,
    /// Whether the account was created by this identity; false for one that was linked later.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub primary: bool,
    /// When the identity was linked, in milliseconds since 1970.
    #[serde(default, deserialize_with = "millis")]
    pub date_created: Option<u64>,
}

fn millis<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(lenient::text(deserializer)?.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_json_in_a_text() {
        let json = r#"[{"userId":"u1","providerName":"Okta","providerType":"OIDC","issuer":null,"primary":"true","dateCreated":"1611313260723"}]"#;
        let identities = Attributes::from([("identities", json)]).identities().unwrap();
        assert_eq!(identities.len(), 1);
        assert_eq!(
            (identities[0].provider_name.as_str(), identities[0].primary),
            ("Okta", true)
        );
        assert_eq!(
            (identities[0].issuer.as_deref(), identities[0].date_created),
            (None, Some(1_611_313_260_723))
        );
        assert!(Attributes::new().identities().unwrap().is_empty());
        assert!(
            Attributes::from([("identities", "null")])
                .identities()
                .unwrap()
                .is_empty()
        );
        let error = Attributes::from([("identities", "\"ana@example.com\"")])
            .identities()
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "`identities`: expected a list, or null (line 1, column 17)"
        );
    }

    #[test]
    fn a_value_nobody_supplied_is_no_value() {
        let attributes = Attributes::from([("name", NOT_SUPPLIED), ("custom:tenant", "acme")]);
        assert_eq!(attributes.get("name"), None);
        assert_eq!(TextMap::get(&attributes, "name"), Some(NOT_SUPPLIED));
        assert_eq!(attributes.custom("tenant"), Some("acme"));
    }

    #[test]
    fn a_status_of_the_future_is_kept() {
        let attributes = Attributes::from([("cognito:user_status", "SLEEPING")]);
        assert_eq!(
            attributes.user_status(),
            Some(UserStatus::Unknown("SLEEPING".into()))
        );
    }

    #[test]
    fn not_before_is_in_milliseconds() {
        let nbf = Attributes::from([("cognito:token_nbf", "1729589887570")]).tokens_not_before();
        assert_eq!(
            nbf,
            Some(SystemTime::UNIX_EPOCH + Duration::from_millis(1_729_589_887_570))
        );
    }
}
