//! A sender's function must be allowed to decrypt with the pool's key.

use super::{Context, Findings, Rule};
use crate::{
    key_arn::{self, Covers},
    model::{Function, Grant, Hook, Part, Pool, Setting, Text, When},
    parts,
    routes::is_custom_sender,
};

pub(super) static RULE: Rule = Rule {
    code: "decrypt-missing",
    summary: "a custom sender's function without `kms:Decrypt` on the pool's key",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for pool in &cx.facts.pools {
        let mut seen: Vec<&Hook> = Vec::new();
        for hook in pool.hooks.iter().filter(|hook| is_custom_sender(&hook.key)) {
            if seen
                .iter()
                .any(|other| other.function.callee == hook.function.callee)
            {
                continue;
            }
            seen.push(hook);
            one(cx, pool, hook, findings);
        }
    }
}

fn one(cx: &Context<'_>, pool: &Pool, hook: &Hook, findings: &mut Findings) {
    let key = match &pool.kms_key {
        Setting::Is(key) => key.value.clone(),
        Setting::Later(key) => Text(vec![Part::Later(key.value.clone())]),
        Setting::Absent => return, // sender-without-key has said it
    };
    let Some(function) = cx.facts.function(&hook.function) else {
        return;
    };
    let (denied, granted): (Vec<&Grant>, Vec<&Grant>) = function
        .grants
        .iter()
        .filter(|grant| concerns_decrypt(grant))
        .partition(|grant| grant.denies);
    let best = granted.iter().map(|grant| fit(grant, pool, &key)).min();
    let denied = denied.iter().any(|grant| fit(grant, pool, &key) != Fit::No);
    let name = &function.id.name;
    match (best, function.unseen_rights.as_slice()) {
        (Some(Fit::Yes), _) if !denied => {}
        (Some(Fit::Yes | Fit::Perhaps), _) => findings.not_checked(
            &function.place,
            format!("whether `{name}` may decrypt with `KMSKeyID`, {key}, depends on conditions, exceptions or denials in its policies"),
            "if it may not, codes are lost, and nobody sees an error",
            format!("see that they allow `kms:Decrypt` on {key} where `kms:EncryptionContext:userpool-id` is the pool's id"),
        ),
        (Some(Fit::Later), _) => findings.not_checked(
            &function.place,
            format!("whether `{name}` may decrypt with `KMSKeyID`, {key}, shows only at deployment"),
            "if it may not, codes are lost, and nobody sees an error",
            "name the key of the pool itself in the policy",
        ),
        (_, [unseen, ..]) => findings.not_checked(
            &function.place,
            format!("whether `{name}` may decrypt with `KMSKeyID` depends on {unseen}"),
            "if it may not, codes are lost, and nobody sees an error",
            format!("see that it allows `kms:Decrypt` on {key}"),
        ),
        (_, []) => findings.error(
            &hook.place,
            format!("`{}` calls `{name}`, whose role may not use `kms:Decrypt` on `KMSKeyID`, {key}", hook.key),
            "in the pool: the function can't open a code; nothing is sent, and neither caller nor person sees an error",
            fix(pool, function, &key),
        ),
    }
}

fn fix(pool: &Pool, function: &Function, key: &Text) -> String {
    let role = match &function.role {
        Some(role) => format!("!Ref {role}"),
        None => "(the name of its role)".to_owned(),
    };
    let policy = parts::decrypt(&function.id.name, &role, &key.yaml(), &pool.id.name);
    format!("give the role the right in a policy of its own, for codes of this pool only:\n{policy}")
}

fn concerns_decrypt(grant: &Grant) -> bool {
    let mut actions = grant.actions.iter();
    actions.any(|action| key_arn::matches(&action.to_lowercase(), "kms:decrypt"))
}

/// Whether a statement is about the codes of a pool; the best comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Yes,
    /// Under a condition that isn't seen through.
    Perhaps,
    /// It shows only at deployment.
    Later,
    No,
}

fn fit(grant: &Grant, pool: &Pool, key: &Text) -> Fit {
    let covers = grant
        .resources
        .iter()
        .map(|resource| key_arn::covers(resource, key));
    let this_pool = Text(vec![Part::Of(pool.id.clone(), None)]);
    match (covers.min(), &grant.when) {
        (None | Some(Covers::No), _) => Fit::No,
        (Some(Covers::Later), _) => Fit::Later,
        (Some(Covers::Yes), When::Always) => Fit::Yes,
        (Some(Covers::Yes), When::Pools(pools)) if pools.contains(&this_pool) => Fit::Yes,
        (Some(Covers::Yes), _) => Fit::Perhaps,
    }
}
