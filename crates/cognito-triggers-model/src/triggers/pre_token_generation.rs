//! Pre token generation: what its three versions share, the sources and a user's groups.
//!
//! [AWS: pre token generation Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html).
//! The pool's `LambdaVersion` selects the version; the router has a line for each.
//!
#![doc = include_str!("../../docs/pre_token_generation.md")]

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{lenient, non_exhaustive::NonExhaustive, trigger};

pub(crate) const PAGE: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html";

trigger::sources! {
    /// Why Cognito issues tokens.
    prefix "TokenGeneration";
    /// A sign-in through managed login or an OAuth endpoint, local or federated.
    HostedAuth = "HostedAuth",
    /// A sign-in through the API.
    Authentication = "Authentication",
    /// The user has replaced a temporary password.
    NewPasswordChallenge = "NewPasswordChallenge",
    /// Cognito has recognized a remembered device.
    AuthenticateDevice = "AuthenticateDevice",
    /// Tokens are refreshed. GetTokensFromRefreshToken may also send `TokenGeneration_Authentication`.
    RefreshTokens = "RefreshTokens",
    /// A machine gets an access token with its client credentials. Only in version 3; there is no user.
    ClientCredentials = "ClientCredentials",
}

/// The sources of versions 1 and 2, which always have a user.
pub(crate) const WITH_USER: &[trigger::SourceDefinition] = match Source::ALL.split_last() {
    Some((_, with_user)) => with_user,
    None => &[],
};

/// The groups of a user, and their IAM roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupConfiguration {
    /// The names of the groups: the claim `cognito:groups`.
    #[serde(default, deserialize_with = "lenient::strings")]
    pub groups_to_override: Vec<String>,
    /// The ARNs of the groups' roles: the claim `cognito:roles`.
    #[serde(default, deserialize_with = "lenient::strings")]
    pub iam_roles_to_override: Vec<String>,
    /// The ARN of the preferred role: the claim `cognito:preferred_role`. `None` for most users.
    #[serde(default, deserialize_with = "one_role")]
    pub preferred_role: Option<String>,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}

/// One of AWS's examples has the preferred role as an array; every real event has a string or null.
fn one_role<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Role {
        One(Option<String>),
        List(Vec<Option<String>>),
    }
    let role = match Role::deserialize(deserializer)? {
        Role::One(role) => role,
        Role::List(roles) => roles.into_iter().flatten().next(),
    };
    Ok(role.filter(|role| !role.is_empty()))
}

/// Whether the tokens keep the user's groups. The default keeps them.
///
/// In JSON an empty `groupOverrideDetails` removes all groups, so [`Unchanged`](GroupOverrideDetails::Unchanged) writes
/// nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupOverrideDetails {
    /// The tokens have the user's own groups.
    #[default]
    Unchanged,
    /// Both tokens have these groups and roles instead.
    Override(GroupConfiguration),
    /// Both tokens have no groups and no roles.
    Suppress,
}

impl GroupOverrideDetails {
    pub(crate) fn is_unchanged(&self) -> bool {
        *self == Self::Unchanged
    }
}

impl Serialize for GroupOverrideDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // Left out by `skip_serializing_if` wherever it is a field.
            Self::Unchanged => serializer.serialize_unit(),
            Self::Override(groups) => groups.serialize(serializer),
            Self::Suppress => GroupConfiguration::default().serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_role_is_read_in_every_form() {
        let role = |json: &str| {
            let json = format!(r#"{{"preferredRole":{json}}}"#);
            serde_json::from_str::<GroupConfiguration>(&json)
                .unwrap()
                .preferred_role
        };
        assert_eq!(role("null"), None);
        assert_eq!(role(r#""""#), None);
        assert_eq!(role(r#""arn:a""#).as_deref(), Some("arn:a"));
        assert_eq!(role(r#"["arn:a","arn:b"]"#).as_deref(), Some("arn:a"));
        assert_eq!(role("[]"), None);
    }
}
