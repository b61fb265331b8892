//! A `LambdaVersion` that the hook isn't known to have.
//!
//! | hook | versions |
//! |---|---|
//! | `PreTokenGenerationConfig` | `V1_0`, `V2_0`, `V3_0` |
//! | `CustomEmailSender`, `CustomSMSSender`, `InboundFederation` | `V1_0` |
//!
//! Source: AWS's service model of `cognito-idp`.

use cognito_triggers_model::lambda_config::Shape;

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "unknown-version",
    summary: "a `LambdaVersion` that the hook doesn't have",
    causes: &["A typo, or a version of another hook: only `PreTokenGenerationConfig` has V2_0 and V3_0."],
    consequence: "The deployment fails, unless the version is newer than this tool, which then doesn't know its events.",
    fix: "Name a known version.",
    link: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
    check,
};

/// Reports an error for each version that is written out.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for (_, hook) in context.hooks() {
        let (Shape::Versioned { versions }, Some(version)) = (hook.key.shape(), hook.version.is()) else {
            continue;
        };
        if versions.contains(&version.value.as_str()) {
            continue;
        }
        let last = versions.last().copied().unwrap_or_default();
        findings.error(
            &version.location,
            format!(
                "`{}` has no version `{}`; known: {}",
                hook.key,
                version.value,
                versions.join(", ")
            ),
            "the deployment fails, unless the version is newer than this tool, which then doesn't know its events",
            format!("name a known version:\nLambdaVersion: {last}"),
        );
    }
}
