//! External identity providers of a pool, and the identities that they vouch for.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Timestamp;

/// The attribute of a provider's user that stands for the provider's own id of the user.
pub(crate) const SUBJECT: &str = "Cognito_Subject";

/// The name of the pool itself where an operation expects the name of a provider.
pub(crate) const COGNITO: &str = "Cognito";

/// An external identity provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IdentityProvider {
    /// `ProviderName`, which is unique in the pool and never changes.
    pub(crate) name: String,
    /// `ProviderType`, which never changes.
    pub(crate) kind: ProviderType,
    /// `ProviderDetails`, including the keys that Cognito adds and the secrets.
    pub(crate) details: BTreeMap<String, String>,
    /// `AttributeMapping`: the provider's name of each attribute of the pool.
    pub(crate) mapping: BTreeMap<String, String>,
    /// `IdpIdentifiers`
    pub(crate) identifiers: Vec<String>,
    /// `AcrMapping`, which has no effect here. Empty without one.
    #[serde(default)]
    pub(crate) acr: BTreeMap<String, String>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

/// `ProviderType`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ProviderType {
    #[serde(rename = "SAML")]
    Saml,
    Facebook,
    Google,
    LoginWithAmazon,
    SignInWithApple,
    #[serde(rename = "OIDC")]
    Oidc,
}

/// A user's account at an external identity provider, as the attribute `identities` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) provider: String,
    pub(crate) kind: ProviderType,
    /// The name of the attribute that identifies the account: `Cognito_Subject` or one of the provider's own.
    pub(crate) attribute: String,
    /// The value of that attribute.
    pub(crate) user_id: String,
    /// Whether the user was created by signing in with this account. An account that was linked isn't primary.
    pub(crate) primary: bool,
    pub(crate) created: Timestamp,
}

/// The details, some of which are secret, aren't in debug output.
impl fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityProvider")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl ProviderType {
    /// The type with this name in the API.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        serde_json::from_value(json!(name)).ok()
    }

    /// The name in the API and in events.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Saml => "SAML",
            Self::Facebook => "Facebook",
            Self::Google => "Google",
            Self::LoginWithAmazon => "LoginWithAmazon",
            Self::SignInWithApple => "SignInWithApple",
            Self::Oidc => "OIDC",
        }
    }

    /// Whether it is one certain public service, so that the name of the provider must be that of the type.
    pub(crate) fn is_social(self) -> bool {
        !matches!(self, Self::Saml | Self::Oidc)
    }

    /// The provider's name of its own id of a user. `None` for SAML, which has the `NameID` for it.
    pub(crate) fn subject_claim(self) -> Option<&'static str> {
        match self {
            Self::Saml => None,
            Self::Facebook => Some("id"),
            Self::LoginWithAmazon => Some("user_id"),
            Self::Google | Self::SignInWithApple | Self::Oidc => Some("sub"),
        }
    }
}

impl IdentityProvider {
    /// The claim that is mapped to the user name. `None` for SAML, whose source is always the `NameID`; an imported state may map
    /// another one.
    pub(crate) fn user_name_claim(&self) -> Option<&String> {
        let mapped = self.mapping.get("username");
        mapped.filter(|_| self.kind.subject_claim().is_some())
    }

    /// `IdentityProvider` of an answer. The private key of Sign in with Apple is left out.
    pub(crate) fn to_json(&self, pool_id: &str) -> Value {
        let mut details = self.details.clone();
        details.remove("private_key");
        let mut answer = json!({
            "UserPoolId": pool_id,
            "ProviderName": self.name,
            "ProviderType": self.kind.as_str(),
            "ProviderDetails": details,
            "AttributeMapping": self.mapping,
            "IdpIdentifiers": self.identifiers,
            "CreationDate": self.created.to_json(),
            "LastModifiedDate": self.modified.to_json(),
        });
        if let (false, Some(members)) = (self.acr.is_empty(), answer.as_object_mut()) {
            members.insert("AcrMapping".to_owned(), json!(self.acr));
        }
        answer
    }
}

impl Identity {
    /// The identities in the attribute `identities`. `None` if it isn't an array of them.
    pub(crate) fn parse_list(attribute: &str) -> Option<Vec<Self>> {
        let list: Vec<Value> = serde_json::from_str(attribute).ok()?;
        let identities = list.iter().map(|identity| {
            let string = |name: &str| Some(identity.get(name)?.as_str()?.to_owned());
            Some(Self {
                provider: string("providerName")?,
                kind: ProviderType::parse(&string("providerType")?)?,
                attribute: SUBJECT.to_owned(),
                user_id: string("userId")?,
                primary: identity
                    .get("primary")
                    .and_then(Value::as_bool)
                    .unwrap_or_default(),
                created: Timestamp::from_millis(identity.get("dateCreated").and_then(Value::as_i64)?),
            })
        });
        identities.collect()
    }

    /// An element of `identities` in an event and in the API.
    pub(crate) fn to_json(&self) -> String {
        let [user_id, provider, kind] =
            [&*self.user_id, &*self.provider, self.kind.as_str()].map(|text| json!(text).to_string());
        // In the order of captured events, which a map wouldn't keep.
        format!(
            r#"{{"userId":{user_id},"providerName":{provider},"providerType":{kind},"issuer":null,"primary":{},"dateCreated":{}}}"#,
            self.primary,
            self.created.millis()
        )
    }

    /// An element of the claim `identities`, in which all values are strings.
    pub(crate) fn to_claim(&self) -> Value {
        json!({
            "userId": self.user_id,
            "providerName": self.provider,
            "providerType": self.kind.as_str(),
            "issuer": null,
            "primary": self.primary.to_string(),
            "dateCreated": self.created.millis().to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_reads_like_a_captured_one() {
        let identity = Identity {
            provider: "IdP".to_owned(),
            kind: ProviderType::Saml,
            attribute: SUBJECT.to_owned(),
            user_id: "user\"id".to_owned(),
            primary: true,
            created: Timestamp::from_millis(1_611_313_260_723),
        };
        assert_eq!(
            identity.to_json(),
            r#"{"userId":"user\"id","providerName":"IdP","providerType":"SAML","issuer":null,"primary":true,"dateCreated":1611313260723}"#
        );
        let list = format!("[{}]", identity.to_json());
        assert_eq!(Identity::parse_list(&list), Some(vec![identity.clone()]));
        assert_eq!(identity.to_claim()["primary"], "true");
        assert_eq!(identity.to_claim()["dateCreated"], "1611313260723");
    }

    #[test]
    fn no_claim_of_saml_is_the_user_name() {
        let mapping = BTreeMap::from([("username".to_owned(), "mail".to_owned())]);
        let mut provider = IdentityProvider {
            name: "Acme".to_owned(),
            kind: ProviderType::Oidc,
            details: BTreeMap::new(),
            mapping,
            identifiers: Vec::new(),
            acr: BTreeMap::new(),
            created: Timestamp::from_millis(0),
            modified: Timestamp::from_millis(0),
        };
        assert_eq!(provider.user_name_claim().map(String::as_str), Some("mail"));
        provider.kind = ProviderType::Saml;
        assert_eq!(provider.user_name_claim(), None);
    }

    #[test]
    fn types_have_the_names_of_the_api() {
        for name in [
            "SAML",
            "Facebook",
            "Google",
            "LoginWithAmazon",
            "SignInWithApple",
            "OIDC",
        ] {
            assert_eq!(ProviderType::parse(name).map(ProviderType::as_str), Some(name));
        }
        assert_eq!(ProviderType::parse("GitHub"), None);
    }
}
