//! The details of one case: the problem, broken rules, what the caller of the API sees, and the log.
//!
//! A problem begins with `error:`, `warning:` or `new:` and a sentence. The next line names the file, with the location in
//! it if there is one. Lines with `=` follow: what happened, what it leads to, and what to do.

use std::{
    fmt::{Result, Write},
    ops::Range,
};

use cognito_triggers::function::ErrorType;
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
    compare::{Difference, Mismatch, is_refusal},
    entry::Entry,
    printer::snippet::Snippet,
    verdict::Verdict,
};

/// The number of differences that are shown for a case.
const MAX_DIFFERENCES: usize = 8;
/// The number of lines that are shown of a folded log.
const MAX_LOG_LINES: usize = 20;
/// The number of characters that are shown of a line of a folded log.
const MAX_LOG_LINE: usize = 2000;

/// Writes the details of a case.
///
/// The caller, the function's error and the log are left out if the case is in order: it then has only warnings. If a
/// question about the answer follows (`is_asked`), how to approve it is left out.
///
/// # Errors
/// None: writing to a string can't fail. This also holds for the other functions here.
pub(super) fn write_details(style: Style, text: &mut String, entry: &Entry, is_asked: bool) -> Result {
    write_verdict(style, text, entry, is_asked)?;
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
        writeln!(
            text,
            "{}{} the rules couldn't be checked\n  --> {}\n   = {}",
            style.paint(Paint::Unsure, "warning"),
            style.paint(Paint::Bold, ":"),
            sanitize(entry.event_path.display()),
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
    if let Some(outcome) = &entry.api_outcome {
        writeln!(text, "   = the caller sees: {}", sanitize(outcome))?;
    }
    write_log(style, text, entry)
}

/// Writes why a case isn't in order. Nothing for a broken rule, since it is written as a finding.
fn write_verdict(style: Style, text: &mut String, entry: &Entry, is_asked: bool) -> Result {
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
            let next = if is_asked || entry.is_unhandled() {
                "no answer is approved yet"
            } else {
                "no answer is approved yet; `--accept` approves this one, in tests `COGNITO_REPLAY=accept cargo test`"
            };
            writeln!(text, "   = {next}")
        }
        Verdict::Different {
            received,
            differences,
        } => write_differences(style, text, entry, received, differences),
        Verdict::Failed(error) => {
            let attempt = match entry.attempt {
                1 => String::new(),
                number => format!("at attempt {number}, "),
            };
            writeln!(text, "{} {attempt}{error}\n  --> {event_path}", style.error())
        }
        Verdict::NotIdempotent { attempt, differences } => {
            writeln!(
                text,
                "{} the answer to attempt {attempt} differs from the answer to attempt 1 in {}; Cognito may call again, so \
                 the function has to be idempotent\n  --> {event_path}",
                style.error(),
                count(differences.len(), "place")
            )?;
            for difference in differences.iter().take(MAX_DIFFERENCES) {
                writeln!(text, "   = {}", attempts_label(difference, *attempt))?;
            }
            Ok(())
        }
        Verdict::Passed | Verdict::Accepted | Verdict::RuleViolation => Ok(()),
    }
}

