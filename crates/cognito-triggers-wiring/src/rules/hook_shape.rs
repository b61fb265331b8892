//! A text where an object belongs, or the other way round.

use super::{Context, Findings, Rule};
use crate::{
    lambda_config::{Shape, shape},
    model::{Hook, Part, ShapeFault},
};

pub(super) static RULE: Rule = Rule {
    code: "hook-shape",
    summary: "a hook written in another shape than `LambdaConfig` has for it",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for hook in cx
        .facts
        .pools
        .iter()
        .flat_map(|pool| &pool.hooks)
        .filter(|hook| !hook.from_event)
    {
        let Some(fault) = hook.fault else { continue };
        let problem = match fault {
            ShapeFault::TextForObject => format!(
                "`{}` is a text, and takes `LambdaVersion` and `LambdaArn`",
                hook.key
            ),
            ShapeFault::ObjectForText => format!("`{}` is an object, and takes the ARN itself", hook.key),
            ShapeFault::NoArn => format!("`{}` has no ARN", hook.key),
            ShapeFault::NameForArn => {
                format!("`{}` is a function's name (`Ref`), and takes its ARN", hook.key)
            }
        };
        findings.error(
            &hook.place,
            problem,
            "the deployment is refused when it reaches the pool",
            format!("write it as the service has it:\n{}", right(cx, hook, fault)),
        );
    }
}

fn right(cx: &Context<'_>, hook: &Hook, fault: ShapeFault) -> String {
    let arn = match (fault, hook.function.written.0.as_slice()) {
        (ShapeFault::NoArn, _) => "!GetAtt YourFunction.Arn".to_owned(),
        (ShapeFault::NameForArn, [Part::Of(id, _)]) => format!("!GetAtt {}.Arn", id.name),
        _ => hook.function.written.yaml(),
    };
    match shape(&hook.key) {
        Some(Shape::Versioned { versions }) => {
            // What was written, else what the binary answers, else what there is.
            let routed = cx
                .program(hook)
                .and_then(|program| program.routes_of(&hook.key).last());
            let routed = routed.and_then(|definition| definition.lambda_version);
            let written = hook.version.is().map(|version| version.value.as_str());
            let version = written
                .or(routed)
                .or(versions.first().copied())
                .unwrap_or_default();
            format!("{}:\n  LambdaVersion: {version}\n  LambdaArn: {arn}", hook.key)
        }
        _ => format!("{}: {arn}", hook.key),
    }
}
