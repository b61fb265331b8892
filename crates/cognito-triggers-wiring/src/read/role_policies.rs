//! The permissions of a function's role, gathered from every part of a template that can grant them.
//!
//! | where | |
//! |---|---|
//! | `Policies` of the function | documents, SAM's policy templates, managed policies |
//! | `Policies`, `ManagedPolicyArns` of the role | documents, managed policies |
//! | `AWS::IAM::RolePolicy`, `Policy`, `ManagedPolicy` | if they name the role |
//! | `KeyPolicy` of a key | if it names the role |
//!
//! A managed policy that isn't in the template may grant more permissions. They count as hidden, unless the policy is known to
//! have none for keys.

use cognito_triggers_model::json::Json;

use super::{
    intrinsics::{is_intrinsic, resolve},
    template::{Resource, Template},
};
use crate::{
    facts::{Condition, Grant},
    template_string::{Part, TemplateString},
};

/// What the policies of a role grant, as far as they can be read.
#[derive(Default)]
pub(super) struct RolePolicies {
    /// The role, by logical id.
    pub(super) role: Option<String>,
    /// Statements that could be read, denials included.
    pub(super) grants: Vec<Grant>,
    /// The policies and roles whose statements can't be read, as a part of a sentence: "its role, …,".
    pub(super) hidden: Vec<String>,
}

/// SAM's policy templates that grant permissions for keys. The others grant none.
const SAM_DECRYPT: [&str; 1] = ["KMSDecryptPolicy"];

/// The policies of the role that a function runs as: its own, or the one that SAM creates.
pub(super) fn of_function<'a>(template: &Template<'a>, resource: Resource<'a>) -> RolePolicies {
    let mut found = RolePolicies::default();
    let role = match template
        .property(resource, "Role")
        .and_then(|role| resolve(&role.value))
    {
        Some(role) => match template.string(role).0.as_slice() {
            [Part::Resource(id, _)] => id.name.clone(),
            _ => {
                found
                    .hidden
                    .push(format!("its role, {},", template.string(role).quoted()));
                return found;
            }
        },
        // The role that SAM makes.
        None => format!("{}Role", resource.id),
    };
    found.role = Some(role.clone());
    if let Some(policies) = template
        .property(resource, "Policies")
        .and_then(|member| resolve(&member.value))
    {
        policies
            .one_or_many()
            .iter()
            .filter_map(resolve)
            .for_each(|policy| found.policy(template, policy));
    }
    if let Some(role) = template.resource(&role) {
        let inline = role.property("Policies").map(Json::items).unwrap_or_default();
        inline
            .iter()
            .filter_map(resolve)
            .for_each(|policy| found.policy(template, policy));
        let managed = role
            .property("ManagedPolicyArns")
            .map(Json::one_or_many)
            .unwrap_or_default();
        managed
            .iter()
            .filter_map(resolve)
            .for_each(|policy| found.policy(template, policy));
    }
    found.attached(template, &role);
    found.by_key_policy(template, &role);
    found
}

impl RolePolicies {
    /// Adds a policy of a list: a document, a SAM policy template, or the name of a managed policy.
    ///
    /// A reference to a policy of the template adds its document. A SAM policy template that has nothing to do with keys adds
    /// nothing.
    fn policy(&mut self, template: &Template<'_>, policy: &Json) {
        let document = policy.get("PolicyDocument").unwrap_or(policy);
        if let Some(statements) = document.get("Statement") {
            self.statements(template, statements);
            return;
        }
        if let Some(key) = SAM_DECRYPT
            .iter()
            .find_map(|name| policy.get_path(&[name, "KeyId"]))
        {
            self.allow("kms:Decrypt", sam_key(template.string(key)));
            return;
        }
        let name = template.string(policy);
        match name.0.as_slice() {
            [Part::Resource(id, _)] => {
                if let Some(document) = template
                    .resource(&id.name)
                    .and_then(|it| it.property("PolicyDocument"))
                {
                    self.policy(template, document);
                }
            }
            _ if name.unresolved().is_some() && policy.is_object() && !is_intrinsic(policy) => {}
            _ => self.managed(&name),
        }
    }

    /// Adds a managed policy of AWS by its name or ARN. Policies that every function needs, such as those for logs, grant
    /// nothing for keys. Every other policy counts as hidden, except `AdministratorAccess`, which grants everything.
    fn managed(&mut self, name: &TemplateString) {
        let text = name.to_string();
        let short = text.rsplit('/').next().unwrap_or(&text);
        if short == "AdministratorAccess" {
            self.allow("*", TemplateString::literal("*"));
        } else if !["AWSLambda", "AWSXRay", "CloudWatch", "AmazonCognito"]
            .iter()
            .any(|start| short.starts_with(start))
        {
            self.hidden.push(format!("the managed policy {}", name.quoted()));
        }
    }

