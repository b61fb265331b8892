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
    intrinsics::{Branch, branches, is_intrinsic, only_if, resolve},
    key_policy::{self, KEYS},
    role::{Named, Role},
    statements::{self, Effect, is_hidden},
    template::{Resource, Template},
};
use crate::{
    facts::{Condition, Grant, HiddenPolicy, OnlyIf, grants_decrypt},
    template_string::{Id, Part, TemplateString},
};

/// What the policies of a role grant, as far as they can be read.
#[derive(Default)]
pub(super) struct RolePolicies {
    /// The role, by logical id.
    pub(super) role: Option<String>,
    /// Statements that could be read, denials included.
    pub(super) grants: Vec<Grant>,
    /// The policies and roles whose statements can't be read.
    pub(super) hidden: Vec<HiddenPolicy>,
    /// The conditions without which what is being read doesn't exist.
    only_if: Vec<OnlyIf>,
    /// Whether what is being read may be about another role, or have another value at deployment.
    may_not_apply: bool,
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
                let what = format!("its role, {},", template.string(role).quoted());
                found.hidden.push(HiddenPolicy::of_role(what));
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
    /// Reads something that exists only under these conditions. `may_not_apply` says that it may have no effect even then.
    fn under(&mut self, conditions: Vec<OnlyIf>, may_not_apply: bool, read: impl FnOnce(&mut Self)) {
        let (length, outside) = (self.only_if.len(), self.may_not_apply);
        self.only_if.extend(conditions);
        self.may_not_apply |= may_not_apply;
        read(self);
        self.only_if.truncate(length);
        self.may_not_apply = outside;
    }

    /// Reads each value that a value may have.
    fn each(&mut self, json: &Json, mut read: impl FnMut(&mut Self, &Json)) {
        for Branch {
            value,
            only_if,
            is_alternative,
        } in branches(json)
        {
            self.under(only_if, is_alternative, |found| read(found, value));
        }
    }

    /// Adds the policies of a list, or one policy alone.
    fn policies(&mut self, template: &Template<'_>, list: Option<&Json>) {
        let Some(list) = list else { return };
        self.each(list, |found, policies| {
            for policy in policies.one_or_many() {
                found.each(policy, |found, policy| found.policy(template, policy));
            }
        });
    }

