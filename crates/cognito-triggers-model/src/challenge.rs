//! What the three triggers of custom authentication share: the names of challenges and the session so far.

use std::ops::Deref;

use serde::{Deserialize, Deserializer};

use crate::{Secret, lenient, words};

words::words! {
    /// The name of a challenge.
    pub enum ChallengeName {
        /// Your own challenge: what create and verify are for.
        CustomChallenge = "CUSTOM_CHALLENGE",
        /// The first half of a password sign-in. A right one proves nothing yet.
        SrpA = "SRP_A",
        /// The second half of a password sign-in.
        PasswordVerifier = "PASSWORD_VERIFIER",
        /// A code by text message, as a second factor.
        SmsMfa = "SMS_MFA",
        /// A code by e-mail, as a second factor.
        EmailOtp = "EMAIL_OTP",
        /// A code of an authenticator app.
        SoftwareTokenMfa = "SOFTWARE_TOKEN_MFA",
        /// The first half of the check of a remembered device.
        DeviceSrpAuth = "DEVICE_SRP_AUTH",
        /// The second half of the check of a remembered device.
        DevicePasswordVerifier = "DEVICE_PASSWORD_VERIFIER",
        /// A password sent by a server of yours.
        AdminNoSrpAuth = "ADMIN_NO_SRP_AUTH",
    }
}

/// One challenge of a session, answered.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct ChallengeResult {
    /// Which challenge it was.
    #[serde(default = "unnamed", deserialize_with = "name")]
    pub challenge_name: ChallengeName,
    /// Whether it was answered rightly. Null and absence read as no.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub challenge_result: bool,
    /// What create wrote into `challengeMetadata`. Many functions keep the code itself there, so it is a secret.
    #[serde(default, deserialize_with = "lenient::filled")]
    pub challenge_metadata: Option<Secret>,
}

impl Default for ChallengeResult {
    fn default() -> Self {
        Self {
            challenge_name: unnamed(),
            challenge_result: false,
            challenge_metadata: None,
        }
    }
}

fn unnamed() -> ChallengeName {
    ChallengeName::Unknown(String::new())
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ChallengeName, D::Error> {
    lenient::text_or_empty(deserializer).map(|name| ChallengeName::parse(&name))
}

/// The challenges of this sign-in so far, in their order. Empty at the first call, unless the sign-in began with a
/// password (SRP).
///
/// ```
/// use cognito_triggers::{DefineAuthChallenge, Event};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = Event::<DefineAuthChallenge>::from_json(
///     r#"{"triggerSource": "DefineAuthChallenge_Authentication",
///         "request": {"session": [{"challengeName": "SRP_A", "challengeResult": true, "challengeMetadata": null}]}}"#,
/// )?;
/// // The password has not been checked yet: this session has passed nothing.
/// assert!(!event.request.session.custom_challenge_passed());
/// assert_eq!(event.request.session.custom_challenge_attempts(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Session(Vec<ChallengeResult>);

impl Session {
    /// Whether the last challenge was your own and was answered rightly: the condition for tokens.
    ///
    /// Looking at the result alone isn't enough: an `SRP_A` that is right says nothing about the password.
    pub fn custom_challenge_passed(&self) -> bool {
        self.passed(&ChallengeName::CustomChallenge)
    }

    /// Whether the last challenge has this name and was answered rightly.
    pub fn passed(&self, name: &ChallengeName) -> bool {
        self.0
            .last()
            .is_some_and(|last| last.challenge_name == *name && last.challenge_result)
    }

    /// How often your own challenge was answered, rightly or not.
    pub fn custom_challenge_attempts(&self) -> usize {
        self.0
            .iter()
            .filter(|result| result.challenge_name == ChallengeName::CustomChallenge)
            .count()
    }
}

impl Deref for Session {
    type Target = [ChallengeResult];

    fn deref(&self) -> &[ChallengeResult] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Session {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::objects(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(json: &str) -> Session {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_the_right_answer_to_the_custom_challenge_passes() {
        let passed = |name: &str, result: &str| {
            session(&format!(
                r#"[{{"challengeName":"{name}","challengeResult":{result}}}]"#
            ))
            .custom_challenge_passed()
        };
        assert!(passed("CUSTOM_CHALLENGE", "true"));
        assert!(!passed("CUSTOM_CHALLENGE", "false"));
        assert!(!passed("CUSTOM_CHALLENGE", "null"));
        assert!(!passed("SRP_A", "true"));
        assert!(!passed("PASSWORD_VERIFIER", "true"));
        assert!(!session("[]").custom_challenge_passed());
        assert!(!session("null").custom_challenge_passed());
        assert!(!session(r#"[["CUSTOM_CHALLENGE",true]]"#).custom_challenge_passed());
    }

    #[test]
    fn metadata_is_kept_but_not_shown() {
        let session =
            session(r#"[null,{"challengeName":"CUSTOM_CHALLENGE","challengeMetadata":"CODE-481516"}]"#);
        assert_eq!(session.len(), 1);
        assert_eq!(
            session[0].challenge_metadata.as_ref().map(Secret::expose),
            Some("CODE-481516")
        );
        assert!(!format!("{session:?}").contains("481516"));
    }
}
