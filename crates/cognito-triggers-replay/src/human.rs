//! Reports for people: a line for each case, and the places to look at.

use std::{fmt::Write, time::Duration};

use cognito_triggers::testing::json::Json;

use crate::{Difference, Entry, Mismatch, Outcome, Report, Verdict, snippet::Snippet};

/// How many differences and lines of a log are shown of one case.
const DIFFERENCES: usize = 8;
const LOG_LINES: usize = 20;

/// How much of a line of a log is shown.
const LINE: usize = 2000;

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
            Verdict::Unsteady { .. } => ("UNSTEADY", Paint::Bad),
            Verdict::Broken(_) => ("FAIL", Paint::Bad),
        };
        let word = self.paint(paint, &format!("{word:>8}"));
        let mut text = format!("{word} {} {}", took(entry.took), entry.name);
        if entry.verdict.is_good()
            && let Some(seen) = entry.caller.as_deref().filter(|seen| *seen != "success")
        {
            let _ = write!(text, " {}", self.paint(Paint::Faint, &format!("→ {seen}")));
        }
        text.push('\n');
        if !entry.verdict.is_good() {
            self.explain(&mut text, entry);
        }
        text
    }

    fn explain(self, text: &mut String, entry: &Entry) {
        match &entry.verdict {
            Verdict::New(received) => {
                let _ = writeln!(text, "{} {}", self.paint(Paint::Unsure, "new:"), gist(received));
                let _ = writeln!(text, "  --> {}", entry.answer_path.display());
                let _ = writeln!(
                    text,
                    "   = nobody has approved an answer yet; `--accept` writes this one"
                );
            }
            Verdict::Different {
                approved,
                received,
                differences,
            } => {
                let _ = writeln!(
                    text,
                    "{} {}",
                    self.error(),
                    headline(approved, received, differences)
                );
                for difference in differences.iter().take(DIFFERENCES) {
                    let snippet = Snippet {
                        path: &entry.answer_path,
                        text: &approved.text,
                        span: difference.span.clone(),
                        label: &label(difference),
                    };
                    let _ = writeln!(text, "{snippet}");
                }
                if let Some(more @ 1..) = differences.len().checked_sub(DIFFERENCES) {
                    let _ = writeln!(text, "   = and {}", count(more, "more place"));
                }
            }
            Verdict::Broken(trouble) => {
                let _ = writeln!(text, "{} {trouble}", self.error());
                let _ = writeln!(text, "  --> {}", entry.event_path.display());
            }
            Verdict::Unsteady { attempt, differences } => {
                let places = count(differences.len(), "place");
                let _ = writeln!(
                    text,
                    "{} the answer to attempt {attempt} isn't that to attempt 1 in {places}; Cognito may call again, and \
                     the function isn't idempotent",
                    self.error()
                );
                let _ = writeln!(text, "  --> {}", entry.event_path.display());
                for difference in differences.iter().take(DIFFERENCES) {
                    let _ = writeln!(text, "   = {}", change(difference));
                }
            }
            Verdict::Passed | Verdict::Accepted => {}
        }
        if let Outcome::Refused { error_type, message } = &entry.outcome {
            let _ = writeln!(text, "   = the function returned {error_type}: {message}");
        }
        if let Some(seen) = &entry.caller {
            let _ = writeln!(text, "   = the caller sees: {seen}");
        }
        log(text, &entry.log);
        text.push('\n');
    }

    /// The last lines of a report.
    pub fn end(self, report: &Report) -> String {
        let mut text = String::new();
        for error in &report.errors {
            let _ = writeln!(
                text,
                "{} {}\n  --> {}",
                self.error(),
                error.problem,
                error.path.display()
            );
        }
        if !report.errors.is_empty() {
            return text;
        }
        let summary = report.summary();
        let parts: Vec<_> = [
            (summary.passed, "passed"),
            (summary.accepted, "accepted"),
            (summary.different, "different"),
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
        let _ = writeln!(text, "{}", "─".repeat(12));
        let _ = writeln!(
            text,
            "{} {} {}: {}",
            self.paint(paint, " Summary"),
            took(report.took),
            count(summary.cases, "case"),
            parts.join(", ")
        );
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

/// What an answer says, in few words.
fn gist(answer: &Json) -> String {
    if let Some(message) = answer.get("rejected").and_then(Json::as_string) {
        return format!("the function rejects: {message}");
    }
    if let Some(error_type) = answer.get("failed").and_then(Json::as_string) {
        return format!("the function fails: {error_type}");
    }
    match answer.get("response") {
        Some(response) => format!("the function answers {}", short(&response.to_string())),
        None => "the function returns the event as it came".to_owned(),
    }
}

fn headline(approved: &crate::Approved, received: &Json, differences: &[Difference]) -> String {
    let refusal = |json: &Json| json.get("rejected").is_some() || json.get("failed").is_some();
    if refusal(&approved.json) != refusal(received) {
        return format!("{}, but the approved answer is another", gist(received));
    }
    format!(
        "the answer isn't the approved one in {}",
        count(differences.len(), "place")
    )
}

fn label(difference: &Difference) -> String {
    let path = &difference.path;
    match &difference.mismatch {
        Mismatch::Changed { actual, .. } => format!("{path} is {}", short(actual)),
        Mismatch::Missing { .. } => format!("{path} is missing"),
        Mismatch::Unexpected { actual } => format!("{path} is new here: {}", short(actual)),
    }
}

/// How another answer to the same event differs from the first.
fn change(difference: &Difference) -> String {
    let path = &difference.path;
    match &difference.mismatch {
        Mismatch::Changed { expected, actual } => {
            format!("{path} was {} and is {} now", short(expected), short(actual))
        }
        Mismatch::Missing { expected } => format!("{path} was {} and is missing now", short(expected)),
        Mismatch::Unexpected { actual } => format!("{path} wasn't there and is {} now", short(actual)),
    }
}

/// A value in at most a line.
fn short(json: &str) -> String {
    if json.chars().count() <= 160 {
        return json.to_owned();
    }
    let start: String = json.chars().take(150).collect();
    format!("{start}…")
}

fn log(text: &mut String, log: &str) {
    let lines: Vec<_> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "   = the function logged:");
    let hidden = lines.len().saturating_sub(LOG_LINES);
    if hidden > 0 {
        let _ = writeln!(text, "     … {} before", count(hidden, "line"));
    }
    for line in lines.iter().skip(hidden) {
        let _ = writeln!(text, "     {}", short_line(line));
    }
}

fn short_line(line: &str) -> String {
    let cut: String = line.chars().take(LINE).collect();
    if cut.len() < line.len() {
        format!("{cut}…")
    } else {
        cut
    }
}