/// Why no route took the event, and what to correct.
///
/// Token generation has several versions with the same source. There the version may be what no route takes, so the hint
/// names the command that prints an event of each version.
fn unhandled_hint(entry: &Entry) -> String {
    if entry.outcome.refusal() == Some(ErrorType::Malformed) {
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

/// Writes where an answer differs from the approved one: a snippet of the answer file for each difference.
///
/// If one of the two is a refusal (`rejected` or `failed`) and the other one isn't, every value differs. One sentence with
/// both is then enough.
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
    if is_refusal(&approved.json) != is_refusal(received) {
        return writeln!(
            text,
            "{} received: {}; approved: {}\n  --> {}",
            style.error(),
            summary(received),
            summary(&approved.json),
            sanitize(entry.answer_path.display())
        );
    }
    writeln!(
        text,
        "{} the received answer differs from the approved one in {}",
        style.error(),
        count(differences.len(), "place")
    )?;
    for difference in differences.iter().take(MAX_DIFFERENCES) {
        let snippet = Snippet {
            path: &entry.answer_path,
            text: &approved.text,
            span: difference.location.span(),
            label: &label(difference),
        };
        writeln!(text, "{snippet}")?;
    }
    if let Some(more @ 1..) = differences.len().checked_sub(MAX_DIFFERENCES) {
        writeln!(text, "   = and {}", count(more, "more place"))?;
    }
    match error_type_hint(&approved.json, received) {
        Some(hint) => writeln!(text, "   = {hint}"),
        None => Ok(()),
    }
}

/// What to do if one of the two is a rejection, and the other one an error of a function that doesn't use this library, such as
/// `Exception`. An answer file has the text of the first and only the type of the second, so the two are never equal.
fn error_type_hint(approved: &Json, received: &Json) -> Option<&'static str> {
    let rejects = |answer: &Json| answer.get("rejected").is_some();
    if is_of_another(approved) && rejects(received) {
        Some(
            "the approved error has no text, because its type isn't `Rejected`; if it was a rejection with this text, \
             approve the received answer",
        )
    } else if rejects(approved) && is_of_another(received) {
        Some("an error is compared with its text only if its type is `Rejected`: give this one that type")
    } else {
        None
    }
}

/// Whether an answer is an error of a function that doesn't use this library, so that its text isn't in the answer file.
fn is_of_another(answer: &Json) -> bool {
    let error_type = answer.get("failed").and_then(Json::as_str);
    error_type.is_some_and(|name| ErrorType::parse(name).is_none())
}

/// A sentence about errors that were approved in this run without their texts; `None` if there are none.
///
/// A function that doesn't use this library has rejections among them, whose texts people read.
pub(super) fn texts_left_out(entries: &[Entry]) -> Option<String> {
    let is_approved = |entry: &&Entry| matches!(entry.verdict, Verdict::Accepted);
    let approved = entries
        .iter()
        .filter(is_approved)
        .filter_map(|entry| entry.approved.as_ref());
    let of_another: Vec<_> = approved
        .filter(|approved| is_of_another(&approved.json))
        .collect();
    let first = of_another.first()?.json.get("failed").and_then(Json::as_str)?;
    Some(format!(
        "{} an error whose text isn't approved, because its type isn't `Rejected` but such as `{}`; where people should read \
         the text, write {{\"rejected\": \"the text\"}} into the answer file, or let the function report the type `Rejected`",
        match of_another.len() {
            1 => "1 accepted case has".to_owned(),
            number => format!("{number} accepted cases have"),
        },
        sanitize(first)
    ))
}

