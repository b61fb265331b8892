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
//!
//! Source: the page "Custom sender Lambda triggers"; SAM's `KMSDecryptPolicy`.

use super::context::{Context, Findings, Rule};
use crate::{
    arn::{self, KeyMatch},
    facts::{Condition, Function, Grant, Hook, Pool, Setting},
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
    let (denied, granted): (Vec<&Grant>, Vec<&Grant>) = function
        .grants
        .iter()
        .filter(|grant| concerns_decrypt(grant))
        .partition(|grant| grant.denies);
    let best = granted
        .iter()
        .map(|grant| statement_match(grant, pool, &key))
        .min();
    let denied = denied
        .iter()
        .any(|grant| statement_match(grant, pool, &key) != StatementMatch::No);
    let (name, quoted) = (&function.id.name, key.quoted());
    match (best, function.hidden_policies.as_slice()) {
        (Some(StatementMatch::Yes), _) if !denied => {}
        (Some(StatementMatch::Yes | StatementMatch::Perhaps), _) => findings.not_checked(
            &function.location,
            format!("whether `{name}` may decrypt with `KMSKeyID`, {quoted}, depends on conditions, exceptions or denials in its policies"),
            CODES_ARE_LOST,
            format!("make sure that they allow `kms:Decrypt` on {quoted} where `kms:EncryptionContext:userpool-id` is the pool's id"),
        ),
        (Some(StatementMatch::Unknown), _) => findings.not_checked(
            &function.location,
            format!("whether `{name}` may decrypt with `KMSKeyID`, {quoted}, is known only at deployment"),
            CODES_ARE_LOST,
            "name the key of the pool itself in the policy",
        ),
        (_, [hidden, ..]) => findings.not_checked(
            &function.location,
            format!("whether `{name}` may decrypt with `KMSKeyID` depends on {hidden}"),
            CODES_ARE_LOST,
            format!("make sure that it allows `kms:Decrypt` on {quoted}"),
        ),
        (_, []) => findings.error(
            &hook.location,
            format!("`{}` calls `{name}`, whose role may not use `kms:Decrypt` on `KMSKeyID`, {quoted}", hook.key),
            "in the pool: the function can't decrypt a code; nothing is sent, and neither the caller nor the user sees an error",
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

/// Whether a statement is about decryption. IAM ignores the case of actions.
fn concerns_decrypt(grant: &Grant) -> bool {
    let mut actions = grant.actions.iter();
    actions.any(|action| arn::matches(&action.to_lowercase(), "kms:decrypt"))
}

/// Whether a statement is about the codes of a pool; the best comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum StatementMatch {
    /// It allows decryption.
    Yes,
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
    let this_pool = TemplateString(vec![Part::Resource(pool.id.clone(), None)]);
    match (covers.min(), &grant.condition) {
        (None | Some(KeyMatch::No), _) => StatementMatch::No,
        (Some(KeyMatch::Unknown), _) => StatementMatch::Unknown,
        (Some(KeyMatch::Yes), Condition::Always) => StatementMatch::Yes,
        (Some(KeyMatch::Yes), Condition::Pools(pools)) if pools.contains(&this_pool) => StatementMatch::Yes,
        (Some(KeyMatch::Yes), _) => StatementMatch::Perhaps,
    }
}
