//! The function of a custom sender needs `kms:Decrypt` on the pool's key, or it can't decrypt a code.
//!
//! ```yaml
//! Statement:
//!   - Effect: Allow
//!     Action: kms:Decrypt
//!     Resource: !GetAtt CodeKey.Arn
//!     Condition: {StringEquals: {kms:EncryptionContext:userpool-id: !Ref UserPool}}
//! ```
//!
//! The permission may come from the role's own policies, from policies that name the role, from SAM's policy templates, or from
//! the key's policy. A denial, another condition or an unreadable policy makes it unknown, which is reported as not checked.
//! Policies of the role have no effect if the policy of a key of the template doesn't allow its account the same.
//!
//! Source: the pages "Custom sender Lambda triggers" and "Key policies in AWS KMS"; SAM's `KMSDecryptPolicy`.

use super::context::{Context, Findings, Rule};
use crate::{
    arn::{self, KeyMatch},
    facts::{Condition, Function, Grant, Hook, IamPolicies, OnlyIf, Pool, Setting, grants_decrypt},
    rules::key_not_arn,
    snippets,
    template_string::{Part, TemplateString},
};

pub(super) static RULE: Rule = Rule {
    code: "decrypt-missing",
    summary: "a custom sender's function without `kms:Decrypt` on the pool's key",
    causes: &[
        "The role has no statement for `kms:Decrypt`, or one for another key.",
        "The statement names an alias. An alias in `Resource` grants nothing on its key.",
        "The key's policy has no statement for the account (`:root`), so that policies of roles have no effect.",
    ],
    consequence: "The function can't decrypt a code: nothing is sent, and neither the caller nor the user sees an error.",
    fix: "Give the role `kms:Decrypt` on the key, in a policy of its own, for codes of this pool only.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html",
    check,
};

/// Reports an error for each function that certainly lacks the permission. If two senders call one function, it is reported
/// once.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for pool in &context.facts.pools {
        let mut reported: Vec<&Hook> = Vec::new();
        for hook in pool.hooks.iter().filter(|hook| hook.key.is_custom_sender()) {
            if reported
                .iter()
                .any(|other| other.function.callee == hook.function.callee)
            {
                continue;
            }
            reported.push(hook);
            check_sender(context, pool, hook, findings);
        }
    }
}

/// What happens if the permission is missing, for findings that couldn't be checked.
const CODES_ARE_LOST: &str = "if it may not, codes are lost, and nobody sees an error";

/// What happens if the permission is missing, for errors.
const CODES_CANNOT_BE_DECRYPTED: &str = "in the pool: the function can't decrypt a code; nothing is sent, and neither the caller \
    nor the user sees an error";

/// The statement of a key policy after which the policies of roles count, as the default policy has it.
const LET_IAM_POLICIES_COUNT: &str = "add a statement to the `KeyPolicy`, and give the role the permission:
Effect: Allow
Principal:
  AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root
Action: kms:*
Resource: '*'";

/// Checks one sender: the best statement decides, and a denial makes it unknown.
fn check_sender(context: &Context<'_>, pool: &Pool, hook: &Hook, findings: &mut Findings) {
    let key = match &pool.kms_key {
        Setting::Is(key) => key.value.clone(),
        Setting::Unresolved(key) => TemplateString(vec![Part::Unresolved(key.value.clone())]),
        Setting::Absent => return, // `sender-without-key` reports it
    };
    // `key-not-arn` and `dangling-reference` report these: the role isn't to blame.
    if key_not_arn::what_instead_of_an_arn(pool).is_some() || key.missing().is_some() {
        return;
    }
    let Some(function) = context.facts.function(&hook.function) else {
        // `hook-shape`, `hook-at-deployment` and `dangling-reference` report the others.
        if hook.calls_known_function() {
            findings.not_checked(
                &hook.location,
                format!(
                    "whether {} may decrypt with `KMSKeyID` isn't known: these sources don't have the function",
                    hook.function.quoted()
                ),
                CODES_ARE_LOST,
                format!("make sure that its role allows `kms:Decrypt` on {}", key.quoted()),
            );
        }
        return;
    };
    let sender = Sender {
        pool,
        key: &key,
        conditions: context.conditions(hook),
        iam_policies: context.facts.iam_policies(&key),
    };
    let (denied, granted): (Vec<&Grant>, Vec<&Grant>) = function
        .grants
        .iter()
        .filter(|grant| grant.actions.iter().any(|action| grants_decrypt(action)))
        .partition(|grant| grant.denies);
    let best = granted.iter().map(|grant| (sender.allowed_by(grant), *grant));
    let best = best.min_by_key(|(allowed, _)| *allowed);
    let mut denied = denied.iter().map(|grant| statement_match(grant, pool, &key));
    let is_denied = denied.any(|denied| denied != StatementMatch::No);
    let (name, quoted) = (&function.id.name, key.quoted());
    let hidden = function.hidden_policies.iter().find(|hidden| {
        let key_policy = hidden.key.as_ref();
        key_policy.is_none_or(|id| key.names(id) || key.unresolved().is_some())
    });
    match (best, hidden) {
        (Some((StatementMatch::Yes, _)), _) if !is_denied => {}
        (Some((StatementMatch::Conditional, grant)), _) if !is_denied => {
            let beyond = OnlyIf::beyond(&grant.only_if, &sender.conditions);
            findings.not_checked(
                &function.location,
                format!(
                    "whether `{name}` may decrypt with `KMSKeyID`, {quoted}, isn't certain: the permission exists only if {}",
                    beyond.map(OnlyIf::to_string).unwrap_or_default()
                ),
                CODES_ARE_LOST,
                "give the permission under the same condition as the hook, or always",
            );
        }
        (Some((StatementMatch::Yes | StatementMatch::Conditional | StatementMatch::Perhaps, _)), _) => findings.not_checked(
            &function.location,
            format!("whether `{name}` may decrypt with `KMSKeyID`, {quoted}, depends on conditions, exceptions, denials or principals in policies"),
            CODES_ARE_LOST,
            format!("make sure that they allow `kms:Decrypt` on {quoted} where `kms:EncryptionContext:userpool-id` is the pool's id"),
        ),
        (Some((StatementMatch::Unknown, _)), _) => findings.not_checked(
            &function.location,
            format!("whether `{name}` may decrypt with `KMSKeyID`, {quoted}, is known only at deployment"),
            CODES_ARE_LOST,
            "name the key of the pool itself in the policy",
        ),
        // The policies of the role don't matter, and the key's policy, all of which was read, doesn't name it.
        _ if sender.iam_policies == IamPolicies::DontCount && function.role.is_some() => findings.error(
            &hook.location,
            format!("`{}` calls `{name}`, and the policy of {quoted} neither allows its role `kms:Decrypt` nor lets IAM policies allow it", hook.key),
            CODES_CANNOT_BE_DECRYPTED,
            LET_IAM_POLICIES_COUNT,
        ),
        (_, Some(hidden)) => findings.not_checked(
            &function.location,
            format!("whether `{name}` may decrypt with `KMSKeyID` depends on {}", hidden.what),
            CODES_ARE_LOST,
            format!("make sure that it allows `kms:Decrypt` on {quoted}"),
        ),
        (_, None) => findings.error(
            &hook.location,
            format!("`{}` calls `{name}`, whose role may not use `kms:Decrypt` on `KMSKeyID`, {quoted}", hook.key),
            CODES_CANNOT_BE_DECRYPTED,
            fix(pool, function, &key),
        ),
    }
}

