//! What an outcome is worth: held against the approved answer, and against Cognito's rules.

use cognito_triggers::rules::{self, Certainty, Finding};

use crate::{Approved, Outcome, Verdict, compare::compare, placeholder::approvable};

/// What Cognito would refuse or ignore of an answer.
///
/// # Errors
/// Why that can't be told: the event or the answer holds a number, a string or a depth that the rules can't look at.
pub(crate) fn findings(event: &[u8], outcome: &Outcome) -> Result<Vec<Finding>, String> {
    let Outcome::Answered(answer) = outcome else {
        return Ok(Vec::new());
    };
    let event = serde_json::from_slice(event).map_err(|error| format!("the event can't be held: {error}"))?;
    let answer = answer
        .to_serde()
        .map_err(|error| format!("the answer can't be held: {error}"))?;
    Ok(rules::check(&event, &answer))
}

/// Whether one of the findings is reason enough to fail.
pub(crate) fn is_unfit(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.rule.certainty == Certainty::Certain)
}

/// What an outcome is worth.
pub(crate) fn judge(approved: Option<&Approved>, outcome: &Outcome, findings: &[Finding]) -> Verdict {
    let received = match outcome.document() {
        Ok(received) => received,
        Err(trouble) => return Verdict::Broken(trouble),
    };
    let Some(approved) = approved else {
        return Verdict::New(received);
    };
    let differences = compare(&approved.json, &received);
    if !differences.is_empty() {
        return Verdict::Different {
            received,
            differences,
        };
    }
    if is_unfit(findings) {
        Verdict::Unfit
    } else {
        Verdict::Passed
    }
}

/// What is wrong with another answer to the same event. A placeholder of the approved answer stands for what may change
/// from attempt to attempt, too.
pub(crate) fn unsteady(
    attempt: usize,
    approved: Option<&Approved>,
    first: &Outcome,
    again: &Outcome,
) -> Option<Verdict> {
    let first = approvable(approved.map(|approved| &approved.json), &first.document().ok()?);
    let again = match again.document() {
        Ok(again) => again,
        Err(trouble) => return Some(Verdict::Broken(trouble)),
    };
    let differences = compare(&first, &again);
    (!differences.is_empty()).then_some(Verdict::Unsteady { attempt, differences })
}
