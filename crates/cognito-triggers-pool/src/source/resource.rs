//! The initial domains, resource servers, identity providers and groups of pools.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Present, object};
use crate::error::ApiError;
use crate::operations::{accept, domains, groups, identity_providers, resource_servers};
use crate::service::Service;

/// A kind of resource that a pool has besides its app clients and users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceKind {
    /// The input of CreateUserPoolDomain, or the output of DescribeUserPoolDomain.
    Domain,
    /// The input of CreateGroup, or the output of GetGroup.
    Group,
    /// The input of CreateIdentityProvider, or the output of DescribeIdentityProvider.
    IdentityProvider,
    /// The input of CreateResourceServer, or the output of DescribeResourceServer.
    ResourceServer,
}

impl ResourceKind {
    /// The operation that creates one.
    fn operation(self) -> &'static str {
        match self {
            Self::Domain => "CreateUserPoolDomain",
            Self::Group => "CreateGroup",
            Self::IdentityProvider => "CreateIdentityProvider",
            Self::ResourceServer => "CreateResourceServer",
        }
    }

    /// The member that has the resource in the output of its describe operation.
    pub(crate) fn wrapper(self) -> &'static str {
        match self {
            Self::Domain => "DomainDescription",
            Self::Group => "Group",
            Self::IdentityProvider => "IdentityProvider",
            Self::ResourceServer => "ResourceServer",
        }
    }

    /// The member that names one in its pool.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Domain => "Domain",
            Self::Group => "GroupName",
            Self::IdentityProvider => "ProviderName",
            Self::ResourceServer => "Identifier",
        }
    }

    /// Members that the describe operation adds to those that a caller sets.
    fn computed(self) -> &'static [&'static str] {
        match self {
            Self::Domain => &[
                "AWSAccountId",
                "CloudFrontDistribution",
                "S3Bucket",
                "Status",
                "Version",
            ],
            Self::Group | Self::IdentityProvider => &["CreationDate", "LastModifiedDate"],
            Self::ResourceServer => &[],
        }
    }
}

/// Adds a resource to a pool, in place of a stored one with its name. An OIDC provider on this machine is asked for its configuration.
///
/// # Errors
/// Those of the operation that creates the resource.
pub(crate) async fn add_resource(
    service: &Arc<Service>,
    pool_id: &str,
    kind: ResourceKind,
    source: Value,
    present: Present,
) -> Result<String, ApiError> {
    let mut members = object(source, kind.wrapper())?;
    for name in kind.computed() {
        members.remove(*name);
    }
    // DescribeUserPoolDomain has an empty one for a prefix.
    if members.get("CustomDomainConfig") == Some(&json!({})) {
        members.remove("CustomDomainConfig");
    }
    members.insert("UserPoolId".to_owned(), json!(pool_id));
    let call = accept(service, kind.operation(), Value::Object(members))?;
    let name = call.input.string(kind.name()).to_owned();
    service.write(|state| {
        let pool = state.pool_mut(pool_id)?;
        match kind {
            // DescribeUserPool names the domains too, without their settings.
            ResourceKind::Domain => pool.domains.retain(|domain| domain.name != name),
            _ if present == Present::Refused => {}
            ResourceKind::Group => drop(pool.groups.remove(&name)),
            ResourceKind::IdentityProvider => drop(pool.providers.remove(&name)),
            ResourceKind::ResourceServer => drop(pool.resource_servers.remove(&name)),
        }
        Ok::<_, ApiError>(())
    })?;
    match kind {
        ResourceKind::Domain => domains::create_user_pool_domain(call).await?,
        ResourceKind::Group => groups::create_group(call).await?,
        ResourceKind::IdentityProvider => identity_providers::create_identity_provider(call).await?,
        ResourceKind::ResourceServer => resource_servers::create_resource_server(call).await?,
    };
    Ok(name)
}
