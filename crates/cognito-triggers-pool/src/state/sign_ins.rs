//! Sign-ins and their refresh tokens.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::AppClient;
use super::device::DeviceKeys;
use super::oauth::Granted;
use super::user::User;
use super::users::Users;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::ids::Ids;

/// The sign-ins of a pool, found by id or by refresh token.
///
/// Refresh tokens are stored as hashes, so that an exported state doesn't reveal them.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignIns {
    by_id: HashMap<String, SignIn>,
    /// The id of the sign-in for each hash of a refresh token.
    by_token: HashMap<String, String>,
    /// The number of sign-ins at which the next search for expired ones is due.
    prune_at: usize,
    /// The ids of sign-ins that may have changed. An id may be there several times.
    touched: Vec<String>,
}

/// How long a sign-in is kept after its refresh tokens expire: the maximum lifetime of an access token. During this time, the
/// error says that the refresh token has expired; afterwards the token is unknown.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// The lowest number of sign-ins at which a search for expired ones is due.
const FIRST_PRUNE: usize = 1_000;

/// One sign-in of a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SignIn {
    /// `event_id` of its tokens.
    pub(crate) id: String,
    /// `origin_jti` of its tokens. `None` if the client had revocation off.
    pub(crate) origin_jti: Option<String>,
    pub(crate) client_id: String,
    pub(crate) sub: String,
    pub(crate) started: Timestamp,
    /// When its refresh tokens expire. Rotation doesn't move it.
    pub(crate) until: Timestamp,
    pub(crate) revoked: bool,
    /// What the OAuth endpoints granted. `None` for a sign-in through the API.
    #[serde(default)]
    pub(crate) granted: Option<Granted>,
    /// The device of the sign-in; `None` if the pool tracks no devices.
    #[serde(default)]
    pub(crate) device: Option<DeviceKeys>,
    tokens: Vec<Issued>,
}

/// An issued refresh token.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Issued {
    hash: String,
    /// When rotation replaced the token.
    replaced: Option<Timestamp>,
}

impl Issued {
    /// Whether rotation replaced the token and the grace period is over.
    ///
    /// Without a grace period the time doesn't count: the caller's may be from before the rotation.
    fn is_spent(&self, grace: Duration, now: Timestamp) -> bool {
        self.replaced
            .is_some_and(|replaced| grace.is_zero() || replaced.after(grace) <= now)
    }
}

/// How an app client rotates its refresh tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// How long a replaced token still works.
    grace: Duration,
}

impl Rotation {
    /// The rotation of this client. `None` if it is off.
    pub(crate) fn of(client: &AppClient) -> Option<Self> {
        let rotation = client.members.get("RefreshTokenRotation")?;
        let on = rotation.get("Feature").and_then(Value::as_str) == Some("ENABLED");
        let seconds = rotation
            .get("RetryGracePeriodSeconds")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        on.then_some(Self {
            grace: Duration::from_secs(seconds),
        })
    }
}

impl SignIn {
    pub(crate) fn new(
        ids: &Ids,
        client: &AppClient,
        user: &User,
        started: Timestamp,
        validity: Duration,
    ) -> Self {
        let revocable = client.members.get("EnableTokenRevocation") != Some(&json!(false));
        Self {
            id: ids.uuid(),
            origin_jti: revocable.then(|| ids.uuid()),
            client_id: client.id.clone(),
            sub: user.sub.clone(),
            started,
            until: started.after(validity),
            revoked: false,
            granted: None,
            device: None,
            tokens: Vec::new(),
        }
    }

    /// Whether its tokens were revoked, alone or with all those of the user.
    pub(crate) fn is_revoked(&self, user: &User) -> bool {
        self.revoked
            || user
                .tokens_not_before
                .is_some_and(|not_before| self.started <= not_before)
    }
}

impl SignIns {
    pub(crate) fn get(&self, id: &str) -> Option<&SignIn> {
        self.by_id.get(id)
    }

