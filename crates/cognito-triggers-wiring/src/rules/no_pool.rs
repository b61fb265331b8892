//! No source has a user pool, so nothing was checked.
//!
//! Often the wrong file was given, or the pool is in another stack. Without this finding, the report would be clean although
//! nothing was checked.

use super::context::{Context, Findings, Rule};
use crate::report::Severity;

pub(super) static RULE: Rule = Rule {
    code: "no-pool",
    summary: "no source has a user pool, so nothing was checked",
    causes: &[
        "The wrong file was given, or the pool is in another stack.",
        "The pool is made by hand, in the console.",
    ],
    consequence: "Nothing was checked: hooks are settings of a user pool.",
    fix: "Name the template that creates the pool, or the output of `aws cognito-idp describe-user-pool`.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html",
    check,
};

/// Reports one error, at the start of the first source.
fn check(context: &Context<'_>, findings: &mut Findings) {
    if !context.facts.pools.is_empty() {
        return;
    }
    for location in context.facts.starts.iter().take(1) {
        findings.add(
            Severity::Error,
            location,
            "there is no user pool in these sources",
            "nothing was checked: hooks are settings of a user pool",
            "name the template that creates the pool, or the output of `aws cognito-idp describe-user-pool`",
        );
    }
}
