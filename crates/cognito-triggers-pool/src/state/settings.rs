//! Settings of a user pool, with accessors for those that have an effect.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::factor::Factor;
use super::schema::SchemaAttribute;
use crate::clock::Timestamp;

/// The AWS account of every local pool.
pub(crate) const ACCOUNT: &str = "123456789012";

/// Settings of a user pool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// The region, an underscore, and nine letters and digits.
    pub(crate) id: String,
    /// `PoolName`, which need not be unique.
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// The attributes that users can have, the standard ones first.
    pub(crate) schema: Vec<SchemaAttribute>,
    /// The other members of `UserPool` that a caller can set.
    pub(crate) members: Map<String, Value>,
    /// The second factors that SetUserPoolMfaConfig chose; `None` if it chose none.
    #[serde(default)]
    pub(crate) factors: Option<BTreeSet<Factor>>,
    /// `EmailMfaConfiguration` and `WebAuthnConfiguration`, which aren't members of `UserPool`.
    #[serde(default)]
    pub(crate) mfa_members: Map<String, Value>,
}

/// The password policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PasswordPolicy {
    /// The minimum length in characters, 8 by default.
    pub(crate) minimum_length: usize,
    /// Whether an uppercase letter is required, A to Z.
    pub(crate) uppercase: bool,
    /// Whether a lowercase letter is required, a to z.
    pub(crate) lowercase: bool,
    /// Whether a digit is required, 0 to 9.
    pub(crate) numbers: bool,
    /// Whether a symbol is required.
    pub(crate) symbols: bool,
    /// How many earlier passwords can't be used again.
    pub(crate) history: usize,
    /// How long a temporary password works, in days.
    pub(crate) temporary_days: u32,
}

/// A way to recover an account after a forgotten password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// A code to the verified email address.
    Email,
    /// A code to the verified phone number.
    PhoneNumber,
}

impl Settings {
    /// The region, with which the id begins.
    pub(crate) fn region(&self) -> &str {
        self.id.split_once('_').map_or("us-east-1", |(region, _)| region)
    }

    /// The part of the id after the underscore.
    pub(crate) fn pool_name(&self) -> &str {
        self.id.split_once('_').map_or(&*self.id, |(_, name)| name)
    }

    /// The ARN of the pool, with the account 123456789012.
    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:cognito-idp:{}:{ACCOUNT}:userpool/{}",
            self.region(),
            self.id
        )
    }

    /// The attribute of the schema with this name, including its prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&SchemaAttribute> {
        self.schema.iter().find(|attribute| attribute.name == name)
    }

    /// Whether new values of this attribute are verified with a code.
    pub(crate) fn auto_verifies(&self, attribute: &str) -> bool {
        self.strings("AutoVerifiedAttributes")
            .any(|name| name == attribute)
    }

    /// Whether users can sign in with this attribute in addition to their user name.
    pub(crate) fn is_alias(&self, attribute: &str) -> bool {
        self.strings("AliasAttributes").any(|name| name == attribute)
    }

    /// Whether users sign in with this attribute instead of a user name.
    pub(crate) fn is_username(&self, attribute: &str) -> bool {
        self.strings("UsernameAttributes").any(|name| name == attribute)
    }

    /// Whether Cognito generates the user names, because users sign in with an email address or a phone number.
    pub(crate) fn makes_usernames(&self) -> bool {
        self.strings("UsernameAttributes").next().is_some()
    }

    /// Whether a new value of this attribute waits until it is verified.
    pub(crate) fn verifies_before_update(&self, attribute: &str) -> bool {
        let attributes = self.get("/UserAttributeUpdateSettings/AttributesRequireVerificationBeforeUpdate");
        strings(attributes).any(|name| name == attribute)
    }

    /// Whether user names and aliases are case-sensitive. The default is true, as AWS documents.
    pub(crate) fn case_sensitive(&self) -> bool {
        self.boolean("/UsernameConfiguration/CaseSensitive")
            .unwrap_or(true)
    }

    /// Whether only administrators create users.
    pub(crate) fn admins_create_users(&self) -> bool {
        self.boolean("/AdminCreateUserConfig/AllowAdminCreateUserOnly")
            .unwrap_or_default()
    }

    /// Whether sign-up messages have a link instead of a code.
    pub(crate) fn confirms_with_link(&self) -> bool {
        self.string("/VerificationMessageTemplate/DefaultEmailOption") == Some("CONFIRM_WITH_LINK")
    }

    /// Whether `AllowedFirstAuthFactors` has this factor.
    pub(crate) fn allows_first_factor(&self, factor: &str) -> bool {
        strings(self.get("/Policies/SignInPolicy/AllowedFirstAuthFactors")).any(|name| name == factor)
    }

    /// Whether users may have no password, because a code or a passkey is enough to sign in.
    pub(crate) fn is_passwordless(&self) -> bool {
        let factors = self.get("/Policies/SignInPolicy/AllowedFirstAuthFactors");
        strings(factors).any(|factor| factor != "PASSWORD")
    }

    /// The policy of the pool, with Cognito's defaults for what is missing.
    pub(crate) fn password_policy(&self) -> PasswordPolicy {
        let number = |name: &str, default: u32| {
            let found = self
                .get(&format!("/Policies/PasswordPolicy/{name}"))
                .and_then(Value::as_u64);
            found
                .and_then(|number| u32::try_from(number).ok())
                .unwrap_or(default)
        };
        let required = |name: &str| {
            self.boolean(&format!("/Policies/PasswordPolicy/{name}"))
                .unwrap_or_default()
        };
        PasswordPolicy {
            minimum_length: number("MinimumLength", 8) as usize,
            uppercase: required("RequireUppercase"),
            lowercase: required("RequireLowercase"),
            numbers: required("RequireNumbers"),
            symbols: required("RequireSymbols"),
            history: number("PasswordHistorySize", 0) as usize,
            temporary_days: number("TemporaryPasswordValidityDays", 7),
        }
    }

    /// The ways to recover an account, the preferred one first. By default, SMS comes before email.
    ///
    /// It is empty if only administrators can reset passwords.
    pub(crate) fn recovery(&self) -> Vec<Recovery> {
        let Some(mechanisms) = self
            .get("/AccountRecoverySetting/RecoveryMechanisms")
            .and_then(Value::as_array)
        else {
            return vec![Recovery::PhoneNumber, Recovery::Email];
        };
        let mut mechanisms: Vec<_> = mechanisms.iter().collect();
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
    pub(crate) fn string(&self, pointer: &str) -> Option<&str> {
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

    /// A member that is an array of strings; empty if it is missing.
    fn strings(&self, member: &str) -> impl Iterator<Item = &str> {
        strings(self.members.get(member))
    }
}

/// The strings of an array; none if it is missing.
fn strings(array: Option<&Value>) -> impl Iterator<Item = &str> {
    array
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
