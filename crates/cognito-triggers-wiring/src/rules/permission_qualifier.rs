//! A permission for a function isn't one for its alias, nor the other way round.
//!
//! ```yaml
//! LambdaConfig: {PreSignUp: !Ref TriggersAliaslive}
//! Permission: {FunctionName: !Ref Triggers}             # wrong: the hook calls the alias
//! ```
//!
//! AWS answers the call with `AccessDeniedException`, and `get-policy` without `--qualifier` doesn't show the difference.

use super::{
    context::{Context, Findings, Rule, in_the_pool},
    permissions,
};
use crate::facts::{Callee, Hook, Permission, Pool};

pub(super) static RULE: Rule = Rule {
    code: "permission-qualifier",
    summary: "the permission is for the function and the hook names an alias, or the other way round",
    causes: &[
        "The hook names an alias or version, and the permission is for the function without it, or the other way round.",
    ],
    consequence: "Every call fails with `AccessDeniedException`, and `get-policy` without `--qualifier` doesn't show the difference.",
    fix: "Give the permission for exactly what the hook names.",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html",
    check,
};

/// Reports an error for each function that has a permission for another alias, with that permission as a further location. It is
/// not checked if the permissions of the alias that the hook names weren't read.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut reported = Vec::new();
    for (pool, hook) in context.hooks() {
        let permissions = permissions::of(context, pool, hook);
        let about = (&pool.id, hook.function.name(), &hook.function.qualifier);
        if permissions
            .iter()
            .any(|permission| permissions::fits(permission, hook))
            || reported.contains(&about)
        {
            continue;
        }
        let Some(other) = permissions.iter().find(|it| it.unresolved.is_none()) else {
            continue;
        };
        let called = |qualifier: &Option<String>| match qualifier {
            Some(alias) => format!("its alias `{alias}`"),
            None => "the function itself".to_owned(),
        };
        let (named, allowed) = (
            called(&hook.function.qualifier),
            called(&other.function.qualifier),
        );
        let function = hook.function.quoted();
        if is_whole(context, other, pool, hook) {
            findings.error(
                &hook.location,
                format!(
                    "`{}` names {named}, and Cognito may call {allowed} ({function})",
                    hook.key
                ),
                in_the_pool(hook, "every call fails with `AccessDeniedException`"),
                format!(
                    "give the permission for what the hook names:\n{}",
                    permissions::suggested(pool, hook)
                ),
            );
        } else {
            findings.not_checked(
                &hook.location,
                format!(
                    "`{}` names {named}, and only the permissions for {allowed} are in the sources ({function})",
                    hook.key
                ),
                in_the_pool(hook, "without a permission every call fails with `AccessDeniedException`"),
                format!(
                    "pass the output of `aws lambda get-policy --function-name {}{}` too",
                    hook.function.name(),
                    hook.function.qualifier_option()
                ),
            );
        }
        findings.step(&other.location, format!("the permission is for {allowed}"));
        reported.push(about);
    }
}

/// Whether the sources would have the permission for what a hook names, if there was one. `get-policy` prints the permissions of
/// one alias, or of the function without any.
fn is_whole(context: &Context<'_>, other: &Permission, pool: &Pool, hook: &Hook) -> bool {
    let mut policies = context.facts.policies.iter();
    let function = context.facts.function(&hook.function);
    // A function that isn't in the template may have its permission where it is.
    let is_in_template = matches!(hook.function.callee, Callee::InTemplate(_));
    other.from_template && is_in_template
        || function.is_some_and(|function| function.is_in_configuration_of(pool))
        || policies.any(|policy| {
            policy.callee.is(&hook.function.callee) && policy.qualifier == hook.function.qualifier
        })
}
