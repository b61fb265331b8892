//! What the three triggers of custom authentication share: the names of challenges and the session.

use std::ops::Deref;

use serde::{Deserialize, Deserializer};

use crate::{lenient, open_enum::open_enum, secret::Secret};

open_enum! {
    /// The name of a challenge.
    pub enum ChallengeName {
        /// Your own challenge, made and checked by the create and verify triggers.
        CustomChallenge = "CUSTOM_CHALLENGE",
        /// The first half of a password sign-in (SRP). A correct one doesn't prove the password yet.
        SrpA = "SRP_A",
        /// The second half of a password sign-in (SRP): the proof of the password.
        PasswordVerifier = "PASSWORD_VERIFIER",
        /// A code by SMS, as a second factor.
        SmsMfa = "SMS_MFA",
        /// A code by email, as a second factor.
        EmailOtp = "EMAIL_OTP",
        /// A code of an authenticator app, as a second factor.
        SoftwareTokenMfa = "SOFTWARE_TOKEN_MFA",
        /// The first half of the proof of a remembered device.
        DeviceSrpAuth = "DEVICE_SRP_AUTH",
        /// The second half of the proof of a remembered device.
        DevicePasswordVerifier = "DEVICE_PASSWORD_VERIFIER",
        /// A password that a server sent with administrator credentials.
        AdminNoSrpAuth = "ADMIN_NO_SRP_AUTH",
    }
}

/// One answered challenge of a session.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct ChallengeResult {
    /// The name of the challenge.
    #[serde(default = "unnamed")]
    pub challenge_name: ChallengeName,
    /// Whether the answer was correct. Null and absence read as false.
    #[serde(default, deserialize_with = "lenient::boolean_or_false")]
    pub challenge_result: bool,
    /// The `challengeMetadata` of the create trigger; `None` if it is null or empty. Many functions keep the code itself
    /// there, so it is a secret.
    #[serde(default, deserialize_with = "lenient::nonempty")]
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

/// The challenges of a sign-in so far, in their order: a slice of [`ChallengeResult`].
///
/// It is empty in the first call, unless the sign-in began with a password (SRP).
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
    /// Whether the last challenge was your own and its answer was correct: the condition for issuing tokens.
    ///
    /// Checking the last result alone isn't enough: a correct `SRP_A` doesn't prove the password.
    pub fn custom_challenge_passed(&self) -> bool {
        self.passed(&ChallengeName::CustomChallenge)
    }

    /// Whether the last challenge has this name and its answer was correct.
    pub fn passed(&self, name: &ChallengeName) -> bool {
        self.0
            .last()
            .is_some_and(|last| last.challenge_name == *name && last.challenge_result)
    }

    /// The number of answers to your own challenge, correct or not.
    pub fn custom_challenge_attempts(&self) -> usize {
        self.attempts_where(|_| true)
    }

    /// The number of answers to those of your own challenges whose metadata fulfills a condition. A challenge without
    /// metadata counts if `None` fulfills it.
    ///
    /// Use it if a sign-in has several steps of your own and the create trigger marks them in `challengeMetadata`:
    ///
    /// ```
    /// use cognito_triggers::model::challenge::Session;
    ///
    /// # fn main() -> Result<(), serde_json::Error> {
    /// let session: Session = serde_json::from_str(
    ///     r#"[{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": true, "challengeMetadata": "CAPTCHA"},
    ///         {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "CODE-481516"}]"#,
    /// )?;
    /// let codes = |metadata: Option<&str>| metadata.is_some_and(|metadata| metadata.starts_with("CODE-"));
    /// assert_eq!(session.attempts_where(codes), 1);
    /// assert_eq!(session.attempts_where(|metadata| metadata.is_none()), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn attempts_where(&self, condition: impl Fn(Option<&str>) -> bool) -> usize {
        self.0
            .iter()
            .filter(|result| result.challenge_name == ChallengeName::CustomChallenge)
            .filter(|result| condition(result.challenge_metadata.as_ref().map(Secret::expose)))
            .count()
    }
}

impl Deref for Session {
    type Target = [ChallengeResult];

    fn deref(&self) -> &[ChallengeResult] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Session {
    type Item = &'a ChallengeResult;
    type IntoIter = std::slice::Iter<'a, ChallengeResult>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
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
    fn only_a_correct_custom_challenge_passes() {
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
    fn metadata_is_kept_but_not_printed() {
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
