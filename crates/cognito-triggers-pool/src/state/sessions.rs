//! Sessions of sign-ins that wait for the answer to a challenge.

use std::collections::{HashMap, VecDeque};
use std::fmt;

use aws_lc_rs::constant_time;
use cognito_triggers_srp::Exchange;
use serde_json::{Map, Value, json};

use super::factor::Factor;
use super::software_token::Secret;
use super::user::User;
use crate::clock::Timestamp;
use crate::error::ApiError;

/// How many sessions of a pool are kept. When there are more, the oldest is dropped.
const MAX_SESSIONS: usize = 10_000;

/// The name of the session that ConfirmSignUp returns, in place of that of a challenge.
pub(crate) const CONFIRMED_SIGN_UP: &str = "ConfirmSignUp";

/// The sessions of a pool.
#[derive(Clone, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, Session>,
    /// The ids, the oldest first.
    ids: VecDeque<String>,
}

/// The ids, which are secrets, aren't in debug output.
impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("len", &self.by_id.len())
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug)]
struct Session {
    /// The app client that began the sign-in. No other client can continue it.
    client_id: String,
    /// When the session expires.
    until: Timestamp,
    progress: Progress,
}

#[derive(Clone, Debug)]
enum Progress {
    /// The challenge waits for its answer.
    Open(Pending),
    /// A call has answered the challenge and succeeded.
    Used,
    /// A call that answers the challenge is running, or failed in a trigger.
    Broken,
}

/// A challenge that waits for its answer, and the user who got it.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// The real user name, or what was typed if there is no such user.
    pub(crate) user_name: String,
    /// `None` if there is no such user.
    pub(crate) sub: Option<String>,
    pub(crate) challenge: Challenge,
}

impl Pending {
    /// A challenge for a user who exists.
    pub(crate) fn new(user: &User, challenge: Challenge) -> Self {
        Self {
            user_name: user.username.clone(),
            sub: Some(user.sub.clone()),
            challenge,
        }
    }
}

/// What a challenge asks for, and what is needed to check the answer.
#[derive(Clone, Debug)]
pub(crate) enum Challenge {
    /// SRP: the client has to prove the password.
    PasswordVerifier {
        /// The server's side of the proof.
        exchange: Exchange,
        /// `SECRET_BLOCK` as it was sent.
        block: String,
        /// The rounds of a custom sign-in; `None` in `USER_SRP_AUTH`.
        rounds: Option<Vec<Round>>,
    },
    /// A challenge of CreateAuthChallenge.
    Custom {
        /// The rounds before this one.
        rounds: Vec<Round>,
        /// `privateChallengeParameters` of CreateAuthChallenge.
        private: Map<String, Value>,
        /// `challengeMetadata` of CreateAuthChallenge.
        metadata: Option<String>,
    },
    /// The user has to choose a new password.
    NewPassword,
    /// The user has to enter a code, as the first or the second factor.
    Code {
        /// `ChallengeName`
        name: &'static str,
        expected: Expected,
        next: Next,
    },
    /// The user has to choose one of these first factors.
    SelectFactor(Vec<&'static str>),
    /// The user has to enter the password.
    Password,
    /// A passkey has to sign this challenge, which is in Base64url.
    Passkey { challenge: String, next: Next },
    /// The client has to send its public SRP value.
    PasswordSrp,
    /// The device with this key has to send its public SRP value.
    DeviceSrp(String),
    /// SRP: the device has to prove its password.
    DeviceVerifier {
        /// `DeviceKey`
        key: String,
        /// The server's side of the proof.
        exchange: Exchange,
        /// `SECRET_BLOCK` as it was sent.
        block: String,
    },
    /// Nothing: the user has just confirmed the sign-up, and can sign in with USER_AUTH without another proof.
    ConfirmedSignUp,
    /// The user has to choose one of these second factors.
    SelectMfa { factors: Vec<Factor>, next: Next },
    /// The user has to set up a second factor.
    MfaSetup {
        /// The secret for an authenticator app, once AssociateSoftwareToken has generated it.
        secret: Option<Secret>,
        /// Whether VerifySoftwareToken has registered the app.
        registered: bool,
        next: Next,
    },
}

/// The code that is right.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    /// The code that was sent.
    Sent(SentCode),
    /// A code of the user's software token.
    SoftwareToken,
    /// None: there is no such user.
    Nothing,
}

