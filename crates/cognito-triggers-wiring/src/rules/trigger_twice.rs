//! One trigger of a pool declared twice: by two events of SAM functions, or by an event and `LambdaConfig`.
//!
//! ```yaml
//! Events:
//!   One: {Type: Cognito, Properties: {UserPool: !Ref UserPool, Trigger: PreSignUp}}
//!   Two: {Type: Cognito, Properties: {UserPool: !Ref UserPool, Trigger: PreSignUp}}    # refused
//! ```
//!
//! Source: aws/serverless-application-model, `error_cognito_userpool_duplicate_trigger`.

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "trigger-twice",
    summary: "a trigger of a pool that is declared twice",
    causes: &[
        "Two SAM functions have an event of the type `Cognito` for the trigger.",
        "An event sets it, and `LambdaConfig` of the pool does so too.",
    ],
    consequence: "The deployment is refused: a pool calls one function for each trigger.",
    fix: "Leave one, and call the other function from it if both are needed.",
    link: "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-cognito.html",
    check,
};

/// Reports an error at each repetition, with the declaration before it as a further location.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for pool in &context.facts.pools {
        for (index, hook) in pool.hooks.iter().enumerate() {
            let mut before = pool.hooks.iter().take(index);
            let Some(first) = before.rfind(|other| other.key == hook.key) else {
                continue;
            };
            findings.error(
                &hook.location,
                format!("`{}` of `{}` is declared twice", hook.key, pool.id.name),
                "the deployment is refused: a pool calls one function for each trigger",
                "leave one, and call the other function from it if both are needed",
            );
            findings.step(
                &first.location,
                format!("the first calls {}", first.function.quoted()),
            );
        }
    }
}
