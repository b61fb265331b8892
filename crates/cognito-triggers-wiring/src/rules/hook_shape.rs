//! A hook whose value has another shape than its key takes.
//!
//! ```yaml
//! PreSignUp: !GetAtt Triggers.Arn          # right: the ARN
//! CustomEmailSender:                       # right: an object
//!   LambdaVersion: V1_0
//!   LambdaArn: !GetAtt Triggers.Arn
//! PostConfirmation: !Ref Triggers          # wrong: the name of the function
//! InboundFederation: !GetAtt Triggers.Arn  # wrong: it takes an object
//! ```
//!
//! | value | fault |
//! |---|---|
//! | `my-function` | a name, not an ARN |
//! | `!Ref Triggers` | the name of the function |
//! | `[arn:…]`, `5` | neither a string nor an object |
//! | `{LambdaVersion: V1_0}`, null | no ARN |
//! | `{LambdaArn: arn:…}` | no `LambdaVersion` |
//!
//! Source: `LambdaConfigType` of the API. cfn-lint finds it in translated templates only.

use cognito_triggers_model::lambda_config::Shape;

use super::context::{Context, Findings, Rule};
use crate::{
    facts::{Hook, ShapeFault},
    template_string::Part,
};

pub(super) static RULE: Rule = Rule {
    code: "hook-shape",
    summary: "a hook with the wrong shape for its key of `LambdaConfig`",
    causes: &[
        "A custom sender, inbound federation or `PreTokenGenerationConfig` is written as an ARN, but takes an object with `LambdaVersion` and `LambdaArn`; or one of the two is missing.",
        "Another trigger is written as an object, but takes the ARN itself.",
        "The value is a name: `!Ref` of a function gives one.",
    ],
    consequence: "The deployment is refused when it reaches the pool.",
    fix: "Write the value in the form that the API takes: an ARN (in a template `!GetAtt Function.Arn`), or an object with both keys.",
    link: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
    check,
};

/// Reports an error for each hook. What SAM writes is left to `event-cannot-express`.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for hook in context.facts.hooks().filter(|hook| !hook.from_event) {
        let Some(fault) = hook.fault else { continue };
        let key = hook.key;
        let problem = match fault {
            ShapeFault::StringForObject => {
                format!("`{key}` is a string, but takes an object with `LambdaVersion` and `LambdaArn`")
            }
            ShapeFault::ObjectForString => format!("`{key}` is an object, but takes the ARN itself"),
            ShapeFault::OtherType(kind) => format!("the ARN in `{key}` is {kind}, but has to be a string"),
            ShapeFault::NoArn => format!("`{key}` has no ARN"),
            ShapeFault::NoVersion => format!("`{key}` has no `LambdaVersion`, which the API requires"),
            ShapeFault::NameForArn => format!("`{key}` is the name of a function (`Ref`), but takes its ARN"),
            ShapeFault::NotAnArn => format!(
                "`{key}` is {}, but takes the ARN of a function",
                hook.function.written.quoted()
            ),
        };
        findings.error(
            &hook.location,
            problem,
            "the deployment is refused when it reaches the pool",
            format!(
                "write it in the form that the API takes:\n{}",
                right_form(context, hook, fault)
            ),
        );
    }
}

/// The hook in the shape that its key takes, as YAML.
fn right_form(context: &Context<'_>, hook: &Hook, fault: ShapeFault) -> String {
    let arn = match (fault, hook.function.written.0.as_slice()) {
        (ShapeFault::NoArn | ShapeFault::OtherType(_) | ShapeFault::NotAnArn, _) => {
            "!GetAtt YourFunction.Arn".to_owned()
        }
        (ShapeFault::NameForArn, [Part::Resource(id, _)]) => format!("!GetAtt {}.Arn", id.name),
        _ => hook.function.written.yaml(),
    };
    match hook.key.shape() {
        Shape::Versioned { versions } => {
            // The version that is written, else the one that the binary routes, else the first one of the hook.
            let written = hook.version.is().map(|version| version.value.as_str());
            let routed = || context.binary(hook)?.routes_of(hook.key).last()?.lambda_version;
            let version = written.or_else(routed).or(versions.first().copied());
            let version = version.unwrap_or_default();
            format!("{}:\n  LambdaVersion: {version}\n  LambdaArn: {arn}", hook.key)
        }
        Shape::Arn | Shape::Key => format!("{}: {arn}", hook.key),
    }
}