/// A code that was sent. It isn't in debug output.
#[derive(Clone)]
pub(crate) struct SentCode(String);

impl SentCode {
    pub(crate) fn new(code: String) -> Self {
        Self(code)
    }

    /// Whether this is the code. The time doesn't depend on where it differs.
    pub(crate) fn is(&self, given: &str) -> bool {
        constant_time::verify_slices_are_equal(self.0.as_bytes(), given.as_bytes()).is_ok()
    }
}

impl fmt::Debug for SentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SentCode")
    }
}

/// How a sign-in continues once the second factor is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// With tokens.
    Tokens {
        /// The key of the device, if the call named one that needs no proof.
        device: Option<String>,
        /// What follows the underscore in the source of the token trigger.
        reason: &'static str,
        /// Whether it is only inferred that the triggers run then.
        inferred: bool,
    },
    /// With the proof of the remembered device that has this key.
    Device(String),
    /// With the device that the call named before any factor was right, so that nobody has looked whether the user has it.
    NamedDevice {
        key: String,
        /// As in `Tokens`.
        reason: &'static str,
        /// As in `Tokens`.
        inferred: bool,
    },
    /// With DefineAuthChallenge, after these rounds of a custom sign-in.
    Rounds(Vec<Round>),
}

/// A round of a custom sign-in, as the triggers see it in `session`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    /// `challengeName`
    pub(crate) name: &'static str,
    /// `challengeResult`
    pub(crate) result: bool,
    pub(crate) metadata: Option<String>,
}

impl Challenge {
    /// `ChallengeName`
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::PasswordVerifier { .. } => "PASSWORD_VERIFIER",
            Self::Custom { .. } => "CUSTOM_CHALLENGE",
            Self::NewPassword => "NEW_PASSWORD_REQUIRED",
            Self::Code { name, .. } => name,
            Self::SelectFactor(_) => "SELECT_CHALLENGE",
            Self::Password => "PASSWORD",
            Self::Passkey { .. } => "WEB_AUTHN",
            Self::PasswordSrp => "PASSWORD_SRP",
            Self::DeviceSrp(_) => "DEVICE_SRP_AUTH",
            Self::DeviceVerifier { .. } => "DEVICE_PASSWORD_VERIFIER",
            // No caller can answer it as a challenge: Cognito has no such name.
            Self::ConfirmedSignUp => CONFIRMED_SIGN_UP,
            Self::SelectMfa { .. } => "SELECT_MFA_TYPE",
            Self::MfaSetup { .. } => "MFA_SETUP",
        }
    }
}

impl Round {
    /// An element of `session` in an event. The metadata is null if there is none.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "challengeName": self.name,
            "challengeResult": self.result,
            "challengeMetadata": self.metadata,
        })
    }
}

impl Sessions {
    /// Opens a session.
    ///
    /// `until` is when it expires. The oldest session of the pool ends if there are more than 10,000.
    pub(crate) fn open(&mut self, id: &str, client_id: &str, until: Timestamp, pending: Pending) {
        let session = Session {
            client_id: client_id.to_owned(),
            until,
            progress: Progress::Open(pending),
        };
        self.by_id.insert(id.to_owned(), session);
        self.ids.push_back(id.to_owned());
        if self.ids.len() > MAX_SESSIONS
            && let Some(oldest) = self.ids.pop_front()
        {
            self.by_id.remove(&oldest);
        }
    }

    /// The id of the app client whose session this is.
    pub(crate) fn client_of(&self, id: &str) -> Option<&str> {
        self.by_id.get(id).map(|session| session.client_id.as_str())
    }

    /// Whether the challenge of a session waits for its answer.
    pub(crate) fn is_open(&self, id: &str, now: Timestamp) -> bool {
        self.by_id
            .get(id)
            .is_some_and(|session| now < session.until && matches!(session.progress, Progress::Open(_)))
    }

