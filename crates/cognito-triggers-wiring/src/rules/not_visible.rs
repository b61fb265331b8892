//! Parts of a template whose content exists only at deployment, such as what `Fn::ForEach` creates, or a `LambdaConfig` that a
//! condition chooses.
//!
//! While there are such parts, `route-not-wired` reports missing hooks as not checked.

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "not-visible",
    summary: "a part of a template that exists only at deployment",
    causes: &["A loop, a macro, a nested stack or a condition provides a part of the template."],
    consequence: "This part wasn't checked. While there is one, a missing hook or permission is reported as not checked too.",
    fix: "After deployment, check the output of `aws cognito-idp describe-user-pool`.",
    link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html",
    check,
};

/// Reports each hidden part as not checked.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for hidden in &context.facts.hidden {
        findings.not_checked(
            &hidden.location,
            format!("{} is known only at deployment", hidden.value),
            "it was not checked",
            "after deployment, check the output of `describe-user-pool`",
        );
    }
}
