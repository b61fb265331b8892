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

/// Reports an error for each function that has a permission for another alias, with that permission as a further location.
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
        let Some(other) = permissions.first() else {
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
        findings.error(
            &hook.location,
            format!(
                "`{}` names {named}, and Cognito may call {allowed} ({})",
                hook.key,
                hook.function.quoted()
            ),
            in_the_pool(hook, "every call fails with `AccessDeniedException`"),
            format!(
                "give the permission for what the hook names:\n{}",
                permissions::suggested(pool, hook)
            ),
        );
        findings.step(&other.location, format!("the permission is for {allowed}"));
        reported.push(about);
    }
}
