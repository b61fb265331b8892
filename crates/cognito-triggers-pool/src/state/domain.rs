//! Domains and resource servers of a pool.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::settings::{ACCOUNT, Settings};

/// A domain at which AWS would serve the pages of managed login and the OAuth endpoints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Domain {
    /// A prefix of Cognito's own domain, or the full name of a custom domain.
    pub(crate) name: String,
    /// `CustomDomainConfig`. `None` for a prefix; empty for the domain of a described pool, which doesn't show it.
    pub(crate) custom: Option<Map<String, Value>>,
    /// `Routing` to a replica in another region, which has no effect here. `None` without one.
    #[serde(default)]
    pub(crate) routing: Option<Value>,
    /// `ManagedLoginVersion`: 1 for the classic hosted UI, 2 for managed login.
    pub(crate) version: i64,
}

/// A resource server, whose scopes app clients can request as `IDENTIFIER/SCOPE`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ResourceServer {
    /// Unique in the pool; often a URL.
    pub(crate) identifier: String,
    pub(crate) name: String,
    /// `Scopes`, each with a `ScopeName` and a `ScopeDescription`.
    pub(crate) scopes: Vec<Value>,
}

impl Domain {
    /// `DomainDescription` of an answer.
    pub(crate) fn to_json(&self, settings: &Settings) -> Value {
        let mut description = json!({
            "UserPoolId": settings.id,
            "AWSAccountId": ACCOUNT,
            "Domain": self.name,
            "S3Bucket": format!("aws-cognito-prod-{}-assets", settings.region()),
            "CloudFrontDistribution": self.distribution(),
            "Version": "20160418000000",
            "Status": "ACTIVE",
            "ManagedLoginVersion": self.version,
        });
        let custom = self.custom.as_ref().filter(|custom| !custom.is_empty());
        if let (Some(custom), Some(members)) = (custom, description.as_object_mut()) {
            members.insert("CustomDomainConfig".to_owned(), json!(custom));
        }
        if let (Some(routing), Some(members)) = (&self.routing, description.as_object_mut()) {
            members.insert("Routing".to_owned(), routing.clone());
        }
        description
    }

    /// What CreateUserPoolDomain and UpdateUserPoolDomain answer. Only a custom domain has a distribution to point its DNS
    /// record to.
    pub(crate) fn answer(&self) -> Value {
        let mut answer = json!({ "ManagedLoginVersion": self.version });
        if let (Some(_), Some(members)) = (&self.custom, answer.as_object_mut()) {
            members.insert("CloudFrontDomain".to_owned(), json!(self.distribution()));
        }
        answer
    }

    /// A made-up name, since nothing is distributed.
    fn distribution(&self) -> String {
        format!("{}.cloudfront.net", self.name.replace('.', "-"))
    }
}

impl ResourceServer {
    /// `ResourceServer` of an answer.
    pub(crate) fn to_json(&self, pool_id: &str) -> Value {
        json!({
            "UserPoolId": pool_id,
            "Identifier": self.identifier,
            "Name": self.name,
            "Scopes": self.scopes,
        })
    }

    /// Its scopes as clients request them.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = String> {
        let names = self
            .scopes
            .iter()
            .filter_map(|scope| scope.get("ScopeName")?.as_str());
        names.map(|name| format!("{}/{name}", self.identifier))
    }
}
