//! Reports for people: a line for each case, details of those that aren't in order, and a summary.
//!
//! Names, paths and texts of the function are printed without control characters, so that they can't control the
//! terminal or pass for lines of the report.

pub(crate) mod details;
mod folded_log;
pub(crate) mod style;

use std::fmt::Write;

use cognito_triggers_targets::{ApiOutcome, sanitize};

pub use self::style::Style;
use self::{
    details::{log_lines, texts_left_out, write_details},
    style::{Paint, count, seconds},
};
use crate::{entry::Entry, report::Report, verdict::Verdict};

impl Style {
    /// The log of a function as the details of a case show it: one line for each record, the errors first, without records
    /// that repeat the answer; with [`full_log`](Self::full_log) every line. It is dim and has no control characters.
    ///
    /// ```
    /// use cognito_triggers_replay::Style;
    ///
    /// let text = Style::default().log("a line of the function\n");
    /// assert!(text.contains("a line of the function"));
    /// ```
    pub fn log(self, log: &str) -> String {
        let mut text = String::new();
        for line in log_lines(self, log, &[]) {
            let _ = writeln!(text, "{line}");
        }
        text
    }

    /// The lines of one case: verdict, duration and name, and the details unless the case passed without a warning.
    pub fn entry(self, entry: &Entry) -> String {
        self.lines(entry, false)
    }

    /// The lines of one case before a question whether to approve its answer. They are those of [`entry`](Self::entry), but
    /// don't say how to approve.
    ///
    /// ```no_run
    /// # async fn example() {
    /// use cognito_triggers::{Router, pass_through, router};
    /// use cognito_triggers_replay::{InProcess, Replay, Style};
    ///
    /// let router: Router<()> = router! { otherwise => pass_through };
    /// let report = Replay::dir("cases").against(InProcess::new(router, ())).await;
    /// for entry in report.entries.iter().filter(|entry| !entry.verdict.is_good()) {
    ///     println!("{}Approve this answer?", Style::default().entry_in_question(entry));
    /// }
    /// # }
    /// ```
    pub fn entry_in_question(self, entry: &Entry) -> String {
        self.lines(entry, true)
    }

    /// The lines of one case; `is_asked` if a question follows.
    fn lines(self, entry: &Entry, is_asked: bool) -> String {
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
            let outcome = format!("→ {}", sanitize(outcome));
            let _ = write!(text, " {}", self.paint(Paint::Dim, &outcome));
        }
        text.push('\n');
        if !is_good || !entry.findings.is_empty() || entry.rules_error.is_some() {
            // Writing to a string can't fail.
            let _ = write_details(self, &mut text, entry, is_asked);
            text.push('\n');
        }
        text
    }

    /// The last lines of a report: the files that aren't cases, and the number of cases for each verdict.
    ///
    /// Verdicts that no case has are left out. If only files that aren't cases were found, there is no line with numbers. A warning
    /// follows if errors were approved whose text isn't in the answer file.
    pub fn summary(self, report: &Report) -> String {
        let mut text = String::new();
        for error in &report.errors {
            let path = sanitize(error.path.display());
            let problem = sanitize(&error.problem);
            let _ = writeln!(text, "{} {problem}\n  --> {path}", self.error());
        }
        if !report.errors.is_empty() {
            if report.entries.is_empty() {
                return text;
            }
            text.push('\n');
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
        if let Some(sentence) = texts_left_out(&report.entries) {
            let warning = self.paint(Paint::Unsure, "warning");
            let _ = writeln!(text, "{warning}{} {sentence}", self.paint(Paint::Bold, ":"));
        }
        text
    }
}

impl Report {
    /// Fails a test unless every case is in order.
    ///
    /// # Panics
    /// Panics with the details of every case that isn't in order and of every file that isn't a case. It also panics if no
    /// case ran, because a test that checks nothing must not pass.
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
                "no case ran; does the filter match any name?\n".to_owned()
            } else {
                style.summary(self)
            };
            panic!("not every case passed\n{bad}{end}");
        }
    }
}
