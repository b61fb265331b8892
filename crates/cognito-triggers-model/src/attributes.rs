//! The attributes of a user.

use std::{
    fmt,
    iter::FusedIterator,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use crate::{
    lenient,
    malformed::ParseEventError,
    open_enum::open_enum,
    text_map::{self, TextMap},
};

/// The value that Cognito stores in a required attribute that wasn't supplied.
const NOT_SUPPLIED: &str = "cognito:default_val";

/// Whether the value of an attribute was supplied.
fn has_value(&(_, value): &(&str, &str)) -> bool {
    value != NOT_SUPPLIED
}

/// The attributes of a user: standard ones by their OpenID name (`email`), the pool's own with the prefix `custom:`, and
/// those that Cognito adds (`sub`, `cognito:user_status`, `identities`).
///
/// Every value is a string in the event; the methods here convert it. Before a sign-up there is no `sub` and no status. In
/// a migration and for a machine there are no attributes at all.
///
/// Cognito stores `cognito:default_val` in a required attribute that wasn't supplied. All methods treat such an attribute
/// as absent; [`as_received`](Attributes::as_received) has it.
///
/// ```
/// use cognito_triggers::{Attributes, model::attributes::UserStatus};
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
/// assert_eq!(attributes.len(), 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(TextMap);

impl Attributes {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of an attribute; `None` if it is absent, null, or was never supplied.
    ///
    /// The name is that of the event, with the prefix of a custom attribute.
    ///
    /// ```
    /// use cognito_triggers::Attributes;
    ///
    /// let attributes = Attributes::from([("locale", "de-AT"), ("custom:tenant", "acme")]);
    /// assert_eq!(attributes.get("locale"), Some("de-AT"));
    /// assert_eq!(attributes.get("custom:tenant"), Some("acme"));
    /// assert_eq!(attributes.get("tenant"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).filter(|value| *value != NOT_SUPPLIED)
    }

    /// Whether the attribute has a value.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds an attribute, or replaces the one with this name.
    pub fn insert(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        self.0.insert(name, value);
    }

    /// Removes the attribute with this name and returns whether it had a value.
    pub fn remove(&mut self, name: &str) -> bool {
        let had_value = self.contains_key(name);
        self.0.remove(name);
        had_value
    }

    /// Names and values in the order of the event.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            left: self.len(),
            entries: self.0.iter(),
        }
    }

    /// The names in the order of the event.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.iter().map(|(name, _)| name)
    }

    /// The number of attributes that have a value.
    pub fn len(&self) -> usize {
        self.0.iter().filter(has_value).count()
    }

    /// Whether no attribute has a value.
    pub fn is_empty(&self) -> bool {
        !self.0.iter().any(|attribute| has_value(&attribute))
    }

    /// The attributes as received, with `cognito:default_val` for required attributes that weren't supplied.
    pub fn as_received(&self) -> &TextMap {
        &self.0
    }

    /// The value of a custom attribute without its prefix: `custom("tenant")` reads `custom:tenant`. `None` under the same
    /// conditions as [`get`](Self::get).
    ///
    /// ```
    /// use cognito_triggers::Attributes;
    ///
    /// let attributes = Attributes::from([("custom:tenant", "acme"), ("name", "Ana")]);
    /// assert_eq!(attributes.custom("tenant"), Some("acme"));
    /// assert_eq!(attributes.custom("name"), None);
    /// ```
    pub fn custom(&self, name: &str) -> Option<&str> {
        let mut attributes = self.0.iter().filter(has_value);
        let is_named = |known: &str| known.strip_prefix("custom:") == Some(name);
        attributes.find_map(|(known, value)| is_named(known).then_some(value))
    }

    /// The user's id: a UUID that never changes. Absent before the sign-up and for machines.
    pub fn sub(&self) -> Option<&str> {
        self.get("sub")
    }

    /// The email address, verified or not. `None` if the user has none.
    ///
    /// ```
    /// use cognito_triggers::Attributes;
    ///
    /// let attributes = Attributes::from([("email", "ana@example.com"), ("email_verified", "false")]);
    /// let verified = attributes.email().filter(|_| attributes.email_verified() == Some(true));
    /// assert_eq!((attributes.email(), verified), (Some("ana@example.com"), None));
    /// ```
    pub fn email(&self) -> Option<&str> {
        self.get("email")
    }

    /// The phone number in E.164 format (`+15555550123`), verified or not.
    pub fn phone_number(&self) -> Option<&str> {
        self.get("phone_number")
    }

    /// Whether the email address is verified; `None` if the attribute is absent or not a boolean.
    ///
    /// Cognito writes `"true"`. Code that set the attribute itself may have written `"True"`, which reads the same.
    pub fn email_verified(&self) -> Option<bool> {
        self.get("email_verified").and_then(lenient::parse_boolean)
    }

    /// Whether the phone number is verified; `None` if the attribute is absent or not a boolean.
    pub fn phone_number_verified(&self) -> Option<bool> {
        self.get("phone_number_verified").and_then(lenient::parse_boolean)
    }

    /// The status of the account. Absent before the sign-up.
    pub fn user_status(&self) -> Option<UserStatus> {
        self.get("cognito:user_status").map(UserStatus::parse)
    }

    /// The identities of a federated user; empty for other users.
    ///
    /// # Errors
    /// Fails if the attribute exists and isn't the JSON of an array.
    pub fn identities(&self) -> Result<Vec<Identity>, ParseEventError> {
        let Some(json) = self.get("identities").filter(|json| !json.is_empty()) else {
            return Ok(Vec::new());
        };
        lenient::objects(&mut serde_json::Deserializer::from_str(json))
            .map_err(|error| ParseEventError::attribute("identities", &error))
    }

    /// The time before which all of the user's tokens are invalid: the last global sign-out or revocation.
    pub fn tokens_not_before(&self) -> Option<SystemTime> {
        let millis = self.get("cognito:token_nbf")?.parse().ok()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis))
    }
}

