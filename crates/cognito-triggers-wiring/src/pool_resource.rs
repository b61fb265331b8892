//! User pools and app clients of templates, with the settings that the API would get.

use serde_json::{Map, Value};

use crate::source::Location;

/// A user pool that a template creates.
#[derive(Clone, Debug)]
pub struct PoolResource {
    /// The logical id.
    pub logical_id: String,
    /// Where the resource is written.
    pub location: Location,
    /// The settings, as CreateUserPool takes them. `LambdaConfig` has the hooks that SAM writes too.
    pub settings: Map<String, Value>,
    /// The app clients of the pool.
    pub clients: Vec<ClientResource>,
    /// The other resources that name the pool in `UserPoolId`, such as domains and identity providers.
    pub parts: Vec<PoolPart>,
    /// Settings of the pool, its clients and its parts that are left out, because they exist only at deployment.
    pub unresolved: Vec<UnresolvedSetting>,
}

/// An app client that a template creates.
#[derive(Clone, Debug)]
pub struct ClientResource {
    /// The logical id.
    pub logical_id: String,
    /// The settings, as CreateUserPoolClient takes them, without `UserPoolId`.
    pub settings: Map<String, Value>,
}

/// A resource that belongs to a pool, other than an app client.
#[derive(Clone, Debug)]
pub struct PoolPart {
    /// The type, such as `AWS::Cognito::UserPoolDomain`.
    pub kind: String,
    /// The logical id.
    pub logical_id: String,
    /// Where the resource is written.
    pub location: Location,
    /// The properties without `UserPoolId`. In `ProviderDetails`, [`UNKNOWN`] stands for what exists only at deployment.
    pub settings: Map<String, Value>,
}

/// Stands for a value in `ProviderDetails` that exists only at deployment, such as a client secret.
pub const UNKNOWN: &str = "unknown-before-deployment";

/// A setting that is unknown before deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnresolvedSetting {
    /// Where it is written.
    pub location: Location,
    /// What provides the value, such as a parameter without a default.
    pub provided_by: String,
    /// Whether [`UNKNOWN`] stands for the value. Otherwise the setting is left out.
    pub has_placeholder: bool,
}

/// The names that a template leaves to the deployment.
#[derive(Clone, Copy, Debug)]
pub struct Deployment<'a> {
    /// The Region, for `AWS::Region` and in ARNs.
    pub region: &'a str,
    /// The account, for `AWS::AccountId` and in ARNs.
    pub account: &'a str,
    /// The name of the stack, for `AWS::StackName`.
    pub stack: &'a str,
    /// The ARN that a KMS key of the template gets.
    pub kms_key: &'a str,
}
