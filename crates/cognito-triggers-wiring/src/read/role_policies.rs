//! The permissions of a function's role, gathered from every part of a template that can grant them.
//!
//! | where | |
//! |---|---|
//! | `Policies` of the function | documents, SAM's policy templates, managed policies |
//! | `Policies`, `ManagedPolicyArns` of the role | documents, managed policies |
//! | `AWS::IAM::RolePolicy`, `Policy`, `ManagedPolicy` | if they name the role |
//! | `KeyPolicy` of a key | if it names the role, or everybody |
//!
//! A managed policy that isn't in the template may grant more permissions. They count as hidden, unless the policy is known to
//! have none for keys.

use cognito_triggers_model::json::Json;

use super::{
    intrinsics::{is_intrinsic, only_if, resolve},
    key_policy::{self, KEYS},
    role::{Named, Role},
    template::{Resource, Template},
};
use crate::{
    facts::{Condition, Grant, OnlyIf},
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
    /// The conditions without which what is being read doesn't exist.
    only_if: Vec<OnlyIf>,
    /// Whether what is being read may be about another role.
    may_be_of_other: bool,
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
    if let Some(policies) = template.property(resource, "Policies") {
        found.policies(template, Some(&policies.value));
    }
    if let Some(role) = template.resource(&role) {
        found.policies(template, role.property("Policies"));
        found.policies(template, role.property("ManagedPolicyArns"));
    }
    let role = Role::new(template, &role);
    found.attached(template, &role);
    found.by_key_policy(template, &role);
    found
}

impl RolePolicies {
    /// Reads something that exists only under these conditions.
    fn under(&mut self, conditions: Vec<OnlyIf>, read: impl FnOnce(&mut Self)) {
        let outside = self.only_if.len();
        self.only_if.extend(conditions);
        read(self);
        self.only_if.truncate(outside);
    }

    /// Adds the policies of a list, or one policy alone.
    fn policies(&mut self, template: &Template<'_>, list: Option<&Json>) {
        let Some(list) = list else { return };
        let Some(policies) = resolve(list) else { return };
        self.under(only_if(list), |found| {
            for item in policies.one_or_many() {
                if let Some(policy) = resolve(item) {
                    found.under(only_if(item), |found| found.policy(template, policy));
                }
            }
        });
    }

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
                if let Some(resource) = template.resource(&id.name)
                    && let Some(document) = resource.property("PolicyDocument")
                {
                    self.under(resource.only_if(), |found| found.policy(template, document));
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
    fn attached(&mut self, template: &Template<'_>, role: &Role) {
        for resource in &template.resources {
            let roles = match resource.kind {
                "AWS::IAM::RolePolicy" => resource.property("RoleName"),
                "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => resource.property("Roles"),
                _ => None,
            };
            let Some(document) = resource.property("PolicyDocument") else {
                continue;
            };
            for item in roles.map(Json::one_or_many).unwrap_or_default() {
                let Some(name) = resolve(item) else { continue };
                let conditions = [resource.only_if(), only_if(item)].concat();
                self.about(role.is_named(&template.string(name)), conditions, |found| {
                    found.policy(template, document);
                });
            }
        }
    }

    /// Reads something that names the role, or may name it.
    fn about(&mut self, named: Named, conditions: Vec<OnlyIf>, read: impl FnOnce(&mut Self)) {
        if named == Named::No {
            return;
        }
        self.may_be_of_other = named == Named::Perhaps;
        self.under(conditions, read);
        self.may_be_of_other = false;
    }

    /// Adds the statements of key policies that name the role. Such a statement has no ARN: it is about its own key.
    fn by_key_policy(&mut self, template: &Template<'_>, role: &Role) {
        for key in KEYS.into_iter().flat_map(|kind| template.of_kind(kind)) {
            let policy = key.property("KeyPolicy");
            let statements = policy
                .and_then(resolve)
                .and_then(|policy| policy.get("Statement"));
            let arn = TemplateString::attribute(template.id(key.id), "Arn");
            for item in statements.map(Json::one_or_many).unwrap_or_default() {
                let Some(statement) = resolve(item) else { continue };
                let conditions = [policy.map(only_if).unwrap_or_default(), only_if(item)].concat();
                self.about(
                    key_policy::is_for(template, statement, role),
                    conditions,
                    |found| {
                        found.statement(template, statement, Some(arn.clone()));
                    },
                );
            }
        }
    }

    /// Adds the statements of a policy document.
    fn statements(&mut self, template: &Template<'_>, statements: &Json) {
        for item in statements.one_or_many() {
            if let Some(statement) = resolve(item) {
                self.under(only_if(item), |found| found.statement(template, statement, None));
            }
        }
    }

    /// Adds one statement. For a key policy, `key` is the ARN of the key, and replaces its `Resource`.
    ///
    /// A statement without a valid `Effect` is skipped. One with `NotAction` or `NotResource` counts as conditional.
    fn statement(&mut self, template: &Template<'_>, statement: &Json, key: Option<TemplateString>) {
        let denies = match statement.get("Effect").and_then(Json::as_scalar) {
            Some("Allow") => false,
            Some("Deny") => true,
            _ => return,
        };
        let texts = |key| -> Option<Vec<TemplateString>> { Some(template.strings(statement.get(key)?)) };
        let actions = texts("Action").map(|actions| actions.iter().map(TemplateString::to_string).collect());
        let is_in_key_policy = key.is_some();
        let resources = key.map(|only| vec![only]).or_else(|| texts("Resource"));
        // `NotAction` and `NotResource`: anything, with exceptions.
        let condition = if actions.is_none() || resources.is_none() || self.may_be_of_other {
            Condition::Other
        } else {
            condition(template, statement)
        };
        self.grants.push(Grant {
            denies,
            actions: actions.unwrap_or_else(|| vec!["*".to_owned()]),
            resources: resources.unwrap_or_else(|| vec![TemplateString::literal("*")]),
            condition,
            only_if: self.only_if.clone(),
            is_in_key_policy,
        });
    }

    /// Adds a permission without conditions.
    fn allow(&mut self, action: &str, resource: TemplateString) {
        self.grants.push(Grant {
            denies: false,
            actions: vec![action.to_owned()],
            resources: vec![resource],
            condition: Condition::Always,
            only_if: self.only_if.clone(),
            is_in_key_policy: false,
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