    /// Adds the policies that are resources of their own and name the role.
    fn attached(&mut self, template: &Template<'_>, role: &str) {
        let id = template.id(role);
        for resource in &template.resources {
            let roles = match resource.kind {
                "AWS::IAM::RolePolicy" => resource.property("RoleName"),
                "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => resource.property("Roles"),
                _ => None,
            };
            let ours = roles
                .map(Json::one_or_many)
                .unwrap_or_default()
                .iter()
                .any(|role| template.string(role).names(&id));
            if let Some(document) = resource.property("PolicyDocument").filter(|_| ours) {
                self.policy(template, document);
            }
        }
    }

    /// Adds the statements of key policies that name the role. Such a statement has no ARN: it is about its own key.
    fn by_key_policy(&mut self, template: &Template<'_>, role: &str) {
        let id = template.id(role);
        for key in template.of_kind("AWS::KMS::Key") {
            let statements = key
                .property("KeyPolicy")
                .and_then(|policy| policy.get("Statement"));
            for statement in statements.map(Json::one_or_many).unwrap_or_default() {
                let principals = statement
                    .get_path(&["Principal", "AWS"])
                    .map(Json::one_or_many)
                    .unwrap_or_default();
                if principals
                    .iter()
                    .any(|principal| template.string(principal).names(&id))
                {
                    self.statement(
                        template,
                        statement,
                        Some(TemplateString(vec![Part::Resource(
                            template.id(key.id),
                            Some("Arn".to_owned()),
                        )])),
                    );
                }
            }
        }
    }

    /// Adds the statements of a policy document.
    fn statements(&mut self, template: &Template<'_>, statements: &Json) {
        for statement in statements.one_or_many().iter().filter_map(resolve) {
            self.statement(template, statement, None);
        }
    }

    /// Adds one statement. `resource` replaces its `Resource`; for a key policy it is the key itself.
    ///
    /// A statement without a valid `Effect` is skipped. One with `NotAction` or `NotResource` counts as conditional.
    fn statement(&mut self, template: &Template<'_>, statement: &Json, resource: Option<TemplateString>) {
        let denies = match statement.get("Effect").and_then(Json::as_scalar) {
            Some("Allow") => false,
            Some("Deny") => true,
            _ => return,
        };
        let texts = |key| -> Option<Vec<TemplateString>> { Some(template.strings(statement.get(key)?)) };
        let actions = texts("Action").map(|actions| actions.iter().map(TemplateString::to_string).collect());
        let resources = resource.map(|only| vec![only]).or_else(|| texts("Resource"));
        // `NotAction` and `NotResource`: anything, with exceptions.
        let condition = if actions.is_none() || resources.is_none() {
            Condition::Other
        } else {
            condition(template, statement)
        };
        self.grants.push(Grant {
            denies,
            actions: actions.unwrap_or_else(|| vec!["*".to_owned()]),
            resources: resources.unwrap_or_else(|| vec![TemplateString::literal("*")]),
            condition,
        });
    }

    /// Adds a permission without conditions.
    fn allow(&mut self, action: &str, resource: TemplateString) {
        self.grants.push(Grant {
            denies: false,
            actions: vec![action.to_owned()],
            resources: vec![resource],
            condition: Condition::Always,
        });
    }
}

/// The condition of a statement. Only a condition on the pool is understood; every other one is [`Condition::Other`].
fn condition(template: &Template<'_>, statement: &Json) -> Condition {
    let Some(condition) = statement.get("Condition").and_then(resolve) else {
        return Condition::Always;
    };
    let [operator] = condition.members() else {
        return Condition::Other;
    };
    match operator.value.members() {
        [of] if operator.key == "StringEquals"
            && of.key.eq_ignore_ascii_case("kms:EncryptionContext:userpool-id") =>
        {
            Condition::Pools(template.strings(&of.value))
        }
        _ => Condition::Other,
    }
}

/// The ARN that SAM builds from the `KeyId` of its `KMSDecryptPolicy`. `KeyId` has to be the bare id of the key.
fn sam_key(id: TemplateString) -> TemplateString {
    let literal = |text: &str| Part::Literal(text.to_owned());
    let pseudo = |name: &str| Part::Pseudo(format!("AWS::{name}"));
    let mut parts = vec![
        literal("arn:"),
        pseudo("Partition"),
        literal(":kms:"),
        pseudo("Region"),
        literal(":"),
        pseudo("AccountId"),
        literal(":key/"),
    ];
    parts.extend(id.0);
    TemplateString(parts)
}
