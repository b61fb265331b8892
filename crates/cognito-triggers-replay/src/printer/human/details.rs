//! What is to be said of one case: where it differs, which rule it breaks, what the caller sees, what was logged.

use std::{
    fmt::{Result, Write},
    ops::Range,
};

use cognito_triggers_model::{
    json::{Json, Path},
    rules::{Certainty, Finding},
};
use cognito_triggers_targets::{Outcome, sanitize};

use super::style::{Paint, Style, count};
use crate::{
    compare::{Difference, Mismatch},
    printer::snippet::Snippet,
    report::Entry,
    verdict::Verdict,
};

/// How many differences and lines of a log are shown of one case, and how much of a line.
const DIFFERENCES: usize = 8;
const LOG_LINES: usize = 20;
const LINE: usize = 2000;

pub(super) fn write_details(style: Style, text: &mut String, entry: &Entry) -> Result {
    let event_path = sanitize(entry.event_path.display());
    match &entry.verdict {
        Verdict::New(received) => {
            writeln!(
                text,
                "{} {}",
                style.paint(Paint::Unsure, "new:"),
                summary(received)
            )?;
            writeln!(text, "  --> {}", sanitize(entry.answer_path.display()))?;
            writeln!(
                text,
                "   = nobody has approved an answer yet; `--accept` writes this one, in a test COGNITO_REPLAY=accept"
            )?;
        }
        Verdict::Different {
            received,
            differences,
        } => write_differences(style, text, entry, received, differences)?,
        Verdict::Failed(error) => {
            let attempt = match entry.attempt {
                1 => String::new(),
                number => format!("at attempt {number}, "),
            };
            writeln!(text, "{} {attempt}{error}\n  --> {event_path}", style.error())?;
        }
        Verdict::NotIdempotent { attempt, differences } => {
            let places = count(differences.len(), "place");
            writeln!(
                text,
                "{} the answer to attempt {attempt} isn't that to attempt 1 in {places}; Cognito may call again, and \
                 the function isn't idempotent\n  --> {event_path}",
                style.error()
            )?;
            for difference in differences.iter().take(DIFFERENCES) {
                writeln!(text, "   = {}", change(difference))?;
            }
        }
        Verdict::Passed | Verdict::Accepted | Verdict::RuleViolation => {}
    }
    for finding in &entry.findings {
        write_finding(style, text, entry, finding)?;
    }
    if let Some(problem) = &entry.rules_error {
        let kind = style.paint(Paint::Unsure, "warning");
        let colon = style.paint(Paint::Strong, ":");
        writeln!(
            text,
            "{kind}{colon} rules not checked\n  --> {event_path}\n   = {}",
            sanitize(problem)
        )?;
    }
    if entry.verdict.is_good() {
        return Ok(());
    }
    if let Outcome::FunctionError { error_type, message } = &entry.outcome {
        let (error_type, message) = (sanitize(error_type), sanitize(message));
        writeln!(text, "   = the function returned {error_type}: {message}")?;
    }
    if let Some(seen) = &entry.api_outcome {
        writeln!(text, "   = the caller sees: {}", sanitize(seen))?;
    }
    log(text, &entry.log)
}

fn write_differences(
    style: Style,
    text: &mut String,
    entry: &Entry,
    received: &Json,
    differences: &[Difference],
) -> Result {
    let Some(approved) = &entry.approved else {
        return Ok(());
    };
    writeln!(
        text,
        "{} {}",
        style.error(),
        headline(&approved.json, received, differences)
    )?;
    if is_refusal(&approved.json) != is_refusal(received) {
        return writeln!(text, "  --> {}", sanitize(entry.answer_path.display()));
    }
    for difference in differences.iter().take(DIFFERENCES) {
        let snippet = Snippet {
            path: &entry.answer_path,
            text: &approved.text,
            span: difference.location.span(),
            label: &label(difference),
        };
        writeln!(text, "{snippet}")?;
    }
    match differences.len().checked_sub(DIFFERENCES) {
        Some(more @ 1..) => writeln!(text, "   = and {}", count(more, "more place")),
        _ => Ok(()),
    }
}

