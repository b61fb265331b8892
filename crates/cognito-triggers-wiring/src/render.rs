//! A report for people, in the manner of rustc.

use std::fmt::{self, Write};

use crate::{
    report::{Finding, Report, Severity},
    source::Place,
};

pub(crate) fn report(report: &Report, out: &mut dyn Write) -> fmt::Result {
    for finding in &report.findings {
        self::finding(finding, out)?;
        writeln!(out)?;
    }
    summary(report, out)
}

fn finding(finding: &Finding, out: &mut dyn Write) -> fmt::Result {
    writeln!(out, "{}[{}]: {}", finding.severity, finding.code, finding.problem)?;
    let steps = finding.steps.iter().map(|step| step.place.line);
    let width = steps
        .chain([finding.place.line])
        .max()
        .unwrap_or(0)
        .to_string()
        .len();
    place(&finding.place, "-->", width, out)?;
    for step in &finding.steps {
        place(&step.place, ":::", width, out)?;
        note(width, "", &step.text, out)?;
    }
    note(width, "", &finding.consequence, out)?;
    note(width, "fix: ", &finding.fix, out)
}

/// The place, and its line with the name underlined.
fn place(place: &Place, arrow: &str, width: usize, out: &mut dyn Write) -> fmt::Result {
    writeln!(out, "{:width$}{arrow} {place} ({})", "", place.path)?;
    let Some(line) = place.source.line(place.line).map(clip) else {
        return Ok(());
    };
    writeln!(out, "{:width$} |", "")?;
    writeln!(out, "{:>width$} | {line}", place.line)?;
    let before: String = line
        .chars()
        .take(place.column - 1)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let length = line
        .chars()
        .skip(place.column - 1)
        .take_while(|c| !" \t:\",}]".contains(*c))
        .count()
        .max(1);
    writeln!(out, "{:width$} | {before}{}", "", "^".repeat(length))
}

/// A note; its further lines are set off, to be pasted.
fn note(width: usize, label: &str, text: &str, out: &mut dyn Write) -> fmt::Result {
    let mut lines = text.lines();
    writeln!(out, "{:width$} = {label}{}", "", lines.next().unwrap_or(""))?;
    lines.try_for_each(|line| writeln!(out, "{}", format!("{:width$}       {line}", "").trim_end()))
}

/// Descriptions can come on one line of many thousand characters.
fn clip(line: &str) -> &str {
    line.char_indices()
        .nth(160)
        .and_then(|(end, _)| line.get(..end))
        .unwrap_or(line)
}

fn summary(report: &Report, out: &mut dyn Write) -> fmt::Result {
    let count = |severity, one: &str, many: &str| match report.count(severity) {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    writeln!(
        out,
        "{}, {}, {} not checked",
        count(Severity::Error, "error", "errors"),
        count(Severity::Warning, "warning", "warnings"),
        report.count(Severity::NotChecked),
    )
}
