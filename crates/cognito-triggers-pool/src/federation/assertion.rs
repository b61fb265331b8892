//! What an identity provider says about a user, as InboundFederation gets it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::clock::Timestamp;
use crate::state::{IdentityProvider, ProviderType};

/// The attribute of a SAML assertion with the provider's id of the user.
const NAME_ID: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";

/// What a provider says about a user, by its origin. All values are strings, as in the event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assertion {
    /// The response of the token endpoint, for OIDC and social providers.
    pub(crate) token_response: BTreeMap<String, String>,
    /// The claims of the ID token, for OIDC, Google and Apple.
    pub(crate) id_token: BTreeMap<String, String>,
    /// The response of the userinfo endpoint, for OIDC and social providers.
    pub(crate) user_info: BTreeMap<String, String>,
    /// The attributes of the assertion, for SAML.
    pub(crate) saml: BTreeMap<String, String>,
}

impl Assertion {
    /// What the developer lets a provider say on the stand-in page.
    ///
    /// The tokens are made up, and nobody can use them anywhere.
    pub(crate) fn made_up(
        provider: &IdentityProvider,
        subject: &str,
        attributes: BTreeMap<String, String>,
        now: Timestamp,
    ) -> Self {
        let Some(claim) = provider.kind.subject_claim() else {
            let mut saml = attributes;
            saml.insert(NAME_ID.to_owned(), subject.to_owned());
            return Self {
                saml,
                ..Self::default()
            };
        };
        let detail = |name: &str| provider.details.get(name).cloned().unwrap_or_default();
        let pairs = |pairs: &[(&str, String)]| {
            let owned = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()));
            owned.collect::<BTreeMap<_, _>>()
        };
        let mut user_info = attributes.clone();
        user_info.insert(claim.to_owned(), subject.to_owned());
        let mut token_response = pairs(&[
            ("access_token", "made-up-access-token".to_owned()),
            ("token_type", "Bearer".to_owned()),
            ("expires_in", "3600".to_owned()),
            ("scope", detail("authorize_scopes")),
        ]);
        let mut id_token = BTreeMap::new();
        if !matches!(
            provider.kind,
            ProviderType::Facebook | ProviderType::LoginWithAmazon
        ) {
            token_response.insert("id_token".to_owned(), "made.up.token".to_owned());
            id_token = attributes;
            id_token.extend(pairs(&[
                ("sub", subject.to_owned()),
                ("iss", detail("oidc_issuer")),
                ("aud", format!("[{}]", detail("client_id"))),
                ("iat", date(now.seconds())),
                ("exp", date(now.seconds() + 3600)),
            ]));
        }
        Self {
            token_response,
            id_token,
            user_info,
            saml: BTreeMap::new(),
        }
    }

    /// All attributes in one map. The userinfo endpoint wins over the ID token.
    ///
    /// The tokens themselves are among them, as `access_token` and `id_token`: AWS documents that they can be mapped to custom
    /// attributes, to call the provider later.
    pub(super) fn merged(&self) -> BTreeMap<String, String> {
        let tokens = ["access_token", "id_token"].into_iter();
        let tokens = tokens.filter_map(|name| self.token_response.get_key_value(name));
        let mut merged: BTreeMap<_, _> = tokens
            .map(|(name, token)| (name.clone(), token.clone()))
            .collect();
        merged.extend(self.id_token.clone());
        merged.extend(self.user_info.clone());
        merged.extend(self.saml.clone());
        merged
    }

    /// The provider's own id of the user. `None` if it sent none.
    pub(super) fn subject(&self, kind: ProviderType) -> Option<&str> {
        match kind.subject_claim() {
            None => self.saml.get(NAME_ID),
            Some(claim) => self.id_token.get(claim).or(self.user_info.get(claim)),
        }
        .map(String::as_str)
        .filter(|subject| !subject.is_empty())
    }

    /// `request.attributes` of the event.
    pub(super) fn to_json(&self, kind: ProviderType) -> Value {
        let parts = match kind {
            ProviderType::Saml => vec![("samlResponse", &self.saml)],
            ProviderType::Facebook | ProviderType::LoginWithAmazon => {
                vec![
                    ("tokenResponse", &self.token_response),
                    ("userInfo", &self.user_info),
                ]
            }
            _ => vec![
                ("tokenResponse", &self.token_response),
                ("idToken", &self.id_token),
                ("userInfo", &self.user_info),
            ],
        };
        let parts = parts
            .into_iter()
            .map(|(name, part)| (name.to_owned(), json!(part)));
        Value::Object(parts.collect::<Map<_, _>>())
    }
}

/// A claim as a string: a string as it is, a date as Java prints it, an array like Java's, and everything else as JSON. This is
/// how a captured event has them.
pub(crate) fn claim(name: &str, value: &Value) -> String {
    match (name, value) {
        ("exp" | "iat" | "auth_time" | "nbf", Value::Number(seconds)) => {
            let whole = || {
                Duration::try_from_secs_f64(seconds.as_f64()?)
                    .ok()?
                    .as_secs()
                    .try_into()
                    .ok()
            };
            date(seconds.as_i64().or_else(whole).unwrap_or_default())
        }
        ("aud", Value::String(audience)) => format!("[{audience}]"),
        ("aud", Value::Array(list)) => {
            let names: Vec<_> = list.iter().filter_map(Value::as_str).collect();
            format!("[{}]", names.join(", "))
        }
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// A date as Java prints it: `Thu Feb 05 06:52:10 UTC 2026`. `seconds` is the time since 1970.
fn date(seconds: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 1 March of the year 0, in eras of 400 years: the months then have a regular length.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = (month + 2).rem_euclid(12);
    let year = era * 400 + year_of_era + i64::from(month < 2);
    let name = |names: &[&'static str], index: i64| {
        let index = usize::try_from(index).unwrap_or_default();
        names.get(index).copied().unwrap_or_default()
    };
    format!(
        "{} {} {day:02} {:02}:{:02}:{:02} UTC {year}",
        name(&DAYS, days.rem_euclid(7)),
        name(&MONTHS, month),
        time / 3600,
        time / 60 % 60,
        time % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: Java's `new Date(millis).toString()` in UTC; the first is from a captured event.
    #[test]
    fn a_date_reads_as_java_prints_it() {
        for (seconds, expected) in [
            (1_770_274_330, "Thu Feb 05 06:52:10 UTC 2026"),
            (0, "Thu Jan 01 00:00:00 UTC 1970"),
            (951_782_399, "Mon Feb 28 23:59:59 UTC 2000"),
            (951_782_400, "Tue Feb 29 00:00:00 UTC 2000"),
            (951_868_800, "Wed Mar 01 00:00:00 UTC 2000"),
            (1_735_689_599, "Tue Dec 31 23:59:59 UTC 2024"),
        ] {
            assert_eq!(date(seconds), expected);
        }
    }

    #[test]
    fn claims_become_strings_as_in_a_captured_event() {
        assert_eq!(claim("aud", &json!("a")), "[a]");
        assert_eq!(claim("aud", &json!(["a", "b"])), "[a, b]");
        assert_eq!(claim("exp", &json!(0)), "Thu Jan 01 00:00:00 UTC 1970");
        assert_eq!(claim("exp", &json!(59.75)), "Thu Jan 01 00:00:59 UTC 1970");
        assert_eq!(claim("email_verified", &json!(false)), "false");
        assert_eq!(
            claim("user_metadata", &json!({ "role": "developer" })),
            r#"{"role":"developer"}"#
        );
        assert_eq!(claim("name", &json!("Ana")), "Ana");
    }
}
