//! A value of a type that AWS refuses, above the level that other rules look at. If such a value were read as empty, no rule
//! would find a fault.
//!
//! ```yaml
//! LambdaConfig:                 # wrong: an array
//!   - PreSignUp: arn:aws:…
//! ```
//!
//! Source: cfn-lint E3012; aws/serverless-application-model, `error_cognito_userpool_invalid_lambda_config`.

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "wrong-type",
    summary: "a value of a type that AWS doesn't accept",
    causes: &[
        "The value is a list instead of an object: there are dashes before the keys.",
        "The value is a string, a number or a boolean.",
    ],
    consequence: "The deployment is refused, and nothing below the value was checked.",
    fix: "Write an object of settings, or the type that the finding names.",
    link: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
    check,
};

/// Reports an error for each value. Nothing below it was read.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for spanned in &context.facts.wrong_types {
        let wrong = &spanned.value;
        findings.error(
            &spanned.location,
            format!(
                "`{}` is {}, but has to be {}",
                wrong.name, wrong.found, wrong.expected
            ),
            "the deployment is refused, and nothing below this value was checked",
            match wrong.expected {
                "an object" => {
                    "write its settings as keys with values, without a list around them".to_owned()
                }
                expected => format!("write {expected}"),
            },
        );
    }
}
