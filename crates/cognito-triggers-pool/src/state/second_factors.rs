//! Which second factors a pool offers, and which of them a sign-in of a user needs.

use super::factor::{Factor, MfaMode};
use super::settings::Settings;
use super::user::User;

impl Settings {
    /// `MfaConfiguration`
    pub(crate) fn mfa_mode(&self) -> MfaMode {
        match self.string("/MfaConfiguration") {
            Some("ON") => MfaMode::On,
            Some("OPTIONAL") => MfaMode::Optional,
            _ => MfaMode::Off,
        }
    }

    /// Whether users of the pool can have this factor.
    ///
    /// SetUserPoolMfaConfig chooses the factors. A pool that turned MFA on in another way has SMS, because CreateUserPool
    /// has only members for SMS.
    pub(crate) fn offers(&self, factor: Factor) -> bool {
        self.mfa_mode() != MfaMode::Off
            && match &self.factors {
                Some(factors) => factors.contains(&factor),
                None => factor == Factor::Sms,
            }
    }
}

impl User {
    /// The factors of which the next sign-in needs one; empty if none is needed, or none is set up.
    ///
    /// If the pool requires MFA and the user has chosen no factor, the user has those that need no setup: a phone number or
    /// an email address is enough.
    pub(crate) fn second_factors(&self, settings: &Settings) -> Vec<Factor> {
        let usable = Factor::ALL
            .into_iter()
            .filter(|factor| settings.offers(*factor) && self.can_use(*factor));
        let usable: Vec<_> = usable.collect();
        let chosen: Vec<_> = usable
            .iter()
            .copied()
            .filter(|factor| self.mfa.has(*factor))
            .collect();
        if chosen.is_empty() && settings.mfa_mode() == MfaMode::On {
            usable
        } else {
            chosen
        }
    }

    /// Whether the user has what the factor needs: an address, or a registered token.
    pub(crate) fn can_use(&self, factor: Factor) -> bool {
        let has = |attribute: &str| self.attribute(attribute).is_some_and(|value| !value.is_empty());
        match factor {
            Factor::Sms => has("phone_number"),
            Factor::SoftwareToken => self.mfa.token.is_some(),
            Factor::Email => has("email"),
        }
    }
}
