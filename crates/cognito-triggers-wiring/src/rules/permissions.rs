//! What the rules about permissions share: which statements are about a hook.
//!
//! A statement is about a hook if it is for the function that the hook calls, and its `SourceArn` and `SourceAccount` may be
//! those of the pool. The alias is compared separately, because a statement for another alias is a finding of its own.

use cognito_triggers_model::arn::Arn;

use super::context::Context;
use crate::{
    arn,
    facts::{Callee, Hook, OnlyIf, Permission, Pool, Setting},
    pool_arn, snippets,
    template_string::TemplateString,
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

/// The first permission for the function that a hook calls that certainly isn't for its pool, and the source that it has instead.
pub(super) fn of_another_source<'a>(
    context: &Context<'a>,
    pool: &Pool,
    hook: &Hook,
) -> Option<(&'a Permission, String)> {
    let mut permissions = context.facts.permissions.iter();
    let other = permissions.find(|permission| {
        permission.function.callee.is(&hook.function.callee) && !serves(context, permission, pool)
    })?;
    let source = match (&other.source_arn, &other.source_account) {
        (Setting::Is(arn), _) if !is_source(context, &arn.value, pool) => arn,
        (_, Setting::Is(account)) => account,
        _ => return None,
    };
    Some((other, source.value.quoted()))
}

/// Why a permission may not count, as the end of a sentence. `None` if it certainly exists wherever the hook does, and is for
/// Cognito.
pub(super) fn doubt(context: &Context<'_>, permission: &Permission, hook: &Hook) -> Option<String> {
    if let Some(how) = &permission.unresolved {
        return Some(format!("the principal or the action of a permission is {how}"));
    }
    let conditions = context.conditions(hook);
    let beyond = OnlyIf::beyond(&permission.only_if, &conditions)?;
    Some(format!("the permission exists only if {beyond}"))
}

/// Whether the permission is for exactly what the hook names: the function itself, or that alias.
pub(super) fn fits(permission: &Permission, hook: &Hook) -> bool {
    permission.function.qualifier == hook.function.qualifier
}

/// Whether this pool may be the source of a permission.
fn serves(context: &Context<'_>, permission: &Permission, pool: &Pool) -> bool {
    let is_source = match &permission.source_arn {
        Setting::Is(source) => is_source(context, &source.value, pool),
        Setting::Absent | Setting::Unresolved(_) => true,
    };
    is_source && is_account(permission, pool)
}

/// Whether a `SourceArn` may be the ARN of this pool. One that names another pool of the sources isn't.
fn is_source(context: &Context<'_>, source: &TemplateString, pool: &Pool) -> bool {
    let mut others = context.facts.pools.iter().filter(|other| other.id != pool.id);
    !others.any(|other| source.names(&other.id)) && pool_arn::may_be(source, pool)
}

/// Whether `SourceAccount` may be the account of this pool.
fn is_account(permission: &Permission, pool: &Pool) -> bool {
    let pool = pool.arn.as_deref().and_then(Arn::parse);
    let account = permission.source_account.is();
    match (pool, account.and_then(|account| account.value.as_literal())) {
        (Some(pool), Some(account)) => pool.account.is_empty() || arn::matches(account, pool.account),
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
