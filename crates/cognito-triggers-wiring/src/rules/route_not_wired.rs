//! A route that no pool calls: the handler is dead code, or the hook was forgotten.
//!
//! The three versions of token generation are one hook: it is enough that one of them is called. A hook that a custom resource
//! sets counts as set, and so does one under a key that `unknown-key` reports. If a part of the sources can't be read, the finding is "not checked".
//!
//! An unknown route is not checked: the binary is built with a newer library.
//!
//! Source: the page "Customizing user pool workflows with Lambda triggers": a trigger that `LambdaConfig` doesn't name isn't
//! called.

use cognito_triggers_model::{Definition, lambda_config::Key};

use super::context::{Context, Findings, Rule};
use crate::{facts::Pool, report::Severity, routes};

pub(super) static RULE: Rule = Rule {
    code: "route-not-wired",
    summary: "a route that no pool calls",
    causes: &[
        "The key is missing in `LambdaConfig`.",
        "An `UpdateUserPool` call that didn't name the hooks has removed them.",
    ],
    consequence: "The handler is never called, and Cognito proceeds as without a trigger.",
    fix: "Set the hook, or remove the route. `cargo cognito wire` writes the hooks for a binary.",
    link: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
    check,
};

/// Reports a warning for each route without a hook, at the first pool.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(pool) = context.facts.pools.first() else {
        return;
    };
    // The part that can't be read may have the hook.
    let (severity, wires) = match context.facts.may_hide_hooks() {
        false => (Severity::Warning, "sets"),
        true => (Severity::NotChecked, "is known to set"),
    };
    for (index, binary) in context.binaries.iter().enumerate() {
        let function = context
            .bindings
            .logical_id(context.facts, context.binaries, index);
        for route in binary
            .routes
            .iter()
            .filter(|route| routes::of_route(route).is_none())
        {
            findings.not_checked(
                &pool.location,
                format!("`{}` routes `{route}`, which this tool doesn't know", binary.name),
                "whether a pool calls it was not checked: the binary is built with a newer library",
                "update this tool",
            );
        }
        let mut missing: Vec<&Definition> = Vec::new();
        for definition in binary.routes.iter().filter_map(|route| routes::of_route(route)) {
            // The versions of token generation share one hook.
            let key = definition.route.key();
            let is_new = missing.iter().all(|other| other.route.key() != key);
            if is_new && !is_wired(context, key) {
                missing.push(definition);
            }
        }
        for definition in missing {
            findings.add(
                severity,
                &pool.location,
                format!(
                    "`{}` routes `{}`, and no pool {wires} `{}`",
                    binary.name, definition.route, definition.hook
                ),
                "in the pool: the handler is never called, and Cognito proceeds as without a trigger",
                format!(
                    "set the hook, or remove the route:\n{}",
                    member(pool, definition, function)
                ),
            );
        }
    }
}

/// Whether a pool sets the hook, or means to with a wrong key, or a custom resource does so during deployment.
fn is_wired(context: &Context<'_>, key: Key) -> bool {
    let hooks = context.facts.hooks().map(|hook| hook.key);
    let custom = context
        .facts
        .custom_resources
        .iter()
        .flat_map(|resource| resource.hooks.iter().copied());
    let meant = context.facts.wrong_keys().map(|(_, key)| key);
    hooks
        .chain(custom)
        .chain(meant)
        .any(|set| routes::plain_key(set) == key)
}

/// The member of `LambdaConfig` that sets the hook, as YAML. `function` is the logical id of the binary's function, if it is
/// known.
fn member(pool: &Pool, definition: &Definition, function: Option<&str>) -> String {
    let arn = match pool.from_template {
        true => format!("!GetAtt {}.Arn", function.unwrap_or("YourFunction")),
        false => "(the ARN of your function)".to_owned(),
    };
    let key = definition.route.config_key().as_str();
    match definition.lambda_version {
        Some(version) => format!("{key}:\n  LambdaVersion: {version}\n  LambdaArn: {arn}"),
        None => format!("{key}: {arn}"),
    }
}
