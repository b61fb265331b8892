//! `PreTokenGeneration` and `PreTokenGenerationConfig` are two spellings of one hook.

use super::{Context, Findings, Rule};
use crate::model::Callee;

pub(super) static RULE: Rule = Rule {
    code: "token-arns-differ",
    summary: "`PreTokenGeneration` and `PreTokenGenerationConfig` name different functions",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for pool in &cx.facts.pools {
        let hook = |key: &str| pool.hooks.iter().find(|hook| hook.key == key);
        let (Some(old), Some(new)) = (hook("PreTokenGeneration"), hook("PreTokenGenerationConfig")) else {
            continue;
        };
        let same =
            old.function.callee == new.function.callee && old.function.qualifier == new.function.qualifier;
        if same || old.function.written == new.function.written {
            continue;
        }
        let (one, other) = (old.function.written.yaml(), new.function.written.yaml());
        let fix =
            format!("leave `PreTokenGeneration` out, or give it the same ARN:\nPreTokenGeneration: {other}");
        let later = |callee: &Callee| matches!(callee, Callee::Later(_));
        if later(&old.function.callee) || later(&new.function.callee) {
            findings.not_checked(
                &old.place,
                format!("`PreTokenGeneration` is `{one}`, and `PreTokenGenerationConfig` is `{other}`"),
                "if the two turn out different, `UpdateUserPool` and with it the deployment is refused",
                fix,
            );
        } else {
            findings.error(
                &old.place,
                format!("`PreTokenGeneration` names `{one}`, `PreTokenGenerationConfig` names `{other}`"),
                "AWS takes both keys only with the same ARN: the deployment is refused, after lint has passed",
                fix,
            );
        }
    }
}