    /// Takes the pending challenge from a session, so that no other call gets it.
    ///
    /// # Errors
    /// `NotAuthorizedException` if there is no such session of this client, or it has expired, was used, or its
    /// challenge isn't `challenge_name`.
    pub(crate) fn take(
        &mut self,
        id: &str,
        client_id: &str,
        challenge_name: &str,
        now: Timestamp,
    ) -> Result<Pending, ApiError> {
        let invalid =
            |detail: &str| ApiError::not_authorized(format!("Invalid session for the user{detail}"));
        let session = self
            .by_id
            .get_mut(id)
            .filter(|session| session.client_id == client_id);
        let session = session.ok_or_else(|| invalid("."))?;
        match &session.progress {
            Progress::Used => return Err(invalid(", session can only be used once.")),
            Progress::Broken => return Err(invalid(".")),
            Progress::Open(_) if session.until <= now => return Err(invalid(", session is expired.")),
            Progress::Open(pending) if pending.challenge.name() != challenge_name => {
                return Err(invalid("."));
            }
            Progress::Open(_) => {}
        }
        match std::mem::replace(&mut session.progress, Progress::Broken) {
            Progress::Open(pending) => Ok(pending),
            Progress::Used | Progress::Broken => Err(invalid(".")),
        }
    }

    /// Marks a session as used, once the call that answers its challenge succeeds.
    ///
    /// A later call with the same session fails with a different message than one with an unknown session (NP-04, CR-09).
    pub(crate) fn close(&mut self, id: &str) {
        if let Some(session) = self.by_id.get_mut(id) {
            session.progress = Progress::Used;
        }
    }

    /// Puts a taken challenge back, so that the caller can answer again.
    ///
    /// The session keeps its expiry.
    pub(crate) fn reopen(&mut self, id: &str, pending: Pending) {
        if let Some(session) = self.by_id.get_mut(id) {
            session.progress = Progress::Open(pending);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);
    const NAME: &str = "NEW_PASSWORD_REQUIRED";

    fn pending() -> Pending {
        Pending {
            user_name: "ana".to_owned(),
            sub: None,
            challenge: Challenge::NewPassword,
        }
    }

    fn sessions() -> Sessions {
        let mut sessions = Sessions::default();
        sessions.open("s", "client", START.after(Duration::from_secs(180)), pending());
        sessions
    }

    fn refusal(result: Result<Pending, ApiError>) -> String {
        result.unwrap_err().message().to_owned()
    }

    #[test]
    fn a_session_is_taken_once() {
        let mut sessions = sessions();
        assert!(sessions.take("s", "client", NAME, START).is_ok());
        let second = sessions.take("s", "client", NAME, START);
        assert_eq!(refusal(second), "Invalid session for the user.");
        sessions.close("s");
        let third = sessions.take("s", "client", NAME, START);
        assert_eq!(
            refusal(third),
            "Invalid session for the user, session can only be used once."
        );
    }

    #[test]
    fn an_expired_session_says_so() {
        let late = START.after(Duration::from_secs(180));
        let taken = sessions().take("s", "client", NAME, late);
        assert_eq!(
            refusal(taken),
            "Invalid session for the user, session is expired."
        );
    }

    #[test]
    fn a_session_belongs_to_client_and_challenge() {
        for (id, client, name) in [
            ("x", "client", NAME),
            ("s", "other", NAME),
            ("s", "client", "CUSTOM_CHALLENGE"),
        ] {
            let taken = sessions().take(id, client, name, START);
            assert_eq!(refusal(taken), "Invalid session for the user.");
        }
    }

    #[test]
    fn the_oldest_session_makes_room() {
        let mut sessions = sessions();
        for number in 0..MAX_SESSIONS {
            sessions.open(
                &number.to_string(),
                "client",
                START.after(Duration::from_secs(1)),
                pending(),
            );
        }
        assert!(sessions.take("s", "client", NAME, START).is_err());
        assert!(sessions.take("0", "client", NAME, START).is_ok());
    }
}
