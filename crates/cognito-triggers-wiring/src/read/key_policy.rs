//! The policies of keys: whom a statement allows something, and whether the policies of roles count.
//!
//! | principal | stands for |
//! |---|---|
//! | `*`, `AWS: '*'` | everybody |
//! | `AWS: !Ref AWS::AccountId`, `AWS: arn:…:iam::111122223333:root` | the account: its IAM policies count |
//! | `AWS: !GetAtt Role.Arn` | the role |
//! | `AWS: !Ref RoleArn`, `NotPrincipal` | unknown |
//! | `Service: …` | nobody of the account |
//!
//! Source: the page "Key policies in AWS KMS": "Unless the key policy explicitly allows it, you cannot use IAM policies to allow
//! access to a KMS key." The default policy allows it.

use cognito_triggers_model::json::Json;

use super::{
    intrinsics::{branches, is_intrinsic, resolve},
    role::{Named, Role},
    statements::{self, Effect, effect, is_hidden},
    template::{Resource, Template},
};
use crate::{
    facts::{Facts, IamPolicies, KmsKey, grants_decrypt},
    template_string::{Part, TemplateString},
};

/// The types of keys.
pub(super) const KEYS: [&str; 2] = ["AWS::KMS::Key", "AWS::KMS::ReplicaKey"];

/// A principal of a statement.
enum Principal {
    /// Everybody, of every account.
    Everybody,
    /// The account, so that its IAM policies decide.
    Account,
    /// A name or an ARN.
    Named(TemplateString),
    /// Known only at deployment, or everybody with exceptions.
    Unknown,
}

/// Reads a key, and whether its policy lets IAM policies allow `kms:Decrypt`.
pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let policy = resource.property("KeyPolicy");
    facts.kms_keys.push(KmsKey {
        id: template.id(resource.id),
        iam_policies: match policy.map(|policy| (policy, branches(policy))) {
            Some((policy, branches)) if !branches.is_empty() => {
                // Without the condition, the key has the default policy.
                let may_be_default = branches.iter().any(|branch| !branch.only_if.is_empty());
                match may_be_default {
                    true => IamPolicies::MayCount,
                    false => iam_policies(template, policy),
                }
            }
            // The default policy.
            _ => IamPolicies::Count,
        },
    });
}

/// Whether a key policy allows `kms:Decrypt` to the account. A statement with a condition, or for principals that aren't known,
/// may allow it.
fn iam_policies(template: &Template<'_>, policy: &Json) -> IamPolicies {
    let mut found = IamPolicies::DontCount;
    for item in statements::of(policy) {
        let statement = item.json;
        if is_hidden(statement) {
            found = IamPolicies::MayCount;
            continue;
        }
        let effect = effect(template, statement);
        let actions = statement.get("Action").map(|actions| template.strings(actions));
        let may_allow = matches!(effect, Some(Effect::Allow | Effect::Unknown))
            && actions.as_ref().is_none_or(|actions| {
                let mut actions = actions.iter();
                actions.any(|action| grants_decrypt(&action.pattern()))
            });
        if !may_allow {
            continue;
        }
        let allows = |actions: Vec<TemplateString>| {
            let mut actions = actions.iter().filter_map(TemplateString::as_literal);
            actions.any(grants_decrypt)
        };
        let is_certain = effect == Some(Effect::Allow)
            && actions.is_some_and(allows)
            && statement.get("Condition").and_then(resolve).is_none()
            && item.only_if.is_empty()
            && !item.is_alternative;
        for principal in principals(template, statement) {
            match principal {
                Principal::Account if is_certain => return IamPolicies::Count,
                Principal::Account | Principal::Everybody | Principal::Unknown => {
                    found = IamPolicies::MayCount
                }
                Principal::Named(_) => {}
            }
        }
    }
    found
}

/// Whether a statement of a key policy is for a role. Everybody includes the role, and a denial for the account does too. One
/// that can't be read may be.
pub(super) fn is_for(template: &Template<'_>, statement: &Json, role: &Role) -> Named {
    if is_hidden(statement) {
        return Named::Perhaps;
    }
    let effect = effect(template, statement);
    let mut best = Named::No;
    for principal in principals(template, statement) {
        match principal {
            Principal::Everybody => return Named::Yes,
            Principal::Account if effect == Some(Effect::Deny) => return Named::Yes,
            Principal::Account if effect == Some(Effect::Unknown) => best = Named::Perhaps,
            Principal::Account => {}
            Principal::Unknown => best = Named::Perhaps,
            Principal::Named(text) => match role.is_named(&text) {
                Named::Yes => return Named::Yes,
                Named::Perhaps => best = Named::Perhaps,
                Named::No => {}
            },
        }
    }
    best
}

/// The principals of a statement, apart from services and federated users.
fn principals(template: &Template<'_>, statement: &Json) -> Vec<Principal> {
    if statement.get("NotPrincipal").is_some() {
        return vec![Principal::Unknown];
    }
    let Some(principal) = statement.get("Principal").and_then(resolve) else {
        return Vec::new();
    };
    if principal.as_scalar() == Some("*") {
        return vec![Principal::Everybody];
    }
    if is_intrinsic(principal) {
        return vec![Principal::Unknown];
    }
    let names = principal.get("AWS").map(|names| template.strings(names));
    names.unwrap_or_default().into_iter().map(of_name).collect()
}

/// What a value of `AWS` in a principal stands for.
fn of_name(name: TemplateString) -> Principal {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_root = matches!(name.0.last(), Some(Part::Literal(last)) if last.ends_with(":root"));
    let pattern = name.pattern();
    let has_kind = pattern.contains("role/") || pattern.contains("user/");
    match name.0.as_slice() {
        [Part::Literal(text)] if text == "*" => Principal::Everybody,
        [Part::Literal(text)] if is_account(text) => Principal::Account,
        [Part::Pseudo(pseudo)] if pseudo == "AWS::AccountId" => Principal::Account,
        _ if is_root && name.unresolved().is_none() => Principal::Account,
        _ if is_root => Principal::Unknown,
        // A parameter at the end may hold any of them, unless the kind is written before it.
        [.., Part::Unresolved(_)] if !has_kind => Principal::Unknown,
        _ => Principal::Named(name),
    }
}
