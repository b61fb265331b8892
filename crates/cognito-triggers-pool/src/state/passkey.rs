//! Passkeys: registered ones, registrations that have begun, and what the pool demands.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::UserPool;
use super::oauth::Expiring;
use super::settings::Settings;
use crate::clock::Timestamp;

/// How long a registration may take. Cognito's limit isn't published; this is that of a sign-in.
const REGISTRATION_VALIDITY: Duration = Duration::from_secs(3 * 60);

/// The most passkeys of a user, as AWS documents.
pub(crate) const MAX_PASSKEYS: usize = 20;

/// A registered passkey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Passkey {
    /// The RP ID under which it was registered. It works only while the pool has the same one.
    pub(crate) relying_party: String,
    /// The public key as a COSE key.
    pub(crate) cose_key: Vec<u8>,
    /// The counter of its last signature; zero if the authenticator doesn't count.
    pub(crate) count: u32,
    /// How the authenticator is reached, as the browser said.
    pub(crate) transports: Vec<String>,
    /// `platform` or `cross-platform`, as the browser said.
    pub(crate) attachment: Option<String>,
    pub(crate) created: Timestamp,
}

/// A registration that has begun.
#[derive(Clone, Debug)]
pub(crate) struct PasskeyRegistration {
    pub(crate) sub: String,
    /// The app client whose access token began it, or the one of the page.
    pub(crate) client_id: String,
}

/// The registrations of a pool, by challenge.
pub(crate) type PasskeyRegistrations = Expiring<PasskeyRegistration>;

impl PasskeyRegistrations {
    pub(crate) fn begin(&mut self, challenge: String, now: Timestamp, registration: PasskeyRegistration) {
        self.put(challenge, now.after(REGISTRATION_VALIDITY), registration);
    }
}

impl Passkey {
    /// An element of `Credentials` of ListWebAuthnCredentials. `id` is the credential's id in Base64url.
    ///
    /// AWS's example has the name of a passkey that isn't built into a device; the other name is inferred.
    pub(crate) fn to_json(&self, id: &str) -> Value {
        let roams = self.attachment.as_deref() == Some("cross-platform");
        let mut description = json!({
            "CredentialId": id,
            "FriendlyCredentialName": if roams { "Roaming passkey" } else { "Platform passkey" },
            "RelyingPartyId": self.relying_party,
            "AuthenticatorTransports": self.transports,
            "CreatedAt": self.created.to_json(),
        });
        if let (Some(attachment), Some(members)) = (&self.attachment, description.as_object_mut()) {
            members.insert("AuthenticatorAttachment".to_owned(), json!(attachment));
        }
        description
    }
}

impl Settings {
    /// Whether users may sign in with passkeys.
    pub(crate) fn allows_passkeys(&self) -> bool {
        self.allows_first_factor("WEB_AUTHN")
    }

    /// `UserVerification`, which is `preferred` unless the pool demands it.
    pub(crate) fn user_verification(&self) -> &str {
        self.passkey_setting("UserVerification").unwrap_or("preferred")
    }

    /// Whether a passkey can replace a second factor.
    pub(crate) fn passkeys_replace_factors(&self) -> bool {
        self.passkey_setting("FactorConfiguration") == Some("MULTI_FACTOR_WITH_USER_VERIFICATION")
    }

    /// A member of `WebAuthnConfiguration`.
    pub(super) fn passkey_setting(&self, name: &str) -> Option<&str> {
        self.mfa_members.get("WebAuthnConfiguration")?.get(name)?.as_str()
    }
}

impl UserPool {
    /// The RP ID: `RelyingPartyId`, or else the custom domain of the pool, or else its prefix domain. `None` if it has neither.
    pub(crate) fn relying_party(&self) -> Option<String> {
        if let Some(id) = self.settings.passkey_setting("RelyingPartyId") {
            return Some(id.to_owned());
        }
        let custom = self.domains.iter().find(|domain| domain.custom.is_some());
        let domain = custom.or(self.domains.first())?;
        Some(match domain.custom {
            Some(_) => domain.name.clone(),
            None => format!(
                "{}.auth.{}.amazoncognito.com",
                domain.name,
                self.settings.region()
            ),
        })
    }
}
