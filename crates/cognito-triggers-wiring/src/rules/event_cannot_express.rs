//! SAM's `Events: Type: Cognito` writes a bare ARN under any key, which is wrong for the keys that take an object.
//!
//! ```yaml
//! Events:
//!   Codes:
//!     Type: Cognito
//!     Properties: {UserPool: !Ref UserPool, Trigger: CustomEmailSender}    # wrong
//! ```
//!
//! The hook belongs in `LambdaConfig` of the pool, with `LambdaVersion` and `LambdaArn`.
//!
//! Source: the output of aws-sam-translator 1.115.0.

use cognito_triggers_model::lambda_config::Shape;

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "event-cannot-express",
    summary: "`Events: Type: Cognito` for a hook that needs a version",
    causes: &[
        "SAM's event writes a bare ARN under any key, and this key takes `LambdaVersion` and `LambdaArn`.",
    ],
    consequence: "The deployment is refused when it reaches the pool.",
    fix: "Remove the event, write the hook in the pool's `LambdaConfig`, and add the permission.",
    link: "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-cognito.html",
    check,
};

/// Reports an error for each event, with the hook in the form that the API takes.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for hook in context.facts.hooks().filter(|hook| hook.from_event) {
        let Shape::Versioned { versions } = hook.key.shape() else {
            continue;
        };
        let version = versions.last().copied().unwrap_or_default();
        findings.error(
            &hook.location,
            format!("SAM's Cognito event can't express `{}`: it writes the ARN alone", hook.key),
            "the deployment is refused when it reaches the pool: the hook takes `LambdaVersion` and `LambdaArn`",
            format!(
                "remove the event, write the hook in the pool's `LambdaConfig`, and add the permission:\n\
                 {}:\n  LambdaVersion: {version}\n  LambdaArn: !GetAtt {}.Arn",
                hook.key,
                hook.function.name(),
            ),
        );
    }
}
