//! A route that no pool ever calls.

use cognito_triggers_model::Definition;

use super::{Context, Findings, Rule};
use crate::{
    lambda_config::{Shape, shape},
    model::Pool,
    report::Severity,
    routes,
};

pub(super) static RULE: Rule = Rule {
    code: "route-not-wired",
    summary: "a route that no pool calls",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(pool) = cx.facts.pools.first() else {
        return;
    };
    // What a source hides may well be the hook.
    let (severity, wires) = match cx.facts.unseen.as_slice() {
        [] => (Severity::Warning, "wires"),
        _ => (Severity::NotChecked, "is seen to wire"),
    };
    for program in cx.programs {
        let mut missing: Vec<&Definition> = Vec::new();
        for definition in program.routes.iter().filter_map(|route| routes::of_route(route)) {
            // The versions of token generation are one hook: it is wired or it isn't.
            let hook = routes::hook_of(definition.hook);
            let said = missing.iter().any(|other| routes::hook_of(other.hook) == hook);
            if !said && !is_wired(cx, hook) {
                missing.push(definition);
            }
        }
        for definition in missing {
            findings.add(
                severity,
                &pool.place,
                format!(
                    "`{}` routes `{}`, and no pool {wires} `{}`",
                    program.name, definition.route, definition.hook
                ),
                "in the pool: the handler is never called, and Cognito does what it does without a trigger",
                format!("wire it, or take the route out:\n{}", entry(pool, definition)),
            );
        }
    }
}

fn is_wired(cx: &Context<'_>, hook: &str) -> bool {
    cx.facts
        .pools
        .iter()
        .flat_map(|pool| &pool.hooks)
        .any(|wired| routes::hook_of(&wired.key) == hook)
}

/// The entry of `LambdaConfig` to paste, as YAML.
fn entry(pool: &Pool, definition: &Definition) -> String {
    let key = match definition.lambda_version {
        Some(_) if definition.hook == "PreTokenGeneration" => "PreTokenGenerationConfig",
        _ => definition.hook,
    };
    let version = match shape(key) {
        Some(Shape::Versioned { .. }) => definition.lambda_version,
        _ => None,
    };
    let arn = if pool.from_template {
        "!GetAtt YourFunction.Arn"
    } else {
        "(the ARN of your function)"
    };
    match version {
        Some(version) => format!("{key}:\n  LambdaVersion: {version}\n  LambdaArn: {arn}"),
        None => format!("{key}: {arn}"),
    }
}
