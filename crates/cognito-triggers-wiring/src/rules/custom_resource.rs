//! Hooks that a custom resource sets by an API call. They can't be read from the template, and don't outlive every
//! update of the pool.
//!
//! Sources: serverless/serverless#12229, aws/aws-cdk#33282; the page "Updating user pool configuration".

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "custom-resource",
    summary: "hooks that a custom resource sets during deployment",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for resource in &cx.facts.custom_resources {
        let hooks = match resource.hooks.as_slice() {
            [] => "hooks of a pool".to_owned(),
            hooks => format!("`{}`", hooks.join("`, `")),
        };
        let resets = match resource.is_api_call {
            true => {
                "; and a call of `UpdateUserPool` with `LambdaConfig` alone resets every other setting of the pool"
            }
            false => "",
        };
        findings.not_checked(
            &resource.location,
            format!(
                "`{}`, a custom resource of the type {}, sets {hooks}",
                resource.id.name, resource.kind
            ),
            format!(
                "the hooks were not checked; when CloudFormation updates the pool, it clears hooks that the pool's own \
                 `LambdaConfig` doesn't name, and the custom resource doesn't run again{resets}"
            ),
            "write the hooks into `LambdaConfig` of the pool, in the template that creates it; to check them as they are, \
             hand in the output of `aws cognito-idp describe-user-pool` too",
        );
    }
}
