//! Cognito may call a function only with a permission, which only the console adds by itself.

use super::{Context, Findings, Rule, in_the_pool, permissions};
use crate::{
    model::{Callee, Hook, Pool},
    report::Severity,
};

pub(super) static RULE: Rule = Rule {
    code: "permission-missing",
    summary: "a hook whose function Cognito may not call",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut said: Vec<(&Pool, &Hook)> = Vec::new();
    for (pool, hook) in cx.hooks() {
        let same = |(other_pool, other): &(&Pool, &Hook)| {
            other_pool.id == pool.id
                && other.function.callee == hook.function.callee
                && other.function.qualifier == hook.function.qualifier
        };
        // permission-qualifier speaks where there is a permission for another alias.
        let later = matches!(hook.function.callee, Callee::Later(_));
        if later || !permissions::of(cx, pool, hook).is_empty() || said.iter().any(same) {
            continue;
        }
        said.push((pool, hook));
        let name = hook.function.name();
        let (severity, problem) = match unseen(cx, pool, hook) {
            Some(why) => (
                Severity::NotChecked,
                format!("whether Cognito may call `{name}` isn't to be seen here: {why}"),
            ),
            None => (
                Severity::Error,
                format!("nothing lets Cognito call `{name}`, which `{}` needs", hook.key),
            ),
        };
        let key = hook.key.trim_end_matches("Config");
        let what = format!(
            "without a permission every call fails with `{key} invocation failed due to error AccessDeniedException.`"
        );
        let fix = format!("add the permission:\n{}", permissions::to_paste(pool, hook));
        findings.add(severity, &hook.place, problem, in_the_pool(hook, &what), fix);
    }
}

/// Why a permission may exist all the same.
fn unseen(cx: &Context<'_>, pool: &Pool, hook: &Hook) -> Option<String> {
    let read =
        cx.facts.policies.iter().any(|policy| {
            policy.callee == hook.function.callee && policy.qualifier == hook.function.qualifier
        });
    if read {
        return None;
    }
    match &hook.function.callee {
        Callee::Arn(_) if pool.from_template => Some("the function isn't in this template".to_owned()),
        Callee::Arn(_) => {
            let qualifier = hook
                .function
                .qualifier
                .as_ref()
                .map(|it| format!(" --qualifier {it}"))
                .unwrap_or_default();
            let name = hook.function.name();
            Some(format!(
                "hand in the output of `aws lambda get-policy --function-name {name}{qualifier}`"
            ))
        }
        _ => {
            let open = cx
                .facts
                .permissions
                .iter()
                .find_map(|permission| match &permission.function.callee {
                    Callee::Later(how) => Some(format!("a permission is for {how}")),
                    _ => None,
                });
            open.or_else(|| {
                cx.facts
                    .unseen
                    .first()
                    .map(|spot| format!("{} can't be seen", spot.value))
            })
        }
    }
}
