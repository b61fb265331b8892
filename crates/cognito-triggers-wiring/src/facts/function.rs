//! Functions: their settings, what their role may do, and who may call them.

use std::collections::BTreeMap;

use super::{function_ref::FunctionRef, only_if::OnlyIf, pool::Pool, setting::Setting};
use crate::{
    arn,
    source::Location,
    template_string::{Id, TemplateString},
};

/// A Lambda function.
#[derive(Debug)]
pub(crate) struct Function {
    /// The logical id, or the name of a described function.
    pub(crate) id: Id,
    /// Its `FunctionName`, if a template sets it to a plain string.
    pub(crate) name: Option<String>,
    /// Its ARN without a qualifier, if a description names it. A template knows it only at deployment.
    pub(crate) arn: Option<String>,
    /// The resource, or the start of the description.
    pub(crate) location: Location,
    /// The conditions without which a template doesn't create it.
    pub(crate) only_if: Vec<OnlyIf>,
    /// Whether Terraform has it. If the pool is in the same source, the permission is expected there too.
    pub(crate) from_terraform: bool,
    /// The role it runs as, by logical id, if the template has it.
    pub(crate) role: Option<String>,
    /// The binary, if the source names it.
    pub(crate) binary: Option<String>,
    /// Other names by which the binary may be known.
    pub(crate) names: Vec<String>,
    /// The runtime: `provided.al2023`.
    pub(crate) runtime: Setting<String>,
    /// The variables of its environment that a template sets. `None` for a value that isn't known before deployment.
    pub(crate) variables: BTreeMap<String, Option<String>>,
    /// In seconds.
    pub(crate) timeout: Setting<u64>,
    /// Whether it is a container image, which has no runtime.
    pub(crate) is_image: bool,
    /// The statements of every policy that concerns its role.
    pub(crate) grants: Vec<Grant>,
    /// The policies and roles whose statements can't be read here.
    pub(crate) hidden_policies: Vec<HiddenPolicy>,
}

impl Function {
    /// Whether one state or plan of Terraform has both the function and the pool.
    pub(crate) fn is_in_configuration_of(&self, pool: &Pool) -> bool {
        self.from_terraform && self.id.source == pool.id.source
    }
}

/// A policy, a part of one or a role whose statements can't be read here.
///
/// | written | hidden |
/// |---|---|
/// | `Role: !Ref RoleArn` | the role |
/// | `ManagedPolicyArns: [arn:aws:iam::111122223333:policy/codes]` | the managed policy |
/// | `KeyPolicy: !ImportValue policy` | the policy of one key |
#[derive(Clone, Debug)]
pub(crate) struct HiddenPolicy {
    /// As a part of a sentence: "its role, …,".
    pub(crate) what: String,
    /// The key whose policy it is. `None` for what concerns the role, and so every key.
    pub(crate) key: Option<Id>,
}

impl HiddenPolicy {
    /// Something that concerns the role.
    pub(crate) fn of_role(what: String) -> Self {
        Self { what, key: None }
    }
}

/// A statement of a policy.
///
/// `NotAction` and `NotResource` grant everything with exceptions. They become `*`, with the condition
/// [`Condition::Other`].
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// Whether it denies the actions (`Effect: Deny`).
    pub(crate) denies: bool,
    /// The actions, with wildcards: `kms:*`.
    pub(crate) actions: Vec<String>,
    /// The resources, with wildcards.
    pub(crate) resources: Vec<TemplateString>,
    /// When the statement applies.
    pub(crate) condition: Condition,
    /// The conditions of the template without which the statement doesn't exist.
    pub(crate) only_if: Vec<OnlyIf>,
    /// Whether it is a statement of the key's own policy, which counts whatever the policies of the role say.
    pub(crate) is_in_key_policy: bool,
}

/// Whether an action of a policy covers `kms:Decrypt`. IAM ignores the case of actions.
pub(crate) fn grants_decrypt(action: &str) -> bool {
    arn::matches(&action.to_lowercase(), "kms:decrypt")
}

/// Under which condition a statement applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Always.
    Always,
    /// Only to codes of these pools.
    Pools(Vec<TemplateString>),
    /// A condition or exception that isn't understood here.
    Other,
}

/// A statement that lets Cognito call a function.
///
/// It comes from `AWS::Lambda::Permission`, from an event of SAM, from a statement that `get-policy` prints, or from
/// `aws_lambda_permission` of Terraform. Statements for other services aren't read.
#[derive(Debug)]
pub(crate) struct Permission {
    /// The resource, the event of SAM, or the statement of a policy.
    pub(crate) location: Location,
    /// The function that may be called, with the qualifier for which the statement is.
    pub(crate) function: FunctionRef,
    /// The condition on the ARN of the pool. Parts of it may be unresolved.
    pub(crate) source_arn: Setting<TemplateString>,
    /// The condition on the account of the pool.
    pub(crate) source_account: Setting<TemplateString>,
    /// The conditions of the template without which the statement doesn't exist.
    pub(crate) only_if: Vec<OnlyIf>,
    /// What provides the principal or the action at deployment, so that the statement may be for another service. `None` if the
    /// statement is for Cognito.
    pub(crate) unresolved: Option<String>,
    /// Whether a CloudFormation template creates the statement, so that fixes go into the template.
    pub(crate) from_template: bool,
    /// Whether SAM writes it, because of `Events: Type: Cognito`.
    pub(crate) from_event: bool,
}