impl<K: AsRef<str>, V: AsRef<str>> Extend<(K, V)> for Attributes {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, attributes: I) {
        self.0.extend(attributes);
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(attributes: I) -> Self {
        Self(attributes.into_iter().collect())
    }
}

impl<K: AsRef<str>, V: AsRef<str>, const N: usize> From<[(K, V); N]> for Attributes {
    fn from(attributes: [(K, V); N]) -> Self {
        attributes.into_iter().collect()
    }
}

impl IntoIterator for Attributes {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<TextMap>().into_iter()
    }
}

impl<'a> IntoIterator for &'a Attributes {
    type Item = (&'a str, &'a str);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Names and values of [`Attributes`] in the order of the event. `Debug` prints the names only.
#[derive(Clone)]
pub struct Iter<'a> {
    /// With those that have no value.
    entries: text_map::Iter<'a>,
    /// The number of attributes that have a value.
    left: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let attribute = self.entries.find(has_value)?;
        self.left -= 1;
        Some(attribute)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let attribute = self.entries.rfind(has_value)?;
        self.left -= 1;
        Some(attribute)
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl FusedIterator for Iter<'_> {}

impl fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.clone().map(|(name, _)| name)).finish()
    }
}

impl From<TextMap> for Attributes {
    fn from(attributes: TextMap) -> Self {
        Self(attributes)
    }
}

open_enum! {
    /// The status of an account, the attribute `cognito:user_status`.
    pub enum UserStatus {
        /// Signed up; the email address or phone number is not confirmed yet.
        Unconfirmed = "UNCONFIRMED",
        /// Confirmed: the user can sign in.
        Confirmed = "CONFIRMED",
        /// Created by an administrator; the user has to replace the temporary password.
        ForceChangePassword = "FORCE_CHANGE_PASSWORD",
        /// Signs in through an identity provider.
        ExternalProvider = "EXTERNAL_PROVIDER",
        /// The user has to reset the password before the next sign-in.
        ResetRequired = "RESET_REQUIRED",
        /// Disabled permanently.
        Archived = "ARCHIVED",
        /// Disabled because of a suspected attack.
        Compromised = "COMPROMISED",
    }
}

/// An account at an identity provider that is linked to a user: an element of the attribute `identities`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Identity {
    /// The subject: the user's id at the provider.
    #[serde(default, deserialize_with = "lenient::string_or_empty")]
    pub user_id: String,
    /// The name of the provider in the pool.
    #[serde(default, deserialize_with = "lenient::string_or_empty")]
    pub provider_name: String,
    /// The type of the provider: `SAML`, `OIDC`, `Google`, …
    #[serde(default, deserialize_with = "lenient::string_or_empty")]
    pub provider_type: String,
    /// The SAML entity id; `None` for most providers.
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub issuer: Option<String>,
    /// Whether the user was created through this identity; false if it was linked later.
    #[serde(default, deserialize_with = "lenient::boolean_or_false")]
    pub primary: bool,
    /// When the identity was linked, in milliseconds since 1970-01-01 UTC.
    #[serde(default, deserialize_with = "millis")]
    pub date_created: Option<u64>,
}

fn millis<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(lenient::string(deserializer)?.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_json_in_a_string() {
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
            "`identities`: expected an array, or null (line 1, column 17)"
        );
    }

    #[test]
    fn the_default_value_counts_as_absent() {
        let attributes = Attributes::from([("name", NOT_SUPPLIED), ("custom:tenant", "acme")]);
        assert_eq!(attributes.get("name"), None);
        assert!(!attributes.contains_key("name"));
        assert_eq!(attributes.iter().collect::<Vec<_>>(), [("custom:tenant", "acme")]);
        assert_eq!(attributes.len(), attributes.clone().into_iter().count());
        assert_eq!(format!("{:?}", attributes.iter()), r#"{"custom:tenant"}"#);
        assert_eq!(attributes.as_received().get("name"), Some(NOT_SUPPLIED));
        assert_eq!(attributes.custom("tenant"), Some("acme"));
    }

    #[test]
    fn a_reference_iterates_over_attributes_with_a_value() {
        let attributes = Attributes::from([
            ("name", NOT_SUPPLIED),
            ("a", "1"),
            ("b", "2"),
            ("z", NOT_SUPPLIED),
        ]);
        let mut pairs = Vec::new();
        for (name, value) in &attributes {
            pairs.push((name, value));
        }
        assert_eq!(pairs, [("a", "1"), ("b", "2")]);
        let mut names = attributes.keys();
        assert_eq!((names.len(), names.next_back()), (2, Some("b")));
        assert_eq!((names.len(), names.next()), (1, Some("a")));
        assert_eq!((names.len(), names.next(), names.next_back()), (0, None, None));
    }

    #[test]
    fn an_unknown_status_is_kept() {
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
