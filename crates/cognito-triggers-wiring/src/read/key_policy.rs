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
    intrinsics::{is_intrinsic, only_if, resolve},
    role::{Named, Role},
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
        iam_policies: match policy.map(|policy| (policy, resolve(policy))) {
            // The default policy.
            None | Some((_, None)) => IamPolicies::Count,
            Some((policy, Some(_))) if !only_if(policy).is_empty() => IamPolicies::MayCount,
            Some((_, Some(policy))) => iam_policies(template, policy),
        },
    });
}

/// Whether a key policy allows `kms:Decrypt` to the account. A statement with a condition, or for principals that aren't known,
/// may allow it.
fn iam_policies(template: &Template<'_>, policy: &Json) -> IamPolicies {
    let Some(statements) = policy.get("Statement") else {
        return match is_intrinsic(policy) || policy.as_scalar().is_some() {
            true => IamPolicies::MayCount,
            false => IamPolicies::DontCount,
        };
    };
    let mut found = IamPolicies::DontCount;
    for item in statements.one_or_many() {
        let Some(statement) = resolve(item) else { continue };
        if is_intrinsic(statement) {
            found = IamPolicies::MayCount;
            continue;
        }
        let actions = statement.get("Action").map(|actions| template.strings(actions));
        let may_allow = statement.get("Effect").and_then(Json::as_scalar) == Some("Allow")
            && actions.as_ref().is_none_or(|actions| {
                let mut actions = actions.iter();
                actions.any(|action| action.unresolved().is_some() || grants_decrypt(&action.to_string()))
            });
        if !may_allow {
            continue;
        }
        let is_certain = actions.is_some()
            && statement.get("Condition").and_then(resolve).is_none()
            && only_if(item).is_empty();
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

/// Whether a statement of a key policy is for a role. Everybody includes the role, and a denial for the account does too.
pub(super) fn is_for(template: &Template<'_>, statement: &Json, role: &Role) -> Named {
    let denies = statement.get("Effect").and_then(Json::as_scalar) == Some("Deny");
    let mut best = Named::No;
    for principal in principals(template, statement) {
        match principal {
            Principal::Everybody => return Named::Yes,
            Principal::Account if denies => return Named::Yes,
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
    match name.0.as_slice() {
        [Part::Literal(text)] if text == "*" => Principal::Everybody,
        [Part::Literal(text)] if is_account(text) => Principal::Account,
        [Part::Pseudo(pseudo)] if pseudo == "AWS::AccountId" => Principal::Account,
        _ if is_root && name.unresolved().is_none() => Principal::Account,
        _ if is_root => Principal::Unknown,
        // A parameter may hold any of them.
        [Part::Unresolved(_)] => Principal::Unknown,
        _ => Principal::Named(name),
    }
}
