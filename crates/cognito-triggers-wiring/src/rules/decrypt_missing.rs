//! A sender's function must be allowed to decrypt with the pool's key.

use super::{Context, Findings, Rule, sender_without_key::is_sender};
use crate::{
    model::{Function, Grant, Hook, Part, Pool, Setting, Text},
    parts,
};

pub(super) static RULE: Rule = Rule {
    code: "decrypt-missing",
    summary: "a custom sender's function without `kms:Decrypt` on the pool's key",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for pool in &cx.facts.pools {
        let mut seen: Vec<&Hook> = Vec::new();
        for hook in pool.hooks.iter().filter(|hook| is_sender(hook)) {
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
    let granted = function
        .grants
        .iter()
        .filter(|grant| allows_decrypt(grant))
        .flat_map(|grant| &grant.resources);
    let mut fits: Vec<Fit> = granted.map(|resource| fit(resource, &key)).collect();
    fits.sort();
    let name = &function.id.name;
    match (fits.first(), function.unseen_rights.as_slice()) {
        (Some(Fit::Yes), _) => {}
        (Some(Fit::Unknown), _) => findings.not_checked(
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

fn allows_decrypt(grant: &Grant) -> bool {
    grant.actions.iter().any(|action| match action.strip_suffix('*') {
        Some(start) => "kms:decrypt".starts_with(&start.to_lowercase()),
        None => action.eq_ignore_ascii_case("kms:Decrypt"),
    })
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Yes,
    Unknown,
    No,
}

/// Whether a statement's resource is the key.
fn fit(resource: &Text, key: &Text) -> Fit {
    let same_resource = key
        .0
        .iter()
        .any(|part| matches!(part, Part::Of(id, _) if resource.names(id)));
    let wildcard =
        matches!(resource.0.last(), Some(Part::Literal(text)) if text == "*" || text.ends_with("key/*"));
    if resource == key || same_resource || wildcard {
        Fit::Yes
    } else if resource.later().is_some() || key.later().is_some() {
        Fit::Unknown
    } else {
        Fit::No
    }
}