    /// Stores a new sign-in, and from time to time removes those that expired more than a day ago.
    ///
    /// The next removal is due when the number of sign-ins has doubled, so that the average cost of a call is low.
    pub(crate) fn put(&mut self, sign_in: SignIn, now: Timestamp) {
        if self.by_id.len() >= self.prune_at.max(FIRST_PRUNE) {
            let removed = self
                .by_id
                .extract_if(|_, sign_in| sign_in.until.after(RETENTION) <= now);
            self.touched.extend(removed.map(|(id, _)| id));
            self.by_token.retain(|_, id| self.by_id.contains_key(id));
            self.prune_at = self.by_id.len() * 2;
        }
        self.touched.push(sign_in.id.clone());
        self.by_id.insert(sign_in.id.clone(), sign_in);
    }

    /// Stores a sign-in again, with its refresh tokens.
    pub(super) fn restore(&mut self, sign_in: SignIn) {
        for token in &sign_in.tokens {
            self.by_token.insert(token.hash.clone(), sign_in.id.clone());
        }
        self.by_id.insert(sign_in.id.clone(), sign_in);
    }

    /// All sign-ins by id.
    pub(super) fn all(&self) -> impl Iterator<Item = &SignIn> {
        let mut sign_ins: Vec<_> = self.by_id.values().collect();
        sign_ins.sort_by(|one, other| one.id.cmp(&other.id));
        sign_ins.into_iter()
    }

    /// The ids of sign-ins that may have changed since this was asked before. Those that were removed aren't found any more.
    pub(super) fn take_touched(&mut self) -> BTreeSet<String> {
        self.touched.drain(..).collect()
    }

    /// Adds a refresh token to a sign-in.
    pub(crate) fn add_token(&mut self, id: &str, token: &str) {
        let hash = hashed(token);
        if let Some(sign_in) = self.by_id.get_mut(id) {
            sign_in.tokens.push(Issued {
                hash: hash.clone(),
                replaced: None,
            });
            self.by_token.insert(hash, id.to_owned());
            self.touched.push(id.to_owned());
        }
    }

    /// Checks a refresh token. Returns its sign-in and its user.
    ///
    /// # Errors
    /// `NotAuthorizedException` if the token is unknown, another client's, revoked or expired, and
    /// `RefreshTokenReuseException` if rotation replaced it and the grace period is over.
    pub(crate) fn check<'a>(
        &'a self,
        token: &str,
        client: &AppClient,
        users: &'a Users,
        now: Timestamp,
    ) -> Result<(&'a SignIn, &'a User), ApiError> {
        let hash = hashed(token);
        let sign_in = self.by_token.get(&hash).and_then(|id| self.by_id.get(id));
        let sign_in = sign_in
            .filter(|sign_in| sign_in.client_id == client.id)
            .ok_or_else(|| ApiError::not_authorized("Invalid Refresh Token"))?;
        let user = users
            .with_sub(&sign_in.sub)
            .ok_or_else(ApiError::user_not_found)?;
        if !user.enabled {
            return Err(ApiError::not_authorized("User is disabled."));
        }
        if sign_in.is_revoked(user) {
            return Err(ApiError::not_authorized("Refresh Token has been revoked"));
        }
        if sign_in.until <= now {
            return Err(ApiError::not_authorized("Refresh Token has expired"));
        }
        let issued = sign_in.tokens.iter().find(|issued| issued.hash == hash);
        let grace = Rotation::of(client)
            .map(|rotation| rotation.grace)
            .unwrap_or_default();
        if issued.is_some_and(|issued| issued.is_spent(grace, now)) {
            return Err(ApiError::new(
                "RefreshTokenReuseException",
                "Refresh Token has been rotated",
            ));
        }
        Ok((sign_in, user))
    }

    /// Replaces a refresh token with a new one. The old one keeps working for the grace period.
    pub(crate) fn rotate(&mut self, old: &str, new: &str, now: Timestamp) {
        let hash = hashed(old);
        let Some(id) = self.by_token.get(&hash).cloned() else {
            return;
        };
        if let Some(sign_in) = self.by_id.get_mut(&id)
            && let Some(issued) = sign_in.tokens.iter_mut().find(|issued| issued.hash == hash)
        {
            issued.replaced = issued.replaced.or(Some(now));
        }
        self.add_token(&id, new);
    }

    /// Refuses a refresh token that is used with another device than that of its sign-in, or without it.
    ///
    /// # Errors
    /// `NotAuthorizedException` (RF-05).
    pub(crate) fn check_device(sign_in: &SignIn, given: Option<&str>) -> Result<(), ApiError> {
        if sign_in.device.as_ref().map(|device| device.key.as_str()) == given {
            Ok(())
        } else {
            Err(ApiError::not_authorized("Invalid Refresh Token"))
        }
    }

    /// The sign-in of a refresh token, even if the token is expired or revoked.
    pub(crate) fn of_token(&self, token: &str) -> Option<&SignIn> {
        self.by_id.get(self.by_token.get(&hashed(token))?)
    }

    /// Revokes the refresh tokens and access tokens of a sign-in.
    pub(crate) fn revoke(&mut self, id: &str) {
        if let Some(sign_in) = self.by_id.get_mut(id) {
            sign_in.revoked = true;
            self.touched.push(id.to_owned());
        }
    }
}

