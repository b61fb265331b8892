//! Reports for people: a line for each case, and the places to look at.

mod details;
mod folded_log;
mod style;

use std::fmt::Write;

use cognito_triggers_targets::{ApiOutcome, sanitize};

pub use self::style::Style;
use self::{
    details::write_details,
    style::{Paint, count, seconds},
};
use crate::{
    report::{Entry, Report},
    verdict::Verdict,
};

impl Style {
    /// The lines of one case.
    pub fn entry(self, entry: &Entry) -> String {
        let (word, paint) = match &entry.verdict {
            Verdict::Passed => ("PASS", Paint::Good),
            Verdict::Accepted => ("ACCEPT", Paint::Good),
            Verdict::New(_) => ("NEW", Paint::Unsure),
            Verdict::Different { .. } => ("DIFF", Paint::Bad),
            Verdict::RuleViolation => ("RULE", Paint::Bad),
            Verdict::NotIdempotent { .. } => ("UNSTEADY", Paint::Bad),
            Verdict::Failed(_) => ("FAIL", Paint::Bad),
        };
        let word = self.paint(paint, &format!("{word:>8}"));
        let mut text = format!("{word} {} {}", seconds(entry.duration), sanitize(&entry.name));
        let is_good = entry.verdict.is_good();
        let api_outcome = entry.api_outcome.as_ref().filter(|_| is_good);
        if let Some(outcome) = api_outcome.filter(|outcome| **outcome != ApiOutcome::Success) {
            let _ = write!(
                text,
                " {}",
                self.paint(Paint::Faint, &format!("→ {}", sanitize(outcome)))
            );
        }
        text.push('\n');
        if !is_good || !entry.findings.is_empty() || entry.rules_error.is_some() {
            // Writing to a text can't fail.
            let _ = write_details(self, &mut text, entry);
            text.push('\n');
        }
        text
    }

    /// The last lines of a report.
    pub fn summary(self, report: &Report) -> String {
        let mut text = String::new();
        for error in &report.errors {
            let path = sanitize(error.path.display());
            let _ = writeln!(
                text,
                "{} {}\n  --> {path}",
                self.error(),
                sanitize(&error.problem)
            );
        }
        if !text.is_empty() {
            text.push('\n');
        }
        if report.entries.is_empty() && !report.errors.is_empty() {
            return text;
        }
        let summary = report.summary();
        let parts: Vec<_> = [
            (summary.passed, "passed"),
            (summary.accepted, "accepted"),
            (summary.different, "different"),
            (summary.rule_violations, "against a rule"),
            (summary.not_idempotent, "unsteady"),
            (summary.new, "new"),
            (summary.failed, "failed"),
            (report.not_run, "not run"),
        ]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
        let paint = if report.is_good() { Paint::Good } else { Paint::Bad };
        let _ = write!(
            text,
            "{}\n{} {} {}: {}",
            "─".repeat(12),
            self.paint(paint, " Summary"),
            seconds(report.duration),
            count(summary.cases, "case"),
            parts.join(", ")
        );
        if summary.warnings > 0 {
            let _ = write!(text, "; {}", count(summary.warnings, "warning"));
        }
        text.push('\n');
        text
    }
}

impl Report {
    /// Ends a test: does nothing if every case stands as approved.
    ///
    /// # Panics
    /// With the report of every case that doesn't, or of the files that are no cases.
    #[expect(clippy::panic, reason = "this is how a test fails")]
    #[track_caller]
    pub fn assert(&self) {
        if !self.is_good() {
            let style = Style::default();
            let bad: String = self
                .entries
                .iter()
                .filter(|entry| !entry.verdict.is_good())
                .map(|entry| style.entry(entry))
                .collect();
            let end = if self.entries.is_empty() && self.errors.is_empty() {
                "no case was run: is the filter too narrow?\n".to_owned()
            } else {
                style.summary(self)
            };
            panic!("not every case stands as approved\n{bad}{end}");
        }
    }
}
