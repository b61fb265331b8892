//! A permission for Cognito to call a function from a pool of the template, while no hook of that pool names the function.
//!
//! ```yaml
//! UserPool: {Type: AWS::Cognito::UserPool}                   # wrong: LambdaConfig is missing
//! MayCall:
//!   Type: AWS::Lambda::Permission
//!   Properties: {FunctionName: !Ref SignUp, Principal: cognito-idp.amazonaws.com, SourceArn: !GetAtt UserPool.Arn, …}
//! ```
//!
//! | also in the sources | finding |
//! |---|---|
//! | a hook of another pool that calls the function | none: `permission-missing` reports the wrong pool |
//! | a key that `LambdaConfig` doesn't have | none: `unknown-key` reports the hook that was meant |
//! | a custom resource that sets hooks | none: it may set this one |
//!
//! The function is never called, and nothing else shows it. If a part of the sources can't be read, the hook may be there.

use super::context::{Context, Findings, Rule};
use crate::facts::{Callee, Hook, Permission, Pool, Setting};

pub(super) static RULE: Rule = Rule {
    code: "permission-without-hook",
    summary: "a permission for Cognito to call a function that no hook names",
    causes: &[
        "The key is missing in `LambdaConfig` of the pool.",
        "The hook was removed, and its permission is left over.",
    ],
    consequence: "The function is never called, and Cognito proceeds as without a trigger.",
    fix: "Set the hook in `LambdaConfig` of the pool, or remove the permission.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html",
    check,
};

/// Reports a warning for each function and pool. A custom resource may set the hook, so with one nothing is reported.
fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.facts.may_hide_hooks() || !context.facts.custom_resources.is_empty() {
        return;
    }
    let mut reported: Vec<(&Pool, &Callee)> = Vec::new();
    for permission in context
        .facts
        .permissions
        .iter()
        .filter(|it| it.from_template && !it.from_event && it.unresolved.is_none())
    {
        let function = &permission.function;
        let Some(pool) = pool_of(context, permission) else {
            continue;
        };
        let is_same = |(other, callee): &(&Pool, &Callee)| other.id == pool.id && **callee == function.callee;
        // `permission-missing` reports a permission for the wrong pool, and `unknown-key` a misspelled hook.
        let calls_it =
            |hook: &Hook| hook.function.callee.is(&function.callee) || !hook.function.callee.is_known();
        let is_misspelled = !pool.unknown_keys.is_empty() || !pool.misplaced_keys.is_empty();
        let may_be_called = is_misspelled || context.facts.hooks().any(calls_it);
        if !matches!(function.callee, Callee::InTemplate(_)) || may_be_called || reported.iter().any(is_same)
        {
            continue;
        }
        reported.push((pool, &function.callee));
        findings.warning(
            &permission.location,
            format!(
                "Cognito may call {} from `{}`, and no hook of this pool names the function",
                function.quoted(),
                pool.id.name
            ),
            "in the pool: the function is never called, and Cognito proceeds as without a trigger",
            "set the hook in `LambdaConfig` of the pool, or remove the permission",
        );
    }
}

/// The pool of the same sources that a permission is for.
fn pool_of<'a>(context: &Context<'a>, permission: &Permission) -> Option<&'a Pool> {
    let Setting::Is(source) = &permission.source_arn else {
        return None;
    };
    context
        .facts
        .pools
        .iter()
        .find(|pool| source.value.names(&pool.id))
}
