//! Users.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cognito_triggers_srp::Verifier;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::device::Device;
use super::failures::Failures;
use super::identity_provider::Identity;
use super::mfa::Mfa;
use super::passkey::Passkey;
use super::settings::Settings;
use crate::clock::Timestamp;
use crate::error::ApiError;

/// A user of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct User {
    /// The real user name, which never changes.
    pub(crate) username: String,
    /// A UUID, which never changes.
    pub(crate) sub: String,
    /// All attributes except `sub`.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) status: UserStatus,
    /// A disabled user can't sign in, and the user's tokens are revoked.
    pub(crate) enabled: bool,
    /// `UserCreateDate`
    pub(crate) created: Timestamp,
    /// `UserLastModifiedDate`
    pub(crate) modified: Timestamp,
    /// `None` for a user without a password.
    pub(crate) password: Option<Verifier>,
    /// Earlier passwords, the latest last.
    pub(crate) old_passwords: Vec<Verifier>,
    /// When a temporary password stops working.
    pub(crate) temporary_until: Option<Timestamp>,
    /// Codes that were sent and aren't used yet.
    pub(crate) codes: BTreeMap<Purpose, Code>,
    /// New values of attributes, until they are verified.
    pub(crate) pending: BTreeMap<String, String>,
    /// When operations with an hourly limit were called, the latest last.
    pub(crate) attempts: BTreeMap<Purpose, Vec<Timestamp>>,
    /// The names of the groups that the user is in.
    pub(crate) groups: BTreeSet<String>,
    /// Wrong passwords since the last right one.
    #[serde(default)]
    pub(crate) failures: Failures,
    /// Second factors.
    #[serde(default)]
    pub(crate) mfa: Mfa,
    /// Confirmed devices by key.
    #[serde(default)]
    pub(crate) devices: BTreeMap<String, Device>,
    /// Registered passkeys by credential id.
    #[serde(default)]
    pub(crate) passkeys: BTreeMap<String, Passkey>,
    /// Tokens issued before are revoked.
    pub(crate) tokens_not_before: Option<Timestamp>,
    /// The accounts at identity providers with which the user signs in.
    #[serde(default)]
    pub(crate) identities: Vec<Identity>,
}

/// `UserStatus` of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum UserStatus {
    /// Signed up, but not confirmed yet.
    Unconfirmed,
    /// Can sign in.
    Confirmed,
    /// Has to reset the password before signing in with one.
    ResetRequired,
    /// Has a temporary password.
    ForceChangePassword,
    /// Was created by a sign-in with an external identity provider.
    ExternalProvider,
}

impl UserStatus {
    /// The status as the API and the events write it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
        }
    }
}

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Purpose {
    SignUp,
    /// Valid for one hour.
    ForgotPassword,
    /// Not a purpose of a code: it only counts the calls of ChangePassword.
    ChangePassword,
    VerifyEmail,
    VerifyPhoneNumber,
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) code: String,
    /// When it expires.
    pub(crate) until: Timestamp,
    /// The attribute with the address that it was sent to.
    pub(crate) attribute: String,
    /// How many wrong codes were given.
    pub(crate) failures: u32,
}

/// How many wrong codes can be given before every code is refused. Cognito's limit depends on the risk; this is the highest
/// that its documentation gives.
const WRONG_CODES: u32 = 20;

const HOUR: Duration = Duration::from_secs(3600);

impl Purpose {
    /// How long a code for this purpose is valid.
    pub(crate) fn validity(self) -> Duration {
        match self {
            Self::ForgotPassword => HOUR,
            _ => 24 * HOUR,
        }
    }

    /// The purpose of verifying `email` or `phone_number`.
    pub(crate) fn verify(attribute: &str) -> Self {
        if attribute == "phone_number" {
            Self::VerifyPhoneNumber
        } else {
            Self::VerifyEmail
        }
    }
}

impl User {
    /// An enabled user without attributes and without a password.
    pub(crate) fn new(username: String, sub: String, status: UserStatus, now: Timestamp) -> Self {
        Self {
            username,
            sub,
            attributes: BTreeMap::new(),
            status,
            enabled: true,
            created: now,
            modified: now,
            password: None,
            old_passwords: Vec::new(),
            temporary_until: None,
            codes: BTreeMap::new(),
            pending: BTreeMap::new(),
            attempts: BTreeMap::new(),
            groups: BTreeSet::new(),
            failures: Failures::default(),
            mfa: Mfa::default(),
            devices: BTreeMap::new(),
            passkeys: BTreeMap::new(),
            tokens_not_before: None,
            identities: Vec::new(),
        }
    }

    /// Whether the user was created by a sign-in with an external identity provider.
    pub(crate) fn is_external(&self) -> bool {
        self.identities.iter().any(|identity| identity.primary)
    }

    /// The attribute `identities`: an array in JSON. `None` for a user without such accounts.
    pub(crate) fn identities_attribute(&self) -> Option<String> {
        let identities: Vec<_> = self.identities.iter().map(Identity::to_json).collect();
        (!identities.is_empty()).then(|| format!("[{}]", identities.join(",")))
    }

