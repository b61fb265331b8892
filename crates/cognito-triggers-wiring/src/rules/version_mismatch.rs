//! Token generation: the event version that the pool sends against the versions that the binary routes.

use super::{Context, Findings, Rule, in_the_pool};
use crate::{
    model::{Hook, Setting, ShapeFault},
    routes,
};

pub(super) static RULE: Rule = Rule {
    code: "version-mismatch",
    summary: "the pool sends token generation events of a version that the binary doesn't route",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for (_, hook) in cx
        .hooks()
        .filter(|(_, hook)| routes::hook_of(&hook.key) == "PreTokenGeneration")
    {
        // What SAM's event writes has no version, whatever its key: event-cannot-express says so.
        let Some(program) = cx
            .program(hook)
            .filter(|_| hook.fault != Some(ShapeFault::TextForObject))
        else {
            continue;
        };
        let routed: Vec<_> = program.routes_of(&hook.key).collect();
        let names: Vec<_> = routed
            .iter()
            .map(|definition| format!("`{}`", definition.route))
            .collect();
        if routed.is_empty() || program.otherwise {
            continue; // hook-not-routed has said it, or the event goes through as it came
        }
        if let Setting::Later(later) = &hook.version {
            findings.not_checked(
                &later.place,
                format!("the `LambdaVersion` of `{}` is {}", hook.key, later.value),
                format!(
                    "the binary `{}` answers {} only",
                    program.name,
                    names.join(" and ")
                ),
                "hold the deployed pool against the binary: hand in the output of `describe-user-pool`",
            );
            continue;
        }
        let Some(sent) = wanted(hook) else { continue };
        if routed
            .iter()
            .any(|definition| definition.lambda_version == Some(sent))
        {
            continue;
        }
        let known = routes::of_hook(&hook.key).find(|definition| definition.lambda_version == Some(sent));
        let Some(route) = known.map(|definition| definition.route) else {
            continue;
        }; // unknown-version has said it
        let place = hook.version.is().map_or(&hook.place, |version| &version.place);
        let has = routed
            .last()
            .and_then(|definition| definition.lambda_version)
            .unwrap_or("");
        let set = match hook.key.as_str() {
            "PreTokenGeneration" => {
                let arn = hook.function.written.yaml();
                format!("PreTokenGenerationConfig:\n  LambdaVersion: {has}\n  LambdaArn: {arn}")
            }
            _ => format!("LambdaVersion: {has}"),
        };
        findings.error(
            place,
            format!(
                "`{}` sends events of {sent}, and the binary `{}` routes {}",
                hook.key,
                program.name,
                names.join(" and ")
            ),
            in_the_pool(
                hook,
                "every call is answered with an error that names the missing version",
            ),
            format!("set the version that is routed, or route `{route}` too:\n{set}"),
        );
    }
}

/// The event version that a hook asks for: V1_0 where it doesn't say. `None` where that isn't known.
pub(super) fn wanted(hook: &Hook) -> Option<&str> {
    match &hook.version {
        Setting::Absent => Some("V1_0"),
        Setting::Is(version) => Some(version.value.as_str()),
        Setting::Later(_) => None,
    }
}
