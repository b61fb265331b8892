//! What is to be said of one case: where it differs, which rule it breaks, what the caller sees, what was logged.

use std::{
    fmt::{Result, Write},
    ops::Range,
};

use cognito_triggers_model::{
    Definition,
    json::{Json, Path},
    rules::{Certainty, Finding},
    triggers::DEFINITIONS,
};
use cognito_triggers_targets::{Outcome, sanitize};

use super::{
    folded_log::fold,
    style::{Paint, Style, count},
};
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
            let next = match entry.is_unhandled() {
                true => "no answer is approved yet",
                false => {
                    "no answer is approved yet; `--accept` approves this one, in a test COGNITO_REPLAY=accept"
                }
            };
            writeln!(text, "   = {next}")?;
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
                writeln!(text, "   = {}", change(difference, *attempt))?;
            }
        }
        Verdict::Passed | Verdict::Accepted | Verdict::RuleViolation => {}
    }
    if entry.is_unhandled() && !entry.verdict.is_good() {
        writeln!(
            text,
            "   = {}; `--accept` doesn't approve that, `--accept --accept-unhandled` does",
            unhandled_hint(entry)
        )?;
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
    write_log(style, text, entry)
}

/// Why no route took the event, and what to correct.
fn unhandled_hint(entry: &Entry) -> String {
    let is_malformed =
        matches!(&entry.outcome, Outcome::FunctionError { error_type, .. } if error_type == "Malformed");
    if is_malformed {
        return "the function can't read this event: correct the event file".to_owned();
    }
    let source = entry.event_json.get("triggerSource").and_then(Json::as_str);
    let source = source.unwrap_or_default();
    let has_source = |definition: &&Definition| definition.sources.iter().any(|known| known.name == source);
    let versions: Vec<_> = DEFINITIONS
        .iter()
        .filter(has_source)
        .filter_map(|definition| definition.lambda_version)
        .collect();
    if versions.len() > 1 {
        return format!(
            "no route takes this version of the event: correct the event file or the router; \
             `cargo cognito event {} --lambda-version` prints {}",
            sanitize(source),
            versions.join(", ")
        );
    }
    "no route takes this event: correct its `triggerSource` or the router".to_owned()
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
    let (kind, paint) = match finding.certainty {
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
        return format!("received: {}; approved: {}", summary(received), summary(approved));
    }
    let places = count(differences.len(), "place");
    format!("the received answer differs from the approved one in {places}")
}

fn label(difference: &Difference) -> String {
    let path = sanitize(&difference.path);
    match &difference.mismatch {
        Mismatch::Changed { expected, actual } => {
            format!("{path}: approved {}, received {}", short(expected), short(actual))
        }
        Mismatch::Missing { expected } => format!("{path}: approved {}, received nothing", short(expected)),
        Mismatch::Unexpected { actual } => format!("{path}: approved nothing, received {}", short(actual)),
    }
}

/// How the answer to another attempt differs from that to the first.
fn change(difference: &Difference, attempt: usize) -> String {
    let path = sanitize(&difference.path);
    let (first, again) = match &difference.mismatch {
        Mismatch::Changed { expected, actual } => (short(expected), short(actual)),
        Mismatch::Missing { expected } => (short(expected), "nothing".to_owned()),
        Mismatch::Unexpected { actual } => ("nothing".to_owned(), short(actual)),
    };
    format!("{path}: at attempt 1 {first}, at attempt {attempt} {again}")
}

/// A value in at most a line.
fn short(json: &str) -> String {
    if json.chars().count() <= 160 {
        return sanitize(json).to_string();
    }
    let start: String = json.chars().take(150).collect();
    format!("{}…", sanitize(start))
}

/// What the function logged, dimmed: folded to one line for each record, or in full.
fn write_log(style: Style, text: &mut String, entry: &Entry) -> Result {
    let lines: Vec<String> = match style.full_log {
        true => entry.log.lines().map(str::to_owned).collect(),
        false => fold(&entry.log, &entry.findings, LOG_LINES)
            .iter()
            .map(|line| shorten(line))
            .collect(),
    };
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(text, "   = the function logged:")?;
    lines.iter().try_for_each(|line| {
        let line = sanitize(line.replace('\t', " ")).to_string();
        writeln!(text, "     {}", style.paint(Paint::Faint, &line))
    })
}

/// The beginning of a line.
fn shorten(line: &str) -> String {
    let cut: String = line.chars().take(LINE).collect();
    let more = if cut.len() < line.len() { "…" } else { "" };
    cut + more
}
