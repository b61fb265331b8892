//! What the OAuth endpoints remember between two requests: authorization codes, sign-ins that are at an identity provider, and
//! the sessions of browsers.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::proof::Proof;
use super::steps::Step;
use crate::clock::Timestamp;

/// How many codes, unfinished sign-ins, and sessions of a pool are kept, of each kind. When there are more, the oldest is dropped.
const MOST: usize = 10_000;

/// How long an authorization code is valid, as AWS's page on the authorization endpoint says.
const CODE_VALIDITY: Duration = Duration::from_secs(5 * 60);

/// How long a sign-in may stay at an identity provider. Cognito's limit isn't published.
const FEDERATION_VALIDITY: Duration = Duration::from_secs(10 * 60);

/// How long the page of a challenge can be opened. The session of the challenge is over sooner: after 15 minutes at the latest.
const STEP_VALIDITY: Duration = Duration::from_secs(3600);

/// How long a browser stays signed in, as AWS's page of quotas says.
const SESSION_VALIDITY: Duration = Duration::from_secs(3600);

/// What a sign-in through the OAuth endpoints was granted. Its refresh tokens keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Granted {
    /// The scopes of the authorization request, before the token trigger changes them.
    pub(crate) scopes: Vec<String>,
    /// `nonce` of the authorization request, for the ID token.
    pub(crate) nonce: Option<String>,
}

impl Granted {
    /// Whether a scope was granted.
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// The answer of the token trigger, which applies when the tokens are issued.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenAnswer {
    /// The version of the event: "1", "2" or "3".
    pub(crate) version: &'static str,
    /// `response` of the answer. It is empty if the pool has no function for the trigger.
    pub(crate) response: Map<String, Value>,
}

/// What a code stands for.
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    /// The app client that requested it. No other client can use the code.
    pub(crate) client_id: String,
    /// The redirect URI of the request, which the token request has to repeat.
    pub(crate) redirect_uri: String,
    /// `code_challenge` of the method S256. `None` without PKCE.
    pub(crate) challenge: Option<String>,
    pub(crate) sub: String,
    pub(crate) auth_time: Timestamp,
    pub(crate) granted: Granted,
    pub(crate) token_answer: TokenAnswer,
    pub(crate) proof: Proof,
}

/// A browser that is signed in.
#[derive(Clone, Debug)]
pub(crate) struct BrowserSession {
    pub(crate) sub: String,
    /// When the user proved who they are.
    pub(crate) auth_time: Timestamp,
    pub(crate) proof: Proof,
}

/// A sign-in that went to an identity provider and isn't back yet.
#[derive(Clone)]
pub(crate) struct PendingFederation {
    /// The encoded parameters of the authorization request.
    pub(crate) query: String,
    /// The name of the provider.
    pub(crate) provider: String,
    /// The secret of the browser that began it.
    pub(crate) browser: String,
    /// Where the provider sends the browser back. The exchange of the code repeats it.
    pub(crate) redirect_uri: String,
}

/// The secret of the browser isn't in debug output.
impl fmt::Debug for PendingFederation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingFederation")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

/// Values that expire, each found once by a secret key.
#[derive(Clone)]
pub(crate) struct Expiring<T> {
    by_key: HashMap<String, (Timestamp, T)>,
    /// The keys, the oldest first.
    keys: VecDeque<String>,
}

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self {
            by_key: HashMap::new(),
            keys: VecDeque::new(),
        }
    }
}

/// The keys, which are secrets, aren't in debug output.
impl<T> fmt::Debug for Expiring<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expiring")
            .field("len", &self.by_key.len())
            .finish_non_exhaustive()
    }
}

impl<T> Expiring<T> {
    /// Keeps a value until a point in time.
    pub(super) fn put(&mut self, key: String, until: Timestamp, value: T) {
        self.keys.push_back(key.clone());
        self.by_key.insert(key, (until, value));
        if self.keys.len() > MOST
            && let Some(oldest) = self.keys.pop_front()
        {
            self.by_key.remove(&oldest);
        }
    }

    /// A value that hasn't expired.
    pub(crate) fn get(&self, key: &str, now: Timestamp) -> Option<&T> {
        let (until, value) = self.by_key.get(key)?;
        (now < *until).then_some(value)
    }

    /// Removes a value, so that nobody else gets it. `None` if it has expired.
    pub(crate) fn take(&mut self, key: &str, now: Timestamp) -> Option<T> {
        let (until, value) = self.by_key.remove(key)?;
        (now < until).then_some(value)
    }
}

/// The authorization codes of a pool, each of which works once within five minutes.
pub(crate) type Codes = Expiring<Authorization>;

impl Codes {
    pub(crate) fn add(&mut self, code: String, now: Timestamp, authorization: Authorization) {
        self.put(code, now.after(CODE_VALIDITY), authorization);
    }
}

/// The sign-ins of a pool that are at an identity provider, by `state`.
pub(crate) type Federations = Expiring<PendingFederation>;

impl Federations {
    pub(crate) fn add(&mut self, state: String, now: Timestamp, pending: PendingFederation) {
        self.put(state, now.after(FEDERATION_VALIDITY), pending);
    }
}

/// The sign-ins of a pool that wait for the answer to a challenge in a browser.
pub(crate) type Steps = Expiring<Step>;

impl Steps {
    pub(crate) fn add(&mut self, key: String, now: Timestamp, step: Step) {
        self.put(key, now.after(STEP_VALIDITY), step);
    }
}

/// The signed-in browsers of a pool, for an hour after the sign-in.
pub(crate) type BrowserSessions = Expiring<BrowserSession>;

impl BrowserSessions {
    pub(crate) fn open(&mut self, id: String, session: BrowserSession) {
        self.put(id, session.auth_time.after(SESSION_VALIDITY), session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn session() -> BrowserSession {
        BrowserSession {
            sub: "a".to_owned(),
            auth_time: START,
            proof: Proof::password(),
        }
    }

    #[test]
    fn a_session_ends_after_an_hour() {
        let mut sessions = BrowserSessions::default();
        sessions.open("key".to_owned(), session());
        assert!(
            sessions
                .get("key", START.after(SESSION_VALIDITY - Duration::from_millis(1)))
                .is_some()
        );
        assert!(sessions.get("key", START.after(SESSION_VALIDITY)).is_none());
        assert!(sessions.get("other", START).is_none());
    }

    #[test]
    fn a_value_is_taken_once() {
        let mut sessions = BrowserSessions::default();
        sessions.open("key".to_owned(), session());
        assert!(sessions.take("key", START).is_some());
        assert!(sessions.take("key", START).is_none());
    }

    #[test]
    fn the_oldest_value_makes_room() {
        let mut sessions = BrowserSessions::default();
        for number in 0..=MOST {
            sessions.open(number.to_string(), session());
        }
        assert!(sessions.get("0", START).is_none());
        assert!(sessions.get("1", START).is_some());
        assert_eq!(sessions.by_key.len(), MOST);
    }
}