/// The policy that grants the permission, as YAML.
fn fix(pool: &Pool, function: &Function, key: &TemplateString) -> String {
    let role = match &function.role {
        Some(role) => format!("!Ref {role}"),
        None => "(the name of its role)".to_owned(),
    };
    let policy = snippets::decrypt(&function.id.name, &role, &key.yaml(), &pool.id.name);
    format!("give the role the permission in a policy of its own, for codes of this pool only:\n{policy}")
}

/// A custom sender, and what decides whether a statement of its role counts.
struct Sender<'a> {
    pool: &'a Pool,
    /// The pool's key.
    key: &'a TemplateString,
    /// The conditions of the template under which the sender is called.
    conditions: Vec<OnlyIf>,
    /// Whether the key's policy lets the policies of roles count.
    iam_policies: IamPolicies,
}

impl Sender<'_> {
    /// Whether a statement allows decryption.
    fn allowed_by(&self, grant: &Grant) -> StatementMatch {
        let fits = statement_match(grant, self.pool, self.key);
        match (fits, self.iam_policies) {
            (_, IamPolicies::DontCount) if !grant.is_in_key_policy => StatementMatch::No,
            (StatementMatch::Yes, IamPolicies::MayCount) if !grant.is_in_key_policy => {
                StatementMatch::Perhaps
            }
            (StatementMatch::Yes, _) if OnlyIf::beyond(&grant.only_if, &self.conditions).is_some() => {
                StatementMatch::Conditional
            }
            _ => fits,
        }
    }
}

/// Whether a statement is about the codes of a pool; the best comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum StatementMatch {
    /// It allows decryption.
    Yes,
    /// It allows decryption, but exists only under a condition of the template.
    Conditional,
    /// It allows decryption under a condition that this check doesn't understand.
    Perhaps,
    /// It is known only at deployment.
    Unknown,
    /// It is about another key.
    No,
}

/// How well a statement fits the key and the pool. Denials are compared in the same way.
fn statement_match(grant: &Grant, pool: &Pool, key: &TemplateString) -> StatementMatch {
    let covers = grant.resources.iter().map(|resource| arn::covers(resource, key));
    let is_this_pool = |named: &TemplateString| match named.0.as_slice() {
        // `!Ref UserPool` and `!GetAtt UserPool.UserPoolId` are the id.
        [Part::Resource(id, attribute)] => {
            *id == pool.id && matches!(attribute.as_deref(), None | Some("UserPoolId"))
        }
        _ => false,
    };
    match (covers.min(), &grant.condition) {
        (None | Some(KeyMatch::No), _) => StatementMatch::No,
        (Some(KeyMatch::Unknown), _) => StatementMatch::Unknown,
        (Some(KeyMatch::Yes), Condition::Always) => StatementMatch::Yes,
        (Some(KeyMatch::Yes), Condition::Pools(pools)) if pools.iter().any(is_this_pool) => {
            StatementMatch::Yes
        }
        (Some(KeyMatch::Yes), _) => StatementMatch::Perhaps,
    }
}
