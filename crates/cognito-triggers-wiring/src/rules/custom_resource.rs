//! Hooks that a custom resource sets by an API call during deployment.
//!
//! They can't be read from the template, and they don't outlive every update of the pool: CloudFormation sets `LambdaConfig`
//! to what the template says. This is how such a resource looks, here of the CDK:
//!
//! ```yaml
//! Hooks:
//!   Type: Custom::AWS
//!   Properties:
//!     Create: '{"service": "CognitoIdentityServiceProvider", "action": "updateUserPool", "parameters": {…}}'
//! ```
//!
//! The hooks that it names count as set, so that `route-not-wired` doesn't call them absent.
//!
//! Sources: serverless/serverless#12229, aws/aws-cdk#33282; the page "Updating user pool configuration".

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "custom-resource",
    summary: "hooks that a custom resource sets during deployment",
    causes: &[
        "Serverless with `existing: true`, an `AwsCustomResource` of the CDK, Amplify's trigger stack, or one of your own sets the hooks by an API call.",
    ],
    consequence: "The hooks weren't checked. When CloudFormation updates the pool, it clears hooks that `LambdaConfig` in the template doesn't name, and `UpdateUserPool` with `LambdaConfig` alone resets every other setting.",
    fix: "Write the hooks into `LambdaConfig` of the template that creates the pool. To check them as they are, pass the output of `aws cognito-idp describe-user-pool`.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-updating.html",
    check,
};

/// Reports each custom resource as not checked, with what will happen to its hooks.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for resource in &context.facts.custom_resources {
        let hooks = match resource.hooks.as_slice() {
            [] => "hooks of a pool".to_owned(),
            keys => {
                let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
                keys.join(", ")
            }
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
             pass the output of `aws cognito-idp describe-user-pool` too",
        );
    }
}
