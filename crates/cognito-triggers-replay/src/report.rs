//! What a replay found: data only. [`Style`](crate::Style) prints it.

use std::time::Duration;

use cognito_triggers_model::rules::{Certainty, Finding};

use crate::{case::CaseError, entry::Entry, verdict::Verdict};

/// What a replay found.
///
/// [`assert`](Self::assert) fails a test unless everything is in order. [`Style`](crate::Style),
/// [`Entry::to_json`](crate::Entry::to_json) and [`to_junit`](Self::to_junit) print it.
#[derive(Debug, Default)]
#[must_use]
pub struct Report {
    /// The cases that ran, in the order of the cases.
    pub entries: Vec<Entry>,
    /// The files that aren't cases or couldn't be read. They fail the replay.
    pub errors: Vec<CaseError>,
    /// How many cases didn't run because an earlier one failed. 0 without [`Replay::fail_fast`](crate::Replay::fail_fast).
    pub not_run: usize,
    /// How long the replay took, from the first event to the last verdict.
    pub duration: Duration,
}

/// How many cases have which verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// All cases that ran, and the files that aren't cases.
    pub cases: usize,
    /// Cases with the approved answer.
    pub passed: usize,
    /// Cases whose answer was approved in this run.
    pub accepted: usize,
    /// Cases with another answer than the approved one.
    pub different: usize,
    /// Cases with the approved answer, which certainly breaks a rule of Cognito.
    pub rule_violations: usize,
    /// Cases that got another answer when the event was sent again.
    pub not_idempotent: usize,
    /// Cases without an approved answer.
    pub new: usize,
    /// Cases in which the function returned nothing, and the files that aren't cases.
    pub failed: usize,
    /// Rules that answers perhaps break, in all cases.
    pub warnings: usize,
}

impl Report {
    /// Whether all files were readable, at least one case ran, and every case is in order.
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
            && !self.entries.is_empty()
            && self.entries.iter().all(|entry| entry.verdict.is_good())
    }

    /// Counts the verdicts. A file that isn't a case counts as one that failed.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            cases: self.errors.len(),
            failed: self.errors.len(),
            ..Summary::default()
        };
        for entry in &self.entries {
            summary.cases += 1;
            *match entry.verdict {
                Verdict::Passed => &mut summary.passed,
                Verdict::New(_) => &mut summary.new,
                Verdict::Different { .. } => &mut summary.different,
                Verdict::RuleViolation => &mut summary.rule_violations,
                Verdict::NotIdempotent { .. } => &mut summary.not_idempotent,
                Verdict::Accepted => &mut summary.accepted,
                Verdict::Failed(_) => &mut summary.failed,
            } += 1;
            let is_warning = |finding: &&Finding| finding.certainty == Certainty::Uncertain;
            summary.warnings += entry.findings.iter().filter(is_warning).count();
        }
        summary
    }
}
