//! The second factors that Cognito has.

use serde::{Deserialize, Serialize};

/// A second factor, in the order in which answers list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Factor {
    /// A code by SMS.
    #[serde(rename = "SMS_MFA")]
    Sms,
    /// A time-based code of an authenticator app (TOTP).
    #[serde(rename = "SOFTWARE_TOKEN_MFA")]
    SoftwareToken,
    /// A code by email.
    #[serde(rename = "EMAIL_OTP")]
    Email,
}

/// `MfaConfiguration` of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MfaMode {
    /// `OFF`: no sign-in has a second factor.
    Off,
    /// `OPTIONAL`: each user decides.
    Optional,
    /// `ON`: nobody signs in without a second factor.
    On,
}

impl Factor {
    pub(crate) const ALL: [Self; 3] = [Self::Sms, Self::SoftwareToken, Self::Email];

    /// The name in `UserMFASettingList`, which is also the name of the challenge.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "SMS_MFA",
            Self::SoftwareToken => "SOFTWARE_TOKEN_MFA",
            Self::Email => "EMAIL_OTP",
        }
    }

    /// Parses the answer to SELECT_MFA_TYPE. Email has two names there: one in AWS's texts, one in the enumeration.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "EMAIL_MFA" => Some(Self::Email),
            name => Self::ALL.into_iter().find(|factor| factor.as_str() == name),
        }
    }
}