/// Writes a broken rule: what is right, what the answer has instead, what that leads to, and the source.
///
/// The location is that in the answer file. Without an answer file, it is the event file as a whole.
fn write_finding(style: Style, text: &mut String, entry: &Entry, finding: &Finding) -> Result {
    let rule = finding.rule;
    let (kind, paint) = match finding.certainty {
        Certainty::Certain => ("error", Paint::Bad),
        Certainty::Uncertain => ("warning", Paint::Unsure),
    };
    let code = style.paint(paint, &format!("{kind}[{}]", rule.code));
    writeln!(text, "{code}{} {}", style.paint(Paint::Bold, ":"), rule.sentence)?;
    let message = match finding.path.as_str() {
        "" => sanitize(&finding.message).to_string(),
        path => format!("{}: {}", sanitize(path), sanitize(&finding.message)),
    };
    match &entry.approved {
        Some(approved) => {
            let snippet = Snippet {
                path: &entry.answer_path,
                text: &approved.text,
                span: span(&approved.json, finding),
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

/// The bytes of the answer file that a finding is about. If the value isn't there, those of the nearest object or array
/// around it.
fn span(approved: &Json, finding: &Finding) -> Range<usize> {
    let mut path: Path = finding.path.parse().unwrap_or_default();
    loop {
        match (path.find(approved), path.split_last()) {
            (None, Some((parent, _))) => path = parent,
            (found, _) => return found.unwrap_or(approved).location.span(),
        }
    }
}

/// An answer in a few words, such as `the function rejects: this email domain is not invited`.
fn summary(answer: &Json) -> String {
    if let Some(message) = answer.get("rejected").and_then(Json::as_str) {
        return format!("the function rejects: {}", sanitize(message));
    }
    if let Some(error_type) = answer.get("failed").and_then(Json::as_str) {
        return format!("the function fails: {}", sanitize(error_type));
    }
    match answer.get("response") {
        Some(response) => format!("the function answers {}", short(response)),
        None if answer.get("triggerSource").is_some() => {
            "the function returns the event as it came".to_owned()
        }
        None => format!("the function answers {}", short(answer)),
    }
}

/// A difference from the approved answer, such as `response.autoConfirmUser: approved true, received false`.
fn label(difference: &Difference) -> String {
    let path = sanitize(&difference.path);
    match &difference.mismatch {
        Mismatch::Changed { expected, actual } => {
            format!(
                "{path}: approved {}, received {}",
                shortened(expected),
                shortened(actual)
            )
        }
        Mismatch::Missing { expected } => {
            format!("{path}: approved {}, received nothing", shortened(expected))
        }
        Mismatch::Unexpected { actual } => {
            format!("{path}: approved nothing, received {}", shortened(actual))
        }
    }
}

/// A difference between the first answer and a later one, such as
/// `response.answer: at attempt 1 "7", at attempt 2 "8"`.
fn attempts_label(difference: &Difference, attempt: usize) -> String {
    let path = sanitize(&difference.path);
    let (first, again) = match &difference.mismatch {
        Mismatch::Changed { expected, actual } => (shortened(expected), shortened(actual)),
        Mismatch::Missing { expected } => (shortened(expected), "nothing".to_owned()),
        Mismatch::Unexpected { actual } => ("nothing".to_owned(), shortened(actual)),
    };
    format!("{path}: at attempt 1 {first}, at attempt {attempt} {again}")
}

/// A value as JSON in at most 160 characters.
fn short(json: &Json) -> String {
    shortened(&json.to_string())
}

/// JSON in at most 160 characters, without control characters. Longer JSON is cut and ends with `…`.
pub(crate) fn shortened(json: &str) -> String {
    if json.chars().count() <= 160 {
        return sanitize(json).to_string();
    }
    let start: String = json.chars().take(150).collect();
    format!("{}…", sanitize(start))
}

/// Writes the log of the function.
fn write_log(style: Style, text: &mut String, entry: &Entry) -> Result {
    let lines = log_lines(style, &entry.log, &entry.findings);
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(text, "   = the function logged:")?;
    lines.iter().try_for_each(|line| writeln!(text, "     {line}"))
}

/// The lines of a log, dimmed: one for each record, or all of them. Rules in `findings` are left out.
pub(crate) fn log_lines(style: Style, log: &str, findings: &[Finding]) -> Vec<String> {
    let lines: Vec<String> = match style.full_log {
        true => log.lines().map(str::to_owned).collect(),
        false => fold(log, findings, MAX_LOG_LINES)
            .iter()
            .map(|line| cut(line))
            .collect(),
    };
    let printed = |line: &String| {
        let line = sanitize(line.replace('\t', " ")).to_string();
        style.paint(Paint::Dim, &line)
    };
    lines.iter().map(printed).collect()
}

/// The first characters of a line of a log, and `…` if there are more.
fn cut(line: &str) -> String {
    let cut: String = line.chars().take(MAX_LOG_LINE).collect();
    let more = if cut.len() < line.len() { "…" } else { "" };
    cut + more
}
