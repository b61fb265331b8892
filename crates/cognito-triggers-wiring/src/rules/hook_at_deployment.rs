//! A hook whose function is known only at deployment: a parameter, an import, an output of a nested stack.
//!
//! ```yaml
//! LambdaConfig:
//!   PreSignUp: !ImportValue sign-up-function    # which function is that?
//! ```
//!
//! After deployment the output of `describe-user-pool` has the ARN.

use super::context::{Context, Findings, Rule};
use crate::facts::{Callee, ShapeFault};

pub(super) static RULE: Rule = Rule {
    code: "hook-at-deployment",
    summary: "a hook whose function is known only at deployment",
    causes: &[
        "The function is a parameter, an import, an output of a nested stack, or a choice of a condition.",
    ],
    consequence: "Routes, permission and timeout behind this hook weren't checked.",
    fix: "After deployment, check the output of `aws cognito-idp describe-user-pool`.",
    link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html",
    check,
};

/// Reports each hook as not checked, unless `hook-shape` reports that it has no ARN at all.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for (_, hook) in context
        .hooks()
        .filter(|(_, hook)| hook.fault != Some(ShapeFault::NoArn))
    {
        if let Callee::Unresolved(how) = &hook.function.callee {
            findings.not_checked(
                &hook.location,
                format!(
                    "which function `{}` calls is known only at deployment: {how}",
                    hook.key
                ),
                "routes, permission and timeout behind this hook were not checked",
                "after deployment, check the output of `describe-user-pool`",
            );
        }
    }
}
