//! What the three versions of token generation share: why they run, and a user's groups.
//!
//! [AWS: pre token generation Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html).
//! The pool's `LambdaVersion` decides which version it sends; the router has a line for each.
//!
#![doc = include_str!("../../docs/pre_token_generation.md")]

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{lenient, non_exhaustive::NonExhaustive, trigger};

pub(crate) const PAGE: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html";

trigger::sources! {
    /// Why tokens are issued.
    prefix "TokenGeneration";
    /// A sign-in through managed login or an OAuth endpoint, local or federated.
    HostedAuth = "HostedAuth",
    /// A sign-in through the API.
    Authentication = "Authentication",
    /// A temporary password was replaced by a new one.
    NewPasswordChallenge = "NewPasswordChallenge",
    /// A remembered device was recognized.
    AuthenticateDevice = "AuthenticateDevice",
    /// Tokens are refreshed. GetTokensFromRefreshToken may also come as `TokenGeneration_Authentication`.
    RefreshTokens = "RefreshTokens",
    /// A machine gets an access token by its client credentials. Version 3 only; there is no user.
    ClientCredentials = "ClientCredentials",
}

/// The sources that come with a user: all that versions 1 and 2 know.
pub(crate) const WITH_USER: &[trigger::SourceDefinition] = match Source::ALL.split_last() {
    Some((_, with_user)) => with_user,
    None => &[],
};

/// The groups of a user and the IAM roles that come with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupConfiguration {
    /// The names of the groups: the claim `cognito:groups`.
    #[serde(default, deserialize_with = "lenient::strings")]
    pub groups_to_override: Vec<String>,
    /// The ARNs of the groups' roles: the claim `cognito:roles`.
    #[serde(default, deserialize_with = "lenient::strings")]
    pub iam_roles_to_override: Vec<String>,
    /// The ARN of the preferred role: the claim `cognito:preferred_role`. Null for most users.
    #[serde(default, deserialize_with = "one_role")]
    pub preferred_role: Option<String>,
    #[doc(hidden)]
    #[serde(skip)]
    pub _non_exhaustive: NonExhaustive,
}

/// One of AWS's examples prints the preferred role as a list; every real event has a text or null.
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

/// What becomes of the groups in the tokens. They stay as they are unless the answer says otherwise.
///
/// On the wire an empty `groupOverrideDetails` takes all groups away, so nothing is written for
/// [`Unchanged`](GroupOverrideDetails::Unchanged).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupOverrideDetails {
    /// The user's own groups.
    #[default]
    Unchanged,
    /// These groups and roles instead, in the ID token and the access token.
    Override(GroupConfiguration),
    /// No groups and no roles.
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
