//! Custom senders get their codes encrypted, so the pool needs a key.
//!
//! ```yaml
//! LambdaConfig:
//!   CustomEmailSender: {LambdaVersion: V1_0, LambdaArn: !GetAtt Mails.Arn}
//!   KMSKeyID: !GetAtt CodeKey.Arn    # required
//! ```
//!
//! Neither lint nor translation finds a missing `KMSKeyID`; the API refuses the pool.

use super::context::{Context, Findings, Rule};
use crate::facts::{Hook, OnlyIf, Pool, Setting};

pub(super) static RULE: Rule = Rule {
    code: "sender-without-key",
    summary: "a custom sender without `KMSKeyID`",
    causes: &["`KMSKeyID` is missing beside the custom sender."],
    consequence: "The deployment is refused: Cognito encrypts the codes for a custom sender with a symmetric key of yours.",
    fix: "Name the ARN of the key as `KMSKeyID` in `LambdaConfig`.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html",
    check,
};

/// Reports an error for each custom sender of a pool without a key, and not checked for one whose key is set only under a
/// condition that the sender doesn't have.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for pool in &context.facts.pools {
        for hook in pool.hooks.iter().filter(|hook| hook.key.is_custom_sender()) {
            if matches!(pool.kms_key, Setting::Absent) {
                without_key(pool, hook, findings);
            } else if let Some(beyond) = OnlyIf::beyond(&pool.kms_key_only_if, &context.conditions(hook)) {
                findings.not_checked(
                    &hook.location,
                    format!("`{}` has a `KMSKeyID` beside it only if {beyond}", hook.key),
                    "without the key the deployment is refused",
                    "set both under the same condition",
                );
            }
        }
    }
}

/// Reports a sender that has no key.
fn without_key(pool: &Pool, hook: &Hook, findings: &mut Findings) {
    findings.error(
        &hook.location,
        format!("`{}` has no `KMSKeyID` beside it", hook.key),
        "the deployment is refused: Cognito encrypts the codes for a custom sender with a symmetric key of yours",
        if pool.from_template {
            "name the key beside it:\nKMSKeyID: !GetAtt CodeKey.Arn"
        } else {
            "name the key beside it:\nKMSKeyID: (the ARN of your key)"
        },
    );
}
