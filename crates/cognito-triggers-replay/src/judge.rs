//! Compares an outcome with the approved answer and with Cognito's rules.
//!
//! A difference from the approved answer takes precedence over a broken rule. The answer that breaks the rule isn't the
//! approved one, and approving it would report the rule anyway.

use cognito_triggers_model::rules::Finding;
use cognito_triggers_targets::Outcome;

use crate::{
    case::Approved,
    compare::compare,
    compared::Compared,
    placeholder::to_approved,
    verdict::{Verdict, breaks_a_rule},
};

/// The verdict on the first outcome of a case. `findings` are the rules that the answer breaks.
///
/// `approved` is `None` if the case has no answer file; the verdict is then [`Verdict::New`]. An outcome that no answer
/// file can hold, such as a timeout, is [`Verdict::Failed`] in any case.
pub(crate) fn judge(
    compared: Compared,
    approved: Option<&Approved>,
    outcome: &Outcome,
    findings: &[Finding],
) -> Verdict {
    let received = match outcome.document() {
        Ok(received) => received,
        Err(error) => return Verdict::Failed(error),
    };
    let Some(approved) = approved else {
        return Verdict::New(received);
    };
    let differences = compare(compared, &approved.json, &received);
    if !differences.is_empty() {
        return Verdict::Different {
            received,
            differences,
        };
    }
    if breaks_a_rule(findings) {
        Verdict::RuleViolation
    } else {
        Verdict::Passed
    }
}

/// The verdict if a later outcome of the same event differs from the first one; `None` if it is the same, or if the first
/// one was no answer.
///
/// A placeholder in the approved answer also stands for what may change from attempt to attempt. The whole answers are compared:
/// the same function has written both.
pub(crate) fn compare_attempts(
    attempt: usize,
    approved: Option<&Approved>,
    first: &Outcome,
    again: &Outcome,
) -> Option<Verdict> {
    let first = to_approved(approved.map(|approved| &approved.json), &first.document().ok()?);
    let again = match again.document() {
        Ok(again) => again,
        Err(error) => return Some(Verdict::Failed(error)),
    };
    let differences = compare(Compared::Answer, &first, &again);
    (!differences.is_empty()).then_some(Verdict::NotIdempotent { attempt, differences })
}
