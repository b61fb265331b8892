//! What the outcome of a case is worth.

use cognito_triggers_model::{
    json::Json,
    rules::{Certainty, Finding},
};
use cognito_triggers_targets::InvokeError;

use crate::compare::Difference;

/// What the outcome of a case is worth.
#[derive(Debug)]
pub enum Verdict {
    /// It is the approved one.
    Passed,
    /// Nobody has approved an answer yet.
    New(Json),
    /// It isn't the approved one.
    Different {
        /// What came instead.
        received: Json,
        /// Every place where they differ.
        differences: Vec<Difference>,
    },
    /// It is the approved one, and it breaks a rule of Cognito for certain.
    RuleViolation,
    /// The same event was answered in another way when it came again.
    NotIdempotent {
        /// Which attempt differs from the first one.
        attempt: usize,
        /// Every place where they differ; the first answer is the expected one, and no file holds it.
        differences: Vec<Difference>,
    },
    /// It was written to the answer file, as was asked for.
    Accepted,
    /// There is nothing to compare.
    Failed(InvokeError),
}

impl Verdict {
    /// Whether the case stands as approved.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Passed | Self::Accepted)
    }

    /// Its name in reports for programs, such as `pass`.
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

/// Whether one of the rules is certainly broken.
pub(crate) fn breaks_a_rule(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.certainty == Certainty::Certain)
}
