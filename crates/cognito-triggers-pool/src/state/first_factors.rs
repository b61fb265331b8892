//! The first factors of `USER_AUTH`.

use super::factor::MfaMode;
use super::passkey::Passkey;
use super::settings::Settings;
use super::user::{User, UserStatus};

/// The challenges of first factors, each with the name in `AllowedFirstAuthFactors`. `PASSWORD` allows both ways to prove a
/// password.
const FIRST_FACTORS: [(&str, &str); 5] = [
    ("EMAIL_OTP", "EMAIL_OTP"),
    ("SMS_OTP", "SMS_OTP"),
    ("PASSWORD_SRP", "PASSWORD"),
    ("PASSWORD", "PASSWORD"),
    ("WEB_AUTHN", "WEB_AUTHN"),
];

impl Settings {
    /// The challenges that the pool allows as a first factor.
    pub(crate) fn first_factors(&self) -> impl Iterator<Item = &'static str> {
        let allowed = FIRST_FACTORS
            .iter()
            .filter(|(_, factor)| self.allows_first_factor(factor));
        allowed.map(|(challenge, _)| *challenge)
    }
}

impl User {
    /// The challenges with which the user can begin to sign in, as `AvailableChallenges` lists them.
    ///
    /// A code needs a confirmed user and a verified address (UA-08), and a passkey one that was registered under the
    /// `RelyingPartyId` that the pool has now. A user with a second factor, and every user where the pool requires one, can only begin with a
    /// password, or with a passkey that counts as both factors.
    pub(crate) fn first_factors(&self, settings: &Settings) -> Vec<&'static str> {
        let with_code = self.status == UserStatus::Confirmed && !self.needs_second_factor(settings);
        let has = |challenge: &&'static str| match *challenge {
            "EMAIL_OTP" => with_code && self.has_verified("email"),
            "SMS_OTP" => with_code && self.has_verified("phone_number"),
            "WEB_AUTHN" => self.can_use_passkey(settings),
            _ => self.password.is_some(),
        };
        settings.first_factors().filter(has).collect()
    }
}

impl User {
    /// The passkeys of the user that work with this RP ID, with their ids.
    pub(crate) fn passkeys_for<'a>(
        &'a self,
        relying_party: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a String, &'a Passkey)> {
        self.passkeys
            .iter()
            .filter(move |(_, passkey)| Some(passkey.relying_party.as_str()) == relying_party)
    }

    /// Whether a sign-in of the user needs a second factor, if it begins with a password.
    fn needs_second_factor(&self, settings: &Settings) -> bool {
        settings.mfa_mode() == MfaMode::On || !self.second_factors(settings).is_empty()
    }

    /// Whether a passkey with verification of the user replaces the second factor that the user needs.
    pub(crate) fn passkey_replaces_factor(&self, settings: &Settings) -> bool {
        self.needs_second_factor(settings) && settings.passkeys_replace_factors() && self.mfa.passkey
    }

    /// Whether the user can sign in with a passkey: a confirmed user who has one, and needs no second factor beside it.
    fn can_use_passkey(&self, settings: &Settings) -> bool {
        let party = settings.passkey_setting("RelyingPartyId");
        let mut passkeys = self.passkeys.values();
        self.status == UserStatus::Confirmed
            && passkeys.any(|passkey| party.is_none_or(|party| passkey.relying_party == party))
            && (!self.needs_second_factor(settings) || self.passkey_replaces_factor(settings))
    }
}