fn hashed(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::{client, user};

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// Stores sign-ins, each with a refresh token that is valid for a day from `now`.
    fn sign_in(sign_ins: &mut SignIns, numbers: std::ops::Range<usize>, now: Timestamp) {
        let ids = Ids::new(Some(1), None).unwrap();
        let (client, user) = (client(json!({})), user(&[]));
        for number in numbers {
            let mut sign_in = SignIn::new(&ids, &client, &user, now, DAY);
            sign_in.id = number.to_string();
            sign_ins.put(sign_in, now);
            sign_ins.add_token(&number.to_string(), &format!("token {number}"));
        }
    }

    #[test]
    fn long_expired_sign_ins_are_forgotten() {
        let mut sign_ins = SignIns::default();
        let start = Timestamp::from_millis(1_700_000_000_000);
        sign_in(&mut sign_ins, 0..FIRST_PRUNE - 1, start);
        sign_in(&mut sign_ins, 5_000..5_001, start.after(DAY));
        // The first ones expired less than a day ago: their refresh tokens are still known as expired.
        let soon = start.after(DAY * 2 - Duration::from_secs(1));
        sign_in(&mut sign_ins, 6_000..6_001, soon);
        assert_eq!(sign_ins.by_id.len(), FIRST_PRUNE + 1);
        assert!(sign_ins.of_token("token 0").is_some());
        // The next removal leaves only the sign-in of the second day and the new ones.
        sign_in(&mut sign_ins, 10_000..10_000 + FIRST_PRUNE, start.after(DAY * 2));
        assert!(sign_ins.of_token("token 0").is_none() && sign_ins.get("0").is_none());
        assert!(sign_ins.of_token("token 5000").is_some());
        assert!(sign_ins.of_token("token 6000").is_some());
        assert_eq!(sign_ins.by_id.len(), FIRST_PRUNE + 2);
        assert_eq!(sign_ins.by_token.len(), sign_ins.by_id.len());
    }

    #[test]
    fn sign_ins_that_are_valid_are_all_kept() {
        let mut sign_ins = SignIns::default();
        let start = Timestamp::from_millis(1_700_000_000_000);
        sign_in(&mut sign_ins, 0..FIRST_PRUNE * 3, start);
        assert_eq!(sign_ins.by_id.len(), FIRST_PRUNE * 3);
    }

    #[test]
    fn a_replaced_token_is_spent_after_the_grace_period() {
        let replaced = Timestamp::from_millis(1_700_000_000_000);
        let before = Timestamp::from_millis(1_699_999_999_999);
        let grace = Duration::from_secs(10);
        let mut issued = Issued {
            hash: String::new(),
            replaced: None,
        };
        assert!(!issued.is_spent(Duration::ZERO, replaced));
        issued.replaced = Some(replaced);
        assert!(!issued.is_spent(grace, before) && !issued.is_spent(grace, replaced));
        assert!(issued.is_spent(grace, replaced.after(grace)));
        // Another caller read the clock just before the rotation.
        assert!(issued.is_spent(Duration::ZERO, before));
    }
}
