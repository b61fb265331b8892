//! Sign-ins, and the refresh tokens that stand for them.

use std::collections::HashMap;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::AppClient;
use super::user::User;
use super::users::Users;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::ids::Ids;

/// The sign-ins of a pool, found by id or by refresh token.
///
/// Refresh tokens are stored as hashes, so that an exported state gives none away.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct SignIns {
    by_id: HashMap<String, SignIn>,
    /// From the hash of a refresh token to the id of its sign-in.
    by_token: HashMap<String, String>,
}

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
    tokens: Vec<Issued>,
}

/// A refresh token that was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Issued {
    hash: String,
    /// When rotation replaced it.
    replaced: Option<Timestamp>,
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

    /// Stores a new sign-in.
    pub(crate) fn put(&mut self, sign_in: SignIn) {
        self.by_id.insert(sign_in.id.clone(), sign_in);
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
        }
    }

    /// The sign-in and the user for whom this refresh token was issued.
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
        let replaced = sign_in
            .tokens
            .iter()
            .find(|issued| issued.hash == hash)
            .and_then(|issued| issued.replaced);
        let grace = Rotation::of(client)
            .map(|rotation| rotation.grace)
            .unwrap_or_default();
        if replaced.is_some_and(|replaced| replaced.after(grace) <= now) {
            return Err(ApiError::new(
                "RefreshTokenReuseException",
                "Refresh Token has been rotated",
            ));
        }
        Ok((sign_in, user))
    }

    /// Replaces a refresh token by a new one. The old one works on for the grace period.
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

    /// The sign-in of a refresh token, whatever its state.
    pub(crate) fn of_token(&self, token: &str) -> Option<&SignIn> {
        self.by_id.get(self.by_token.get(&hashed(token))?)
    }

    /// Revokes the refresh tokens and access tokens of a sign-in.
    pub(crate) fn revoke(&mut self, id: &str) {
        if let Some(sign_in) = self.by_id.get_mut(id) {
            sign_in.revoked = true;
        }
    }
}

fn hashed(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()))
}
