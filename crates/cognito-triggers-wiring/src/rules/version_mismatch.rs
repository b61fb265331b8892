//! Token generation: the pool sends events of a version that the binary doesn't route.
//!
//! ```text
//! LambdaConfig: PreTokenGenerationConfig: {LambdaVersion: V2_0, …}
//! router!:      pre_token_generation_v1 => …,                        (every call is answered with an error)
//! ```
//!
//! `PreTokenGeneration` alone sends V1_0. A line `otherwise` doesn't help: it answers the events in place of the handler, so a
//! policy is skipped without a message.

use super::context::{Context, Findings, Rule, in_the_pool};
use crate::facts::{Setting, ShapeFault};

pub(super) static RULE: Rule = Rule {
    code: "version-mismatch",
    summary: "the pool sends token generation events of a version that the binary doesn't route",
    causes: &[
        "`LambdaVersion` of `PreTokenGenerationConfig` names another version than the router has.",
        "`PreTokenGeneration` alone sends V1_0.",
    ],
    consequence: "Every call is answered with an error that names the missing version, so nobody gets tokens. With `otherwise`, that answers instead of the handler: after `pass_through`, tokens have what the handler would remove.",
    fix: "Set the `LambdaVersion` that is routed, or route the version that is sent.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html",
    check,
};

/// Reports an error for each hook whose version the binary doesn't route, and not checked for a version that is unknown
/// before deployment.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for (_, hook) in context.hooks().filter(|(_, hook)| hook.key.routes().count() > 1) {
        // What SAM's event writes has no version, whatever its key: `event-cannot-express` reports it.
        let Some(binary) = context.binary(hook).filter(|_| {
            !matches!(
                hook.fault,
                Some(ShapeFault::StringForObject | ShapeFault::NoVersion)
            )
        }) else {
            continue;
        };
        let routed: Vec<_> = binary.routes_of(hook.key).collect();
        let names: Vec<_> = routed
            .iter()
            .map(|definition| format!("`{}`", definition.route))
            .collect();
        if routed.is_empty() {
            continue; // `hook-not-routed` reports it
        }
        if let Setting::Unresolved(version) = &hook.version {
            findings.not_checked(
                &version.location,
                format!("the `LambdaVersion` of `{}` is {}", hook.key, version.value),
                format!(
                    "the binary `{}` answers {} only{}",
                    binary.name,
                    names.join(" and "),
                    if binary.otherwise {
                        "; `otherwise` answers the other versions instead of a handler"
                    } else {
                        ""
                    }
                ),
                "check the deployed pool: pass the output of `describe-user-pool`",
            );
            continue;
        }
        let Some(sent) = hook.event_version() else {
            continue;
        };
        if routed
            .iter()
            .any(|definition| definition.lambda_version == Some(sent))
        {
            continue;
        }
        let mut known = hook.key.routes();
        let Some(route) = known.find(|route| route.definition().lambda_version == Some(sent)) else {
            continue; // `unknown-version` reports it
        };
        let location = hook
            .version
            .is()
            .map_or(&hook.location, |version| &version.location);
        let has = routed
            .last()
            .and_then(|definition| definition.lambda_version)
            .unwrap_or("");
        let set = match hook.key.superseded_by() {
            Some(config) => {
                let arn = hook.function.written.yaml();
                format!("{config}:\n  LambdaVersion: {has}\n  LambdaArn: {arn}")
            }
            None => format!("LambdaVersion: {has}"),
        };
        findings.error(
            location,
            format!(
                "`{}` sends events of {sent}, and the binary `{}` routes {}",
                hook.key,
                binary.name,
                names.join(" and ")
            ),
            if binary.otherwise {
                "in the pool: `otherwise` answers every call, and no handler of token generation runs; if that is \
                 `pass_through`, tokens stay as they are"
                    .to_owned()
            } else {
                in_the_pool(
                    hook,
                    "every call is answered with an error that names the missing version",
                )
            },
            format!("set the version that is routed, or route `{route}` too:\n{set}"),
        );
    }
}
