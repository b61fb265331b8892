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
    summary: "one trigger of a pool declared twice",
    check,
};

/// Reports an error at each repetition, with the declaration before it as a further location.
fn check(cx: &Context<'_>, findings: &mut Findings) {
    for pool in &cx.facts.pools {
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
