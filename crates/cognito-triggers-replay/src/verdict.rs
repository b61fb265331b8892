//! The verdict on a case.

use cognito_triggers_model::{
    json::Json,
    rules::{Certainty, Finding},
};
use cognito_triggers_targets::InvokeError;

use crate::compare::Difference;

/// The verdict on the outcome of a case.
#[derive(Debug)]
pub enum Verdict {
    /// The outcome is the approved one.
    Passed,
    /// There is no approved answer yet. The value is the received one.
    New(Json),
    /// The answer isn't the approved one.
    Different {
        /// The received answer.
        received: Json,
        /// Every location where the two differ.
        differences: Vec<Difference>,
    },
    /// The answer is the approved one, but it certainly breaks a rule of Cognito.
    RuleViolation,
    /// The same event got another answer when it was sent again.
    NotIdempotent {
        /// The attempt whose answer isn't that of the first one, from 2.
        attempt: usize,
        /// Every location where the two differ. The expected values are those of the first answer.
        differences: Vec<Difference>,
    },
    /// The answer was written to the answer file, because the replay approves answers.
    Accepted,
    /// The function returned nothing that could be compared, or the answer couldn't be approved.
    Failed(InvokeError),
}

impl Verdict {
    /// Whether the case is in order: passed or accepted. A replay is good if all its cases are.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Passed | Self::Accepted)
    }

    /// The name in reports for programs, such as `pass`. It doesn't change from version to version.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passed => "pass",
            Self::New(_) => "new",
            Self::Different { .. } => "diff",
            Self::RuleViolation => "rule",
            Self::NotIdempotent { .. } => "unsteady",
            Self::Accepted => "accept",
            Self::Failed(_) => "fail",
        }
    }
}

/// Whether an answer certainly breaks a rule.
pub(crate) fn breaks_a_rule(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.certainty == Certainty::Certain)
}
