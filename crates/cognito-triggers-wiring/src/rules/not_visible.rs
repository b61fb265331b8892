//! Parts of a source that can't be seen into.

use super::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "not-visible",
    summary: "a part of a template that exists only at deployment",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for spot in &cx.facts.unseen {
        findings.not_checked(
            &spot.place,
            format!("{} can't be seen before deployment", spot.value),
            "no rule looked at it",
            "after deployment, hand in the output of `describe-user-pool`",
        );
    }
}
