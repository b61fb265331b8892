//! What a function's role may do, gathered from wherever a template can say it.

use super::{
    template::{Resource, Template},
    text::settled,
};
use crate::{
    model::{Grant, Part, Text, When},
    node::Node,
};

/// What was found, and what can't be seen into.
#[derive(Default)]
pub(super) struct Rights {
    /// The role, by logical id.
    pub(super) role: Option<String>,
    pub(super) grants: Vec<Grant>,
    pub(super) unseen: Vec<String>,
}

/// SAM's policy templates that concern keys; the others never do.
const SAM_DECRYPT: [&str; 1] = ["KMSDecryptPolicy"];

pub(super) fn of_function<'a>(template: &Template<'a>, resource: Resource<'a>) -> Rights {
    let mut rights = Rights::default();
    let role = match template
        .property(resource, "Role")
        .and_then(|role| settled(&role.value))
    {
        Some(role) => match template.text(role).0.as_slice() {
            [Part::Of(id, _)] => id.name.clone(),
            _ => {
                rights.unseen.push(format!("its role, {},", template.text(role)));
                return rights;
            }
        },
        // The role that SAM makes.
        None => format!("{}Role", resource.id),
    };
    rights.role = Some(role.clone());
    if let Some(policies) = template
        .property(resource, "Policies")
        .and_then(|entry| settled(&entry.value))
    {
        policies
            .one_or_many()
            .iter()
            .filter_map(settled)
            .for_each(|policy| rights.policy(template, policy));
    }
    if let Some(role) = template.resource(&role) {
        let inline = role.property("Policies").map(Node::items).unwrap_or_default();
        inline
            .iter()
            .filter_map(settled)
            .for_each(|policy| rights.policy(template, policy));
        let managed = role
            .property("ManagedPolicyArns")
            .map(Node::one_or_many)
            .unwrap_or_default();
        managed
            .iter()
            .filter_map(settled)
            .for_each(|policy| rights.policy(template, policy));
    }
    rights.attached(template, &role);
    rights.by_key_policy(template, &role);
    rights
}

impl Rights {
    /// A policy in a list: a document, a SAM template, or the name of a managed policy.
    fn policy(&mut self, template: &Template<'_>, policy: &Node) {
        let document = policy.get("PolicyDocument").unwrap_or(policy);
        if let Some(statements) = document.get("Statement") {
            self.statements(template, statements);
            return;
        }
        if let Some(key) = SAM_DECRYPT
            .iter()
            .find_map(|name| policy.at_path(&[name, "KeyId"]))
        {
            self.allow("kms:Decrypt", sam_key(template.text(key)));
            return;
        }
        let name = template.text(policy);
        match name.0.as_slice() {
            [Part::Of(id, _)] => {
                if let Some(document) = template
                    .resource(&id.name)
                    .and_then(|it| it.property("PolicyDocument"))
                {
                    self.policy(template, document);
                }
            }
            _ if name.later().is_some() && policy.is_map() && !super::text::is_function(policy) => {}
            _ => self.managed(&name),
        }
    }

    /// A managed policy by name or ARN. The ones for running a function at all say nothing of keys.
    fn managed(&mut self, name: &Text) {
        let text = name.to_string();
        let short = text.rsplit('/').next().unwrap_or(&text);
        if short == "AdministratorAccess" {
            self.allow("*", Text::literal("*"));
        } else if !["AWSLambda", "AWSXRay", "CloudWatch", "AmazonCognito"]
            .iter()
            .any(|start| short.starts_with(start))
        {
            self.unseen.push(format!("the managed policy {name}"));
        }
    }

    /// Policies that stand on their own and name the role.
    fn attached(&mut self, template: &Template<'_>, role: &str) {
        let id = template.id(role);
        for resource in &template.resources {
            let roles = match resource.kind {
                "AWS::IAM::RolePolicy" => resource.property("RoleName"),
                "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => resource.property("Roles"),
                _ => None,
            };
            let ours = roles
                .map(Node::one_or_many)
                .unwrap_or_default()
                .iter()
                .any(|role| template.text(role).names(&id));
            if let Some(document) = resource.property("PolicyDocument").filter(|_| ours) {
                self.policy(template, document);
            }
        }
    }

    /// A key's own policy may let the role in.
    fn by_key_policy(&mut self, template: &Template<'_>, role: &str) {
        let id = template.id(role);
        for key in template.of_kind("AWS::KMS::Key") {
            let statements = key
                .property("KeyPolicy")
                .and_then(|policy| policy.get("Statement"));
            for statement in statements.map(Node::one_or_many).unwrap_or_default() {
                let principals = statement
                    .at_path(&["Principal", "AWS"])
                    .map(Node::one_or_many)
                    .unwrap_or_default();
                if principals
                    .iter()
                    .any(|principal| template.text(principal).names(&id))
                {
                    self.statement(
                        template,
                        statement,
                        Some(Text(vec![Part::Of(template.id(key.id), Some("Arn".to_owned()))])),
                    );
                }
            }
        }
    }

    fn statements(&mut self, template: &Template<'_>, statements: &Node) {
        for statement in statements.one_or_many().iter().filter_map(settled) {
            self.statement(template, statement, None);
        }
    }

    fn statement(&mut self, template: &Template<'_>, statement: &Node, resource: Option<Text>) {
        let denies = match statement.get("Effect").and_then(Node::text) {
            Some("Allow") => false,
            Some("Deny") => true,
            _ => return,
        };
        let texts = |key| -> Option<Vec<Text>> { Some(template.texts(statement.get(key)?)) };
        let actions = texts("Action").map(|actions| actions.iter().map(Text::to_string).collect());
        let resources = resource.map(|only| vec![only]).or_else(|| texts("Resource"));
        // `NotAction` and `NotResource`: anything, with exceptions.
        let when = if actions.is_none() || resources.is_none() {
            When::Unseen
        } else {
            when(template, statement)
        };
        self.grants.push(Grant {
            denies,
            actions: actions.unwrap_or_else(|| vec!["*".to_owned()]),
            resources: resources.unwrap_or_else(|| vec![Text::literal("*")]),
            when,
        });
    }

    fn allow(&mut self, action: &str, resource: Text) {
        self.grants.push(Grant {
            denies: false,
            actions: vec![action.to_owned()],
            resources: vec![resource],
            when: When::Always,
        });
    }
}

/// The condition of a statement; the one that is understood is that on the pool.
fn when(template: &Template<'_>, statement: &Node) -> When {
    let Some(condition) = statement.get("Condition").and_then(settled) else {
        return When::Always;
    };
    let [operator] = condition.entries() else {
        return When::Unseen;
    };
    match operator.value.entries() {
        [of] if operator.key == "StringEquals"
            && of.key.eq_ignore_ascii_case("kms:EncryptionContext:userpool-id") =>
        {
            When::Pools(template.texts(&of.value))
        }
        _ => When::Unseen,
    }
}

/// What SAM makes of the `KeyId` of its `KMSDecryptPolicy`: an ARN around it, so it has to be the bare id.
fn sam_key(id: Text) -> Text {
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
    Text(parts)
}