    /// The value of an attribute, `sub` included; `None` if the user lacks it.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        if name == "sub" {
            Some(&self.sub)
        } else {
            self.attributes.get(name).map(String::as_str)
        }
    }

    /// Whether the user has a verified `email` or `phone_number`.
    pub(crate) fn has_verified(&self, attribute: &str) -> bool {
        let verified = self.attributes.get(&format!("{attribute}_verified"));
        self.attributes.contains_key(attribute)
            && verified.is_some_and(|verified| verified.eq_ignore_ascii_case("true"))
    }

    /// Sets `email_verified` or `phone_number_verified`, without checking whether the user has the address.
    pub(crate) fn set_verified(&mut self, attribute: &str, verified: bool) {
        self.attributes
            .insert(format!("{attribute}_verified"), verified.to_string());
    }

    /// The attributes as a trigger's event has them.
    ///
    /// All values are strings. In addition to the stored attributes there are `sub`, `cognito:user_status`, `identities`,
    /// `cognito:email_alias` or `cognito:phone_number_alias` if the pool has such an alias, and
    /// `cognito:token_nbf` after a global sign-out (SU-01, SO-04).
    pub(crate) fn event_attributes(&self, settings: &Settings) -> Map<String, Value> {
        let mut attributes: Map<_, _> = self
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        attributes.insert("sub".to_owned(), json!(self.sub));
        attributes.insert("cognito:user_status".to_owned(), json!(self.status.as_str()));
        let identities = self.identities_attribute();
        attributes.extend(identities.map(|value| ("identities".to_owned(), json!(value))));
        for attribute in ["email", "phone_number"] {
            let alias = settings.is_alias(attribute) || settings.is_username(attribute);
            let alias = alias && !self.is_external();
            if let Some(value) = self.attributes.get(attribute).filter(|_| alias) {
                attributes.insert(format!("cognito:{attribute}_alias"), json!(value));
            }
        }
        if let Some(not_before) = self.tokens_not_before {
            attributes.insert(
                "cognito:token_nbf".to_owned(),
                json!(not_before.millis().to_string()),
            );
        }
        attributes
    }

    /// The attributes as the API lists them, `sub` and `identities` first.
    pub(crate) fn attribute_list(&self) -> Vec<Value> {
        let identities = self.identities_attribute();
        let sub = [("sub", &self.sub)].into_iter();
        let identities = identities.iter().map(|value| ("identities", value));
        let others = self.attributes.iter().map(|(name, value)| (name.as_str(), value));
        sub.chain(identities)
            .chain(others)
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect()
    }

    /// The user as `User` of AdminCreateUser and as an element of ListUsers.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let members = [
            ("Username", json!(self.username)),
            ("Attributes", Value::Array(self.attribute_list())),
            ("UserCreateDate", self.created.to_json()),
            ("UserLastModifiedDate", self.modified.to_json()),
            ("Enabled", json!(self.enabled)),
            ("UserStatus", json!(self.status.as_str())),
        ];
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// Replaces the password.
    ///
    /// `history` is the number of earlier passwords to keep.
    pub(crate) fn set_password(&mut self, password: Verifier, history: usize) {
        self.old_passwords.extend(self.password.replace(password));
        let surplus = self.old_passwords.len().saturating_sub(history);
        self.old_passwords.drain(..surplus);
    }

    /// Counts an attempt, and refuses it if there were `limit` within the last hour.
    ///
    /// # Errors
    /// `LimitExceededException`. A refused attempt isn't counted.
    pub(crate) fn count_attempt(
        &mut self,
        what: Purpose,
        limit: usize,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let attempts = self.attempts.entry(what).or_default();
        attempts.retain(|at| at.after(HOUR) > now);
        if attempts.len() >= limit {
            return Err(ApiError::limit_exceeded());
        }
        attempts.push(now);
        Ok(())
    }

    /// Stores a code that is about to be sent. Earlier codes for the same purpose stop working.
    pub(crate) fn remember_code(&mut self, purpose: Purpose, code: &str, attribute: &str, now: Timestamp) {
        let code = Code {
            code: code.to_owned(),
            until: now.after(purpose.validity()),
            attribute: attribute.to_owned(),
            failures: 0,
        };
        self.codes.insert(purpose, code);
    }

    /// Compares a code with the one that was sent. A right code stays valid until the caller removes it.
    ///
    /// # Errors
    /// `ExpiredCodeException` if none was sent or it is too old, `CodeMismatchException` for a wrong one.
    pub(crate) fn check_code(
        &mut self,
        purpose: Purpose,
        given: &str,
        now: Timestamp,
    ) -> Result<Code, ApiError> {
        let code = self.codes.get_mut(&purpose).filter(|code| now < code.until);
        let code = code.ok_or_else(ApiError::expired_code)?;
        if code.failures >= WRONG_CODES {
            return Err(match purpose {
                Purpose::SignUp => {
                    let message = "Attempt limit exceeded, please try after some time.";
                    ApiError::new("TooManyFailedAttemptsException", message)
                }
                _ => ApiError::limit_exceeded(),
            });
        }
        if code.code != given {
            code.failures += 1;
            return Err(ApiError::code_mismatch());
        }
        Ok(code.clone())
    }

    /// Sets an attribute, or removes it if the value is empty.
    pub(crate) fn set_attribute(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.attributes.remove(name);
        } else {
            self.attributes.insert(name.to_owned(), value.to_owned());
        }
    }
}