    /// Adds a policy of a list: a document, a SAM policy template, or the name of a managed policy.
    ///
    /// A reference to a policy of the template adds its document. A SAM policy template that has nothing to do with keys adds
    /// nothing.
    fn policy(&mut self, template: &Template<'_>, policy: &Json) {
        if let Some(document) = policy.get("PolicyDocument") {
            self.document(template, document);
            return;
        }
        if policy.get("Statement").is_some() {
            self.document(template, policy);
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
                    self.under(resource.only_if(), false, |found| {
                        found.document(template, document)
                    });
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
            let what = format!("the managed policy {}", name.quoted());
            self.hidden.push(HiddenPolicy::of_role(what));
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
                    found.document(template, document);
                });
            }
        }
    }

    /// Reads something that names the role, or may name it.
    fn about(&mut self, named: Named, conditions: Vec<OnlyIf>, read: impl FnOnce(&mut Self)) {
        if named == Named::No {
            return;
        }
        self.under(conditions, named == Named::Perhaps, read);
    }

    /// Adds the statements of key policies that name the role. Such a statement has no ARN: it is about its own key.
    fn by_key_policy(&mut self, template: &Template<'_>, role: &Role) {
        for key in KEYS.into_iter().flat_map(|kind| template.of_kind(kind)) {
            let Some(policy) = key.property("KeyPolicy") else {
                continue;
            };
            let id = template.id(key.id);
            for statement in statements::of(policy) {
                let named = key_policy::is_for(template, statement.json, role);
                let read = |found: &mut Self| found.statement(template, statement.json, Some(&id));
                self.under(Vec::new(), statement.is_alternative, |found| {
                    found.about(named, statement.only_if, read);
                });
            }
        }
    }

    /// Adds the statements of a policy document.
    fn document(&mut self, template: &Template<'_>, document: &Json) {
        for statement in statements::of(document) {
            self.under(statement.only_if, statement.is_alternative, |found| {
                found.statement(template, statement.json, None);
            });
        }
    }

    /// Adds one statement. For a key policy, `key` is the key, and its ARN replaces the `Resource` of the statement.
    ///
    /// A statement without a valid `Effect` is skipped. One with `NotAction` or `NotResource` counts as conditional, and one
    /// whose `Effect` is known only at deployment as both.
    fn statement(&mut self, template: &Template<'_>, statement: &Json, key: Option<&Id>) {
        let arn = key.map(|key| TemplateString::attribute(key.clone(), "Arn"));
        if is_hidden(statement) {
            self.hide(template, statement, key);
            self.add(true, vec!["*".to_owned()], arn, None, Condition::Other);
            return;
        }
        let effect = statements::effect(template, statement);
        let effects: &[bool] = match effect {
            Some(Effect::Allow) => &[false],
            Some(Effect::Deny) => &[true],
            Some(Effect::Unknown) => &[false, true],
            None => return,
        };
        let texts = |key| -> Option<Vec<TemplateString>> { Some(template.strings(statement.get(key)?)) };
        let actions = texts("Action").and_then(|actions| known_actions(&actions));
        let resources = texts("Resource");
        // `NotAction` and `NotResource`: anything, with exceptions.
        let is_known = actions.is_some() && (arn.is_some() || resources.is_some());
        let condition = match is_known && effect != Some(Effect::Unknown) && !self.may_not_apply {
            true => condition(template, statement),
            false => Condition::Other,
        };
        let actions = actions.unwrap_or_else(|| vec!["*".to_owned()]);
        for denies in effects {
            self.add(
                *denies,
                actions.clone(),
                arn.clone(),
                resources.clone(),
                condition.clone(),
            );
        }
    }

    /// Adds a statement that was read: of a key's policy, if `arn` is that of the key, or else for these resources. Without
    /// both it is for any.
    fn add(
        &mut self,
        denies: bool,
        actions: Vec<String>,
        arn: Option<TemplateString>,
        resources: Option<Vec<TemplateString>>,
        condition: Condition,
    ) {
        let is_in_key_policy = arn.is_some();
        let resources = arn.map(|only| vec![only]).or(resources);
        self.grants.push(Grant {
            denies,
            actions,
            resources: resources.unwrap_or_else(|| vec![TemplateString::literal("*")]),
            condition,
            only_if: self.only_if.clone(),
            is_in_key_policy,
        });
    }

    /// Notes a document or statement that can't be read. It may allow decryption as well as deny it.
    fn hide(&mut self, template: &Template<'_>, json: &Json, key: Option<&Id>) {
        let policy = match key {
            Some(key) => format!("the policy of `{}`", key.name),
            None => "the policies of its role".to_owned(),
        };
        let provider = match json.as_scalar() {
            Some(_) => "is a string".to_owned(),
            None if is_intrinsic(json) => format!("{} provides", template.string(json).quoted()),
            None => "a macro provides".to_owned(),
        };
        self.hidden.push(HiddenPolicy {
            what: format!("a part of {policy} that {provider}"),
            key: key.cloned(),
        });
    }

    /// Adds a permission without conditions.
    fn allow(&mut self, action: &str, resource: TemplateString) {
        let condition = match self.may_not_apply {
            true => Condition::Other,
            false => Condition::Always,
        };
        self.add(
            false,
            vec![action.to_owned()],
            None,
            Some(vec![resource]),
            condition,
        );
    }
}

/// The actions of a statement. `None` if only deployment tells whether `kms:Decrypt` is among them.
fn known_actions(actions: &[TemplateString]) -> Option<Vec<String>> {
    let known = actions.iter().filter_map(TemplateString::as_literal);
    let known: Vec<String> = known.map(str::to_owned).collect();
    let may_be_decrypt = actions.iter().any(|action| grants_decrypt(&action.pattern()));
    let is_decrypt = known.iter().any(|action| grants_decrypt(action));
    (is_decrypt || !may_be_decrypt).then_some(known)
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
