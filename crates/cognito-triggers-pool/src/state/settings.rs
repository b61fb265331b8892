//! Settings of a user pool: what the API writes, and readers of what has an effect.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::schema::SchemaAttribute;
use crate::clock::Timestamp;

/// The account of every local pool.
pub(crate) const ACCOUNT: &str = "123456789012";

/// Settings of a user pool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) schema: Vec<SchemaAttribute>,
    /// The other members of `UserPool` that a caller sets.
    pub(crate) members: Map<String, Value>,
}

/// What a password has to have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PasswordPolicy {
    pub(crate) minimum_length: usize,
    pub(crate) uppercase: bool,
    pub(crate) lowercase: bool,
    pub(crate) numbers: bool,
    pub(crate) symbols: bool,
    /// How many earlier passwords can't be used again.
    pub(crate) history: usize,
    pub(crate) temporary_days: u32,
}

/// A way to a forgotten password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    Email,
    PhoneNumber,
}

impl Settings {
    /// The region, which the id begins with.
    pub(crate) fn region(&self) -> &str {
        self.id.split_once('_').map_or("us-east-1", |(region, _)| region)
    }

    /// The part of the id behind the underscore.
    pub(crate) fn pool_name(&self) -> &str {
        self.id.split_once('_').map_or(&*self.id, |(_, name)| name)
    }

    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:cognito-idp:{}:{ACCOUNT}:userpool/{}",
            self.region(),
            self.id
        )
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&SchemaAttribute> {
        self.schema.iter().find(|attribute| attribute.name == name)
    }

    /// Whether new values of this attribute are verified with a code.
    pub(crate) fn auto_verifies(&self, attribute: &str) -> bool {
        self.list("AutoVerifiedAttributes").any(|name| name == attribute)
    }

    /// Whether users sign in with this attribute beside their user name.
    pub(crate) fn is_alias(&self, attribute: &str) -> bool {
        self.list("AliasAttributes").any(|name| name == attribute)
    }

    /// Whether users sign in with this attribute instead of a user name.
    pub(crate) fn is_username(&self, attribute: &str) -> bool {
        self.list("UsernameAttributes").any(|name| name == attribute)
    }

    /// Whether Cognito makes the user names, because users sign in with an email address or a phone number.
    pub(crate) fn makes_usernames(&self) -> bool {
        self.list("UsernameAttributes").next().is_some()
    }

    /// Whether a new value of this attribute waits until it is verified.
    pub(crate) fn verifies_before_update(&self, attribute: &str) -> bool {
        let list = self.get("/UserAttributeUpdateSettings/AttributesRequireVerificationBeforeUpdate");
        strings(list).any(|name| name == attribute)
    }

    pub(crate) fn case_sensitive(&self) -> bool {
        self.boolean("/UsernameConfiguration/CaseSensitive")
            .unwrap_or(true)
    }

    /// Whether only administrators create users.
    pub(crate) fn admins_create_users(&self) -> bool {
        self.boolean("/AdminCreateUserConfig/AllowAdminCreateUserOnly")
            .unwrap_or_default()
    }

    /// Whether sign-up messages carry a link instead of a code.
    pub(crate) fn confirms_with_link(&self) -> bool {
        self.text("/VerificationMessageTemplate/DefaultEmailOption") == Some("CONFIRM_WITH_LINK")
    }

    /// Whether users may have no password, because a code or a passkey is enough to sign in.
    pub(crate) fn is_passwordless(&self) -> bool {
        let factors = self.get("/Policies/SignInPolicy/AllowedFirstAuthFactors");
        strings(factors).any(|factor| factor != "PASSWORD")
    }

    pub(crate) fn password_policy(&self) -> PasswordPolicy {
        let number = |name: &str, default: u32| {
            let found = self
                .get(&format!("/Policies/PasswordPolicy/{name}"))
                .and_then(Value::as_u64);
            found
                .and_then(|number| u32::try_from(number).ok())
                .unwrap_or(default)
        };
        let flag = |name: &str| {
            self.boolean(&format!("/Policies/PasswordPolicy/{name}"))
                .unwrap_or_default()
        };
        PasswordPolicy {
            minimum_length: number("MinimumLength", 8) as usize,
            uppercase: flag("RequireUppercase"),
            lowercase: flag("RequireLowercase"),
            numbers: flag("RequireNumbers"),
            symbols: flag("RequireSymbols"),
            history: number("PasswordHistorySize", 0) as usize,
            temporary_days: number("TemporaryPasswordValidityDays", 7),
        }
    }

    /// The ways to a forgotten password, the best first. Without a setting: SMS before email.
    pub(crate) fn recovery(&self) -> Vec<Recovery> {
        let Some(list) = self
            .get("/AccountRecoverySetting/RecoveryMechanisms")
            .and_then(Value::as_array)
        else {
            return vec![Recovery::PhoneNumber, Recovery::Email];
        };
        let mut mechanisms: Vec<_> = list.iter().collect();
        mechanisms.sort_by_key(|mechanism| mechanism.get("Priority").and_then(Value::as_i64));
        let name = |mechanism: &&Value| mechanism.get("Name").and_then(Value::as_str).map(str::to_owned);
        let names = mechanisms.iter().filter_map(name);
        names
            .filter_map(|name| match name.as_str() {
                "verified_email" => Some(Recovery::Email),
                "verified_phone_number" => Some(Recovery::PhoneNumber),
                _ => None,
            })
            .collect()
    }

    /// A string at a JSON pointer into the members.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.get(pointer)?.as_str()
    }

    /// A value at a JSON pointer into the members.
    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        let mut steps = pointer.trim_start_matches('/').splitn(2, '/');
        let member = self.members.get(steps.next()?)?;
        match steps.next() {
            Some(rest) => member.pointer(&format!("/{rest}")),
            None => Some(member),
        }
    }

    /// A boolean at a JSON pointer into the members.
    fn boolean(&self, pointer: &str) -> Option<bool> {
        self.get(pointer)?.as_bool()
    }

    /// A member that is a list of strings; empty if it is missing.
    fn list(&self, member: &str) -> impl Iterator<Item = &str> {
        strings(self.members.get(member))
    }
}

fn strings(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
