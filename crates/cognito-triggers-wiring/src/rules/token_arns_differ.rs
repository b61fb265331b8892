//! `PreTokenGeneration` and `PreTokenGenerationConfig` are two spellings of one hook. AWS takes both with one ARN only.
//!
//! ```yaml
//! PreTokenGeneration: !GetAtt Older.Arn
//! PreTokenGenerationConfig: {LambdaVersion: V2_0, LambdaArn: !GetAtt Newer.Arn}    # refused
//! ```
//!
//! An alias and its function are different ARNs.
//!
//! Source: `LambdaConfigType` of the API.

use cognito_triggers_model::lambda_config::Key;

use super::context::{Context, Findings, Rule};
use crate::facts::Callee;

pub(super) static RULE: Rule = Rule {
    code: "token-arns-differ",
    summary: "`PreTokenGeneration` and `PreTokenGenerationConfig` name different functions",
    causes: &[
        "One key was changed and the other forgotten.",
        "One names an alias and the other the function: these are different ARNs.",
    ],
    consequence: "The deployment is refused, after lint has passed.",
    fix: "Leave `PreTokenGeneration` out, or give it the ARN of `PreTokenGenerationConfig`.",
    link: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
    check,
};

/// Reports an error if both ARNs are known, and not checked if one isn't.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for pool in &context.facts.pools {
        let hook = |key: Key| pool.hooks.iter().find(|hook| hook.key == key);
        let (Some(old), Some(new)) = (hook(Key::PreTokenGeneration), hook(Key::PreTokenGenerationConfig))
        else {
            continue;
        };
        if old.function.is_same(&new.function) || old.function.written == new.function.written {
            continue;
        }
        let (one, other) = (old.function.written.quoted(), new.function.written.quoted());
        let fix = format!(
            "leave `PreTokenGeneration` out, or give it the same ARN:\nPreTokenGeneration: {}",
            new.function.written.yaml()
        );
        let is_unresolved = |callee: &Callee| matches!(callee, Callee::Unresolved(_));
        if is_unresolved(&old.function.callee) || is_unresolved(&new.function.callee) {
            findings.not_checked(
                &old.location,
                format!("`PreTokenGeneration` is {one}, and `PreTokenGenerationConfig` is {other}"),
                "if the two ARNs differ, `UpdateUserPool` fails, and the deployment with it",
                fix,
            );
        } else {
            findings.error(
                &old.location,
                format!("`PreTokenGeneration` names {one}, `PreTokenGenerationConfig` names {other}"),
                "AWS takes both keys only with the same ARN: the deployment is refused, after lint has passed",
                fix,
            );
        }
    }
}
