//! What the rules about permissions share: which statements are about a hook.
//!
//! A statement is about a hook if it is for the function that the hook calls and its `SourceArn` may be the pool. The alias is
//! compared separately, because a statement for another alias is a finding of its own.

use cognito_triggers_model::arn::Arn;

use super::context::Context;
use crate::{
    arn,
    facts::{Callee, Hook, Permission, Pool, Setting},
    snippets,
};

/// The permissions for the function that a hook calls, from its pool, whatever the alias.
pub(super) fn of<'a>(context: &Context<'a>, pool: &Pool, hook: &Hook) -> Vec<&'a Permission> {
    let permissions = context.facts.permissions.iter();
    permissions
        .filter(|permission| {
            permission.function.callee.is(&hook.function.callee) && serves(context, permission, pool)
        })
        .collect()
}

/// Whether the permission is for exactly what the hook names: the function itself, or that alias.
pub(super) fn fits(permission: &Permission, hook: &Hook) -> bool {
    permission.function.qualifier == hook.function.qualifier
}

/// Whether this pool may be the source of a permission.
fn serves(context: &Context<'_>, permission: &Permission, pool: &Pool) -> bool {
    let Setting::Is(source) = &permission.source_arn else {
        return true;
    };
    if source.value.names(&pool.id) {
        return true;
    }
    if context
        .facts
        .pools
        .iter()
        .any(|other| source.value.names(&other.id))
    {
        return false;
    }
    match (&pool.arn, source.value.as_literal()) {
        (Some(arn), Some(pattern)) => arn::matches(pattern, arn),
        _ => true,
    }
}

/// The permission as YAML of a template, or the command that adds it.
pub(super) fn suggested(pool: &Pool, hook: &Hook) -> String {
    let name = hook.function.name();
    if !pool.from_template {
        let arn = pool.arn.as_deref().unwrap_or("(the ARN of the pool)");
        let account = Arn::parse(arn).map(|arn| arn.account);
        let account = account
            .filter(|account| !account.is_empty())
            .unwrap_or("(your account)");
        let function = name.split(':').next().unwrap_or(&name);
        let qualifier = hook.function.qualifier_option();
        return format!(
            "aws lambda add-permission --function-name {function}{qualifier} --statement-id cognito \\\n  \
             --action lambda:InvokeFunction --principal cognito-idp.amazonaws.com \\\n  \
             --source-arn {arn} --source-account {account}"
        );
    }
    let function = match &hook.function.callee {
        Callee::InTemplate(id) if hook.function.qualifier.is_none() => format!("!Ref {}", id.name),
        // The permission has to be for what the hook calls.
        _ => hook.function.written.yaml(),
    };
    let qualifier = hook.function.qualifier.as_deref().unwrap_or_default();
    // Logical ids take letters and digits only.
    let letters = name.chars().chain(qualifier.chars());
    let id: String = letters.filter(char::is_ascii_alphanumeric).collect();
    snippets::permission(&id, &function, &pool.id.name)
}
