//! Custom senders get their codes encrypted, so they need a key.

use super::{Context, Findings, Rule};
use crate::{model::Setting, routes::is_custom_sender};

pub(super) static RULE: Rule = Rule {
    code: "sender-without-key",
    summary: "a custom sender without `KMSKeyID`",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for pool in cx
        .facts
        .pools
        .iter()
        .filter(|pool| matches!(pool.kms_key, Setting::Absent))
    {
        for hook in pool.hooks.iter().filter(|hook| is_custom_sender(&hook.key)) {
            findings.error(
                &hook.place,
                format!("`{}` stands without `KMSKeyID`", hook.key),
                "the pool is refused: Cognito hands codes to a sender only encrypted, under a symmetric key of yours",
                if pool.from_template {
                    "name the key beside it:\nKMSKeyID: !GetAtt CodeKey.Arn"
                } else {
                    "name the key beside it:\nKMSKeyID: (the ARN of your key)"
                },
            );
        }
    }
}
