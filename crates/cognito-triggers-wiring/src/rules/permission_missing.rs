//! Cognito may call a function only with a permission. The console adds it by itself, and nothing else does.
//!
//! ```yaml
//! UserPoolMayCallTriggers:
//!   Type: AWS::Lambda::Permission
//!   Properties:
//!     Action: lambda:InvokeFunction
//!     FunctionName: !Ref Triggers
//!     Principal: cognito-idp.amazonaws.com
//!     SourceArn: !GetAtt UserPool.Arn
//! ```
//!
//! A permission that exists only under a condition of the template, which the hook doesn't have, is reported as not checked. For a
//! function that isn't in the sources, or only in a description, the output of `get-policy` decides. Without it, the rule reports
//! that it couldn't check. A state or plan of Terraform that has the function and the pool is expected to have the permission too: if
//! they are in two configurations, it may be in either, or in a third.
//!
//! Source: the error text `PreSignUp invocation failed due to error AccessDeniedException.`

use super::{
    context::{Context, Findings, Rule, in_the_pool},
    permissions,
};
use crate::{
    facts::{Callee, Hook, Permission, Pool},
    report::Severity,
    routes,
};

pub(super) static RULE: Rule = Rule {
    code: "permission-missing",
    summary: "a hook whose function Cognito may not call",
    causes: &[
        "Only the console adds the permission by itself; a template, Terraform and the AWS CLI don't.",
        "The permission is for another function or another pool, or its `SourceArn` isn't exactly the ARN of the pool.",
    ],
    consequence: "Every call fails with `<Trigger> invocation failed due to error AccessDeniedException.`",
    fix: "Add an `AWS::Lambda::Permission` for the principal `cognito-idp.amazonaws.com`, with the pool's ARN as `SourceArn`.",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    check,
};

/// Reports an error for each function and alias that a pool can't call, once for all its hooks.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut reported: Vec<(&Pool, &Hook)> = Vec::new();
    for (pool, hook) in context.hooks().filter(|(_, hook)| hook.calls_known_function()) {
        let is_same = |(other_pool, other): &(&Pool, &Hook)| {
            other_pool.id == pool.id && other.function.is_same(&hook.function)
        };
        let mut permissions = permissions::of(context, pool, hook);
        let of_another_alias = |it: &&Permission| !permissions::fits(it, hook) && it.unresolved.is_none();
        let is_reported_elsewhere = permissions.iter().any(of_another_alias);
        permissions.retain(|it| permissions::fits(it, hook));
        let doubts: Option<Vec<String>> = permissions
            .iter()
            .map(|permission| permissions::doubt(context, permission, hook))
            .collect();
        let doubt = match doubts.map(|doubts| doubts.into_iter().next()) {
            // A permission that certainly counts.
            None => continue,
            // `permission-qualifier` reports a permission for another alias.
            Some(None) if is_reported_elsewhere => continue,
            Some(doubt) => doubt,
        };
        if reported.iter().any(is_same) {
            continue;
        }
        reported.push((pool, hook));
        let function = hook.function.quoted();
        let (severity, problem) = match doubt.or_else(|| why_unknown(context, pool, hook)) {
            Some(why) => (
                Severity::NotChecked,
                format!("it is unknown whether Cognito may call {function}: {why}"),
            ),
            None => (
                Severity::Error,
                format!(
                    "no permission lets Cognito call {function}, the function of `{}`",
                    hook.key
                ),
            ),
        };
        let key = routes::plain_key(hook.key);
        let what = format!(
            "without a permission every call fails with `{key} invocation failed due to error AccessDeniedException.`"
        );
        let fix = format!("add the permission:\n{}", permissions::suggested(pool, hook));
        findings.add(severity, &hook.location, problem, in_the_pool(hook, &what), fix);
        if let Some((other, source)) = permissions::of_another_source(context, pool, hook)
            && severity == Severity::Error
        {
            findings.step(&other.location, format!("this permission is for {source}"));
        }
    }
}

/// Why it is unknown whether there is a permission. `None` if there certainly is none.
fn why_unknown(context: &Context<'_>, pool: &Pool, hook: &Hook) -> Option<String> {
    let mut policies = context.facts.policies.iter();
    let is_policy_read = policies
        .any(|policy| policy.callee.is(&hook.function.callee) && policy.qualifier == hook.function.qualifier);
    if is_policy_read {
        return None;
    }
    let mut permissions = context.facts.permissions.iter();
    let of_unknown_function = permissions.find_map(|permission| match &permission.function.callee {
        Callee::Unresolved(how) => Some(format!("a permission is for {how}")),
        _ => None,
    });
    let function = context.facts.function(&hook.function);
    match &hook.function.callee {
        // Terraform has every resource of the configuration in one state or plan.
        Callee::Arn(_) if function.is_some_and(|it| it.is_in_configuration_of(pool)) => of_unknown_function,
        Callee::Arn(_) if pool.from_template => Some("the function isn't in this template".to_owned()),
        Callee::Arn(_) => Some(format!(
            "pass the output of `aws lambda get-policy --function-name {}{}`; if it answers ResourceNotFoundException, there \
             is no permission, and every call fails",
            hook.function.name(),
            hook.function.qualifier_option()
        )),
        _ => {
            let hidden = || {
                let hidden = context.facts.hidden.first()?;
                Some(format!("{} is hidden", hidden.value))
            };
            of_unknown_function.or_else(hidden)
        }
    }
}
