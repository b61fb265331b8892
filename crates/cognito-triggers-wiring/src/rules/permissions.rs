//! What the three rules about permissions share: which statements are about a hook.

use super::Context;
use crate::{
    model::{Callee, Hook, Permission, Pool, Setting},
    parts,
};

/// The permissions for the function that a hook calls, from its pool, whatever the alias.
pub(super) fn of<'a>(cx: &Context<'a>, pool: &Pool, hook: &Hook) -> Vec<&'a Permission> {
    let all = cx.facts.permissions.iter();
    all.filter(|permission| {
        permission.function.callee == hook.function.callee && serves(cx, permission, pool)
    })
    .collect()
}

/// Whether the permission is for exactly what the hook names: the function itself, or that alias.
pub(super) fn fits(permission: &Permission, hook: &Hook) -> bool {
    permission.function.qualifier == hook.function.qualifier
}

/// Whether the source of a permission can be this pool.
fn serves(cx: &Context<'_>, permission: &Permission, pool: &Pool) -> bool {
    let Setting::Is(source) = &permission.source_arn else {
        return true;
    };
    if source.value.names(&pool.id) {
        return true;
    }
    if cx.facts.pools.iter().any(|other| source.value.names(&other.id)) {
        return false;
    }
    match (&pool.arn, source.value.as_literal()) {
        (Some(arn), Some(pattern)) => like(pattern, arn),
        _ => true,
    }
}

/// IAM's patterns: `*` stands for anything. The first piece is at the start, the last at the end, the others in turn.
fn like(pattern: &str, text: &str) -> bool {
    let Some((start, behind)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let (between, end) = behind.rsplit_once('*').unwrap_or(("", behind));
    let middle = text.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    let found = middle.and_then(|middle| {
        between.split('*').try_fold(middle, |rest, piece| {
            rest.find(piece).and_then(|at| rest.get(at + piece.len()..))
        })
    });
    found.is_some()
}

/// The permission to paste into a template, or the command that adds it.
pub(super) fn to_paste(pool: &Pool, hook: &Hook) -> String {
    let name = hook.function.name();
    if !pool.from_template {
        let qualifier = hook
            .function
            .qualifier
            .as_ref()
            .map(|it| format!(" --qualifier {it}"))
            .unwrap_or_default();
        let arn = pool.arn.as_deref().unwrap_or("(the ARN of the pool)");
        let account = arn.split(':').nth(4).unwrap_or("(your account)");
        let name = name.split(':').next().unwrap_or(&name);
        return format!(
            "aws lambda add-permission --function-name {name}{qualifier} --statement-id cognito \\\n  \
             --action lambda:InvokeFunction --principal cognito-idp.amazonaws.com \\\n  \
             --source-arn {arn} --source-account {account}"
        );
    }
    let function = match &hook.function.callee {
        Callee::Here(id) if hook.function.qualifier.is_none() => format!("!Ref {}", id.name),
        // What the hook calls is what the permission must be for.
        _ => hook.function.written.yaml(),
    };
    // Logical ids take letters and digits only.
    let id = name.chars().chain(
        hook.function
            .qualifier
            .iter()
            .flat_map(|qualifier| qualifier.chars()),
    );
    let id: String = id.filter(char::is_ascii_alphanumeric).collect();
    parts::permission(&id, &function, &pool.id.name)
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn patterns() {
        let arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc";
        assert!(like(arn, arn));
        assert!(like("arn:aws:cognito-idp:*:111122223333:userpool/*", arn));
        assert!(like("*", arn));
        assert!(!like(
            "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Ab",
            arn
        ));
        assert!(!like("arn:aws:cognito-idp:*:444455556666:userpool/*", arn));
    }
}
