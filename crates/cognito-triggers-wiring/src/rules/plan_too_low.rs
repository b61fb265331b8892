//! Token events V2_0 and V3_0 need the Essentials or Plus plan.
//!
//! ```yaml
//! UserPoolTier: LITE
//! LambdaConfig:
//!   PreTokenGenerationConfig: {LambdaVersion: V2_0, LambdaArn: !GetAtt Triggers.Arn}    # refused
//! ```
//!
//! A pool without `UserPoolTier` is of the Essentials plan. A Lite pool that had advanced security before 2024-11-22 keeps V2_0,
//! so V2_0 isn't checked for a pool with advanced security, or for one that has it already.
//!
//! Source: the pages "Pre token generation Lambda trigger" and "User pool feature plans".

use cognito_triggers_model::lambda_config::{Key, LambdaVersion};

use super::context::{Context, Findings, Rule};
use crate::facts::{Pool, Setting};

pub(super) static RULE: Rule = Rule {
    code: "plan-too-low",
    summary: "token generation V2_0 or V3_0 on a pool of the Lite plan",
    causes: &["`UserPoolTier` is LITE, and `LambdaVersion` is V2_0 or V3_0."],
    consequence: "The deployment is refused. Older pools with advanced security keep V2_0.",
    fix: "Choose the plan ESSENTIALS or PLUS, or V1_0 with the route `pre_token_generation_v1`.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html",
    check,
};

/// Reports an error for a pool of the Lite plan, and not checked for a plan that is unknown before deployment.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for (pool, hook) in context.hooks() {
        let Some(version) = hook.version.is() else {
            continue;
        };
        if !matches!(version.value, LambdaVersion::V2 | LambdaVersion::V3)
            || hook.key != Key::PreTokenGenerationConfig
        {
            continue;
        }
        match &pool.plan {
            Setting::Is(plan) if plan.value == "LITE" && may_keep(pool, &version.value) => findings.not_checked(
                &plan.location,
                format!("the pool is of the Lite plan, and `{}` asks for {}", hook.key, version.value),
                "on the Lite plan only pools that had advanced security before 2024-11-22 keep V2_0: any other is refused",
                "make sure that the pool is one of them, or choose a plan that has it:\nUserPoolTier: ESSENTIALS",
            ),
            Setting::Is(plan) if plan.value == "LITE" => findings.error(
                &plan.location,
                format!("the pool is of the Lite plan, and `{}` asks for {}", hook.key, version.value),
                "Lite pools have V1_0 only: the deployment is refused (older pools with advanced security keep V2_0)",
                "choose a plan that has it, or `LambdaVersion: V1_0` and the route `pre_token_generation_v1`:\n\
                 UserPoolTier: ESSENTIALS",
            ),
            Setting::Unresolved(plan) => findings.not_checked(
                &plan.location,
                format!("the plan of the pool is {}, and `{}` asks for {}", plan.value, hook.key, version.value),
                "on a pool of the Lite plan the deployment is refused",
                "make sure that it is ESSENTIALS or PLUS wherever this is deployed",
            ),
            Setting::Is(_) | Setting::Absent => {}
        }
    }
}

/// Whether a Lite pool may be an older one that keeps the version.
fn may_keep(pool: &Pool, version: &LambdaVersion) -> bool {
    *version == LambdaVersion::V2 && (pool.exists || pool.may_have_advanced_security)
}
