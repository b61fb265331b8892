//! A key that `LambdaConfig` isn't known to have: mostly a spelling mistake, which CloudFormation refuses.
//!
//! ```yaml
//! LambdaConfig:
//!   PreSignup: !GetAtt Triggers.Arn    # wrong: PreSignUp
//! ```
//!
//! The rule also finds a key of `LambdaConfig` that is written one level too high, beside it. In a description, an unknown key
//! is a warning: the service knows a trigger that this crate doesn't.

use cognito_triggers_model::lambda_config::Key;

use super::context::{Context, Findings, Rule};
use crate::{facts::WrongKey, report::Severity};

pub(super) static RULE: Rule = Rule {
    code: "unknown-key",
    summary: "a key that `LambdaConfig` doesn't have",
    causes: &[
        "A typo, such as `PreSignup` for `PreSignUp`.",
        "The key is written one level too high, beside `LambdaConfig`.",
    ],
    consequence: "The deployment is refused, and the hook isn't set.",
    fix: "Write the key with the spelling that `LambdaConfig` has, and below `LambdaConfig`.",
    link: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
    check,
};

/// Reports an error for a template and a warning for a description, with the key that was probably meant.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for pool in &context.facts.pools {
        for WrongKey { key, .. } in &pool.misplaced_keys {
            findings.error(
                &key.location,
                format!(
                    "`{}` is a key of `LambdaConfig`, and a pool has no such setting",
                    key.value
                ),
                "the deployment is refused, and the hook isn't set",
                "indent it, so that it is a member of `LambdaConfig`",
            );
        }
        for WrongKey { key, meant, .. } in &pool.unknown_keys {
            let (severity, consequence) = if pool.from_template {
                (
                    Severity::Error,
                    "the deployment is refused, unless the key is newer than this tool, which then doesn't know its events",
                )
            } else {
                (
                    Severity::Warning,
                    "the service has a trigger that this tool doesn't know, so its events are unknown here",
                )
            };
            findings.add(
                severity,
                &key.location,
                format!("`LambdaConfig` has no key `{}`", key.value),
                consequence,
                match meant {
                    Some(name) => format!("did you mean this one?\n{name}"),
                    None => {
                        let names: Vec<_> = Key::ALL.iter().map(|known| known.as_str()).collect();
                        format!("the known keys are: {}", names.join(", "))
                    }
                },
            );
        }
    }
}
