//! What is left out of an export without secrets, and what an import puts in its place.
//!
//! | secret | in the export | after the import |
//! |---|---|---|
//! | secret of an app client | `***` | a new random one, which DescribeUserPoolClient returns |
//! | secret or private key of an identity provider | `***` | `***`, which the provider refuses |
//! | password, earlier passwords | `***` | a verifier whose password nobody knows |
//! | secret of an authenticator app | `***` | a new random one: the app's codes are wrong |
//! | verifier of a device | `***` | a verifier whose password nobody knows: the device is asked for the second factor |
//! | refresh tokens, keys that sign tokens | left out | none; those of the server |
//! | codes that were sent, counted failures and attempts | left out | none |
//!
//! So a user who needed a secret to get in needs one after the import too. If the secret were just missing, an app client
//! would be a public one, and a user with a second factor would get in without it.

use cognito_triggers_srp::Verifier;
use serde_json::{Value, json};

use crate::ids::Ids;

/// What stands in place of a secret.
const LEFT_OUT: &str = "***";

/// The details of an identity provider that are secret.
const DETAILS: [&str; 2] = ["client_secret", "private_key"];

/// Replaces the secrets of an entity, and removes what only lasts for a while. False if nothing of it is left.
pub(super) fn leave_out(kind: &str, value: &mut Value) -> bool {
    match kind {
        "signIns" => return false,
        "clients" => hide(value, "/secret"),
        "providers" => DETAILS
            .iter()
            .for_each(|name| hide(value, &format!("/details/{name}"))),
        "users" => {
            hide(value, "/password");
            for_each(value, "/old_passwords", |password| hide(password, ""));
            hide(value, "/mfa/token/secret");
            for_each(value, "/devices", |device| hide(device, "/verifier"));
            // Not secrets alone: they would be different in each export.
            set(value, "/mfa/unverified", Value::Null);
            set(value, "/mfa/failures", json!({ "count": 0, "last": 0 }));
            set(value, "/failures", json!({ "count": 0, "last": 0 }));
            set(value, "/codes", json!({}));
            set(value, "/attempts", json!({}));
        }
        _ => {}
    }
    true
}

/// Secrets that nobody knows, made for one import.
pub(super) struct Unknown {
    verifier: Value,
    ids: Ids,
}

impl Unknown {
    /// `None` if the system has no source of randomness.
    pub(super) fn new() -> Option<Self> {
        let ids = Ids::new(None, None).ok()?;
        // One for all: knowing that it is the same for two users helps nobody to find it.
        let verifier = Verifier::fake(&ids.opaque(43), &ids.opaque(43));
        Some(Self {
            verifier: serde_json::to_value(verifier).ok()?,
            ids,
        })
    }

    /// Puts unknown secrets in place of those that were left out, and returns what is affected.
    pub(super) fn fill_in(&self, kind: &str, value: &mut Value) -> Vec<Affected> {
        let mut affected = Vec::new();
        let mut fill = |value: &mut Value, pointer: &str, new: &dyn Fn() -> Value, what: Affected| {
            if let Some(found) = value.pointer_mut(pointer)
                && *found == LEFT_OUT
            {
                *found = new();
                affected.push(what);
            }
        };
        let verifier = || self.verifier.clone();
        match kind {
            "clients" => {
                let secret = || json!(self.ids.client_secret());
                fill(value, "/secret", &secret, Affected::ClientSecret);
            }
            "providers" => {
                let secret = || json!(LEFT_OUT);
                for name in DETAILS {
                    fill(value, &format!("/details/{name}"), &secret, Affected::Provider);
                }
            }
            "users" => {
                fill(value, "/password", &verifier, Affected::Password);
                for_each(value, "/old_passwords", |password| {
                    fill(password, "", &verifier, Affected::Password);
                });
                let secret = || json!(self.ids.bytes::<32>());
                fill(value, "/mfa/token/secret", &secret, Affected::Authenticator);
                for_each(value, "/devices", |device| {
                    fill(device, "/verifier", &verifier, Affected::Device);
                });
            }
            _ => {}
        }
        affected
    }
}

/// What doesn't work after an import without secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Affected {
    ClientSecret,
    Provider,
    Password,
    Authenticator,
    Device,
}

impl Affected {
    /// The sentence about this many entities of a pool.
    pub(super) fn sentence(self, pool: &str, names: &[String]) -> String {
        let count = names.len();
        let listed = match names {
            [one] => one.clone(),
            [one, ..] => format!("{one} and {} more", count - 1),
            [] => String::new(),
        };
        let text = match self {
            Self::ClientSecret => "app clients have a new secret, which DescribeUserPoolClient returns",
            Self::Provider => "identity providers have no secret; set it with UpdateIdentityProvider",
            Self::Password => {
                "users can't sign in with their password; set one with AdminSetUserPassword, or reset it with ForgotPassword"
            }
            Self::Authenticator => {
                "users can't prove themselves with their authenticator app; turn it off with AdminSetUserMFAPreference"
            }
            Self::Device => "users have to prove a second factor on the devices that were remembered",
        };
        format!("{pool}: {count} {text} ({listed})")
    }
}

/// Replaces a value, unless it is missing or null.
fn hide(value: &mut Value, pointer: &str) {
    if let Some(found) = value.pointer_mut(pointer)
        && !found.is_null()
    {
        *found = json!(LEFT_OUT);
    }
}

/// Replaces a value, unless it is missing.
fn set(value: &mut Value, pointer: &str, new: Value) {
    if let Some(found) = value.pointer_mut(pointer) {
        *found = new;
    }
}

/// Calls a function with each value of an array or an object.
fn for_each(value: &mut Value, pointer: &str, mut each: impl FnMut(&mut Value)) {
    match value.pointer_mut(pointer) {
        Some(Value::Array(items)) => items.iter_mut().for_each(each),
        Some(Value::Object(members)) => members.values_mut().for_each(&mut each),
        _ => {}
    }
}