/// A rule that the answer breaks, at its place in the answer file if it stands there.
fn write_finding(style: Style, text: &mut String, entry: &Entry, finding: &Finding) -> Result {
    let rule = finding.rule;
    let (kind, paint) = match rule.certainty {
        Certainty::Certain => ("error", Paint::Bad),
        Certainty::Uncertain => ("warning", Paint::Unsure),
    };
    let code = style.paint(paint, &format!("{kind}[{}]", rule.code));
    writeln!(
        text,
        "{code}{} {}",
        style.paint(Paint::Strong, ":"),
        rule.sentence
    )?;
    let message = match finding.path.as_str() {
        "" => sanitize(&finding.message).to_string(),
        path => format!("{}: {}", sanitize(path), sanitize(&finding.message)),
    };
    match &entry.approved {
        Some(approved) => {
            let snippet = Snippet {
                path: &entry.answer_path,
                text: &approved.text,
                span: place(&approved.json, finding),
                label: &message,
            };
            writeln!(text, "{snippet}")?;
        }
        None => writeln!(
            text,
            "  --> {}\n   = {message}",
            sanitize(entry.event_path.display())
        )?,
    }
    writeln!(text, "   = {}", rule.consequence)?;
    writeln!(text, "   = see {}", rule.link)
}
/// The bytes of the answer file that a finding is about: its place, or what should hold it.
fn place(approved: &Json, finding: &Finding) -> Range<usize> {
    let mut path: Path = finding.path.parse().unwrap_or_default();
    loop {
        match (path.find(approved), path.split_last()) {
            (None, Some((parent, _))) => path = parent,
            (found, _) => return found.unwrap_or(approved).location.span(),
        }
    }
}

/// What an answer says, in few words.
fn summary(answer: &Json) -> String {
    if let Some(message) = answer.get("rejected").and_then(Json::as_str) {
        return format!("the function rejects: {}", sanitize(message));
    }
    if let Some(error_type) = answer.get("failed").and_then(Json::as_str) {
        return format!("the function fails: {}", sanitize(error_type));
    }
    match answer.get("response") {
        Some(response) => format!("the function answers {}", short(&response.to_string())),
        None if answer.get("triggerSource").is_some() => {
            "the function returns the event as it came".to_owned()
        }
        None => format!("the function answers {}", short(&answer.to_string())),
    }
}

fn is_refusal(json: &Json) -> bool {
    json.get("rejected").is_some() || json.get("failed").is_some()
}

fn headline(approved: &Json, received: &Json, differences: &[Difference]) -> String {
    if is_refusal(approved) != is_refusal(received) {
        return format!("{}, but the approved answer is another", summary(received));
    }
    let places = count(differences.len(), "place");
    format!("the answer isn't the approved one in {places}")
}

fn label(difference: &Difference) -> String {
    let path = sanitize(&difference.path);
    match &difference.mismatch {
        Mismatch::Changed { actual, .. } => format!("{path} is {}", short(actual)),
        Mismatch::Missing { .. } => format!("{path} is missing"),
        Mismatch::Unexpected { actual } => format!("{path} is new here: {}", short(actual)),
    }
}

/// How another answer to the same event differs from the first.
fn change(difference: &Difference) -> String {
    let path = sanitize(&difference.path);
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
        return sanitize(json).to_string();
    }
    let start: String = json.chars().take(150).collect();
    format!("{}…", sanitize(start))
}

fn log(text: &mut String, log: &str) -> Result {
    let lines: Vec<_> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(text, "   = the function logged:")?;
    let hidden = lines.len().saturating_sub(LOG_LINES);
    if hidden > 0 {
        writeln!(text, "     … {} before", count(hidden, "line"))?;
    }
    for line in lines.iter().skip(hidden) {
        let cut: String = line.chars().take(LINE).collect();
        let more = if cut.len() < line.len() { "…" } else { "" };
        writeln!(text, "     {}{more}", sanitize(cut.replace('\t', " ")))?;
    }
    Ok(())
}
