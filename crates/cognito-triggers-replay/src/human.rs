//! Reports for people: a line for each case, and the places to look at.

mod details;

use std::{fmt::Write, time::Duration};

use crate::{Entry, Report, Verdict, shown::Shown};

/// How a report is printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// With colours, for a terminal.
    pub color: bool,
}

#[derive(Clone, Copy)]
enum Paint {
    Good,
    Bad,
    Unsure,
    Strong,
    Faint,
}

impl Style {
    /// The lines of one case.
    pub fn entry(self, entry: &Entry) -> String {
        let (word, paint) = match &entry.verdict {
            Verdict::Passed => ("PASS", Paint::Good),
            Verdict::Accepted => ("ACCEPT", Paint::Good),
            Verdict::New(_) => ("NEW", Paint::Unsure),
            Verdict::Different { .. } => ("DIFF", Paint::Bad),
            Verdict::Unfit => ("RULE", Paint::Bad),
            Verdict::Unsteady { .. } => ("UNSTEADY", Paint::Bad),
            Verdict::Broken(_) => ("FAIL", Paint::Bad),
        };
        let word = self.paint(paint, &format!("{word:>8}"));
        let mut text = format!("{word} {} {}", took(entry.took), Shown(&entry.name));
        let is_good = entry.verdict.is_good();
        if let Some(seen) = entry
            .caller
            .as_deref()
            .filter(|seen| is_good && *seen != "success")
        {
            let _ = write!(
                text,
                " {}",
                self.paint(Paint::Faint, &format!("→ {}", Shown(seen)))
            );
        }
        text.push('\n');
        if !is_good || !entry.findings.is_empty() || entry.unchecked.is_some() {
            // Writing to a text can't fail.
            let _ = self.details(&mut text, entry);
            text.push('\n');
        }
        text
    }

    /// The last lines of a report.
    pub fn end(self, report: &Report) -> String {
        let mut text = String::new();
        for error in &report.errors {
            let path = Shown(error.path.display());
            let _ = writeln!(text, "{} {}\n  --> {path}", self.error(), Shown(&error.problem));
        }
        if !report.errors.is_empty() {
            return text;
        }
        let summary = report.summary();
        let parts: Vec<_> = [
            (summary.passed, "passed"),
            (summary.accepted, "accepted"),
            (summary.different, "different"),
            (summary.unfit, "against a rule"),
            (summary.unsteady, "unsteady"),
            (summary.new, "new"),
            (summary.failed, "failed"),
            (report.left_out, "not run"),
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
            took(report.took),
            count(summary.cases, "case"),
            parts.join(", ")
        );
        if summary.warnings > 0 {
            let _ = write!(text, "; {}", count(summary.warnings, "warning"));
        }
        text.push('\n');
        text
    }

    fn error(self) -> String {
        self.paint(Paint::Bad, "error") + &self.paint(Paint::Strong, ":")
    }

    fn paint(self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Good => "1;32",
            Paint::Bad => "1;31",
            Paint::Unsure => "1;33",
            Paint::Strong => "1",
            Paint::Faint => "2",
        };
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A duration in a column, as nextest writes it.
fn took(duration: Duration) -> String {
    format!("[{:>8.3}s]", duration.as_secs_f64())
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
