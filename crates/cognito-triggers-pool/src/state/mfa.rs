//! The second factors of a user.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::factor::Factor;
use super::failures::Failures;
use super::software_token::{Secret, SoftwareToken};

/// The second factors of a user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Mfa {
    /// The factors that are turned on: `UserMFASettingList`.
    pub(crate) enabled: BTreeSet<Factor>,
    /// Whether SMS is turned on in the old way: `MFAOptions` of SetUserSettings.
    #[serde(default)]
    pub(crate) sms_option: bool,
    /// `PreferredMfaSetting`; one of the factors that are turned on.
    pub(crate) preferred: Option<Factor>,
    /// The registered authenticator app.
    pub(crate) token: Option<SoftwareToken>,
    /// The secret of an app that the user hasn't proven yet.
    pub(crate) unverified: Option<Secret>,
    /// Whether a passkey replaces the second factor, where the pool allows it: `WebAuthnMfaSettings`.
    #[serde(default)]
    pub(crate) passkey: bool,
    /// Wrong codes since the last right one.
    pub(crate) failures: Failures,
}

impl Mfa {
    /// Whether a factor is turned on.
    pub(crate) fn has(&self, factor: Factor) -> bool {
        self.enabled.contains(&factor) || (factor == Factor::Sms && self.sms_option)
    }

    /// `MFAOptions`, if SMS is turned on in the old way.
    pub(crate) fn options(&self) -> Option<(String, Value)> {
        let option = json!([{ "DeliveryMedium": "SMS", "AttributeName": "phone_number" }]);
        self.sms_option.then(|| ("MFAOptions".to_owned(), option))
    }

    /// Turns a factor on or off. A factor that is turned off isn't preferred any more. For SMS, it replaces the old option.
    pub(crate) fn set(&mut self, factor: Factor, enabled: bool) {
        self.sms_option &= factor != Factor::Sms;
        if enabled {
            self.enabled.insert(factor);
        } else {
            self.enabled.remove(&factor);
            self.preferred = self.preferred.filter(|preferred| *preferred != factor);
        }
    }

    /// Registers an authenticator app in place of an earlier one.
    pub(crate) fn register(&mut self, token: SoftwareToken) {
        self.token = Some(token);
        self.unverified = None;
    }

    /// `PreferredMfaSetting` and `UserMFASettingList`, each only if it is set (MF-17).
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut members = Map::new();
        if let Some(preferred) = self.preferred {
            members.insert("PreferredMfaSetting".to_owned(), json!(preferred.as_str()));
        }
        if !self.enabled.is_empty() {
            let names: Vec<_> = self.enabled.iter().map(|factor| factor.as_str()).collect();
            members.insert("UserMFASettingList".to_owned(), json!(names));
        }
        members
    }
}
