//! A report for people, in the form of rustc's messages: the finding, its location and line, the consequence and the fix.
//!
//! ```text
//! error[hook-not-routed]: `CustomMessage` calls `Triggers`, and the binary `triggers` has no route for it
//!  --> template.yaml:6:9 (Resources.UserPool.Properties.LambdaConfig.CustomMessage)
//!   |
//! 6 |         CustomMessage: !GetAtt Triggers.Arn
//!   |         ^^^^^^^^^^^^^
//!   = in the pool: every call is answered with an error; …
//!   = fix: add the line to the router, or remove `CustomMessage` from `LambdaConfig`:
//!         custom_message => your_handler,
//! ```
//!
//! The last line counts the findings, including those that couldn't be checked.

use std::fmt::{self, Write};

use crate::{
    report::{Finding, Report, Severity},
    source::Location,
};

impl Report {
    /// Writes the report for people, as rustc writes its messages.
    ///
    /// # Errors
    /// Fails if writing to `out` fails.
    pub fn render(&self, out: &mut dyn Write) -> fmt::Result {
        for finding in &self.findings {
            self::finding(finding, out)?;
            writeln!(out)?;
        }
        summary(self, out)
    }
}

/// The text that [`render`](Report::render) writes.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.render(f)
    }
}

/// Writes a finding with its locations, its consequence and its fix.
fn finding(finding: &Finding, out: &mut dyn Write) -> fmt::Result {
    writeln!(out, "{}[{}]: {}", finding.severity, finding.code, finding.problem)?;
    let steps = finding.steps.iter().map(|step| step.location.line);
    let width = steps
        .chain([finding.location.line])
        .max()
        .unwrap_or(0)
        .to_string()
        .len();
    location(&finding.location, "-->", width, out)?;
    for step in &finding.steps {
        location(&step.location, ":::", width, out)?;
        note(width, "", &step.text, out)?;
    }
    note(width, "", &finding.consequence, out)?;
    note(width, "fix: ", &finding.fix, out)
}

/// The location, and its line with the name underlined.
fn location(location: &Location, arrow: &str, width: usize, out: &mut dyn Write) -> fmt::Result {
    writeln!(out, "{:width$}{arrow} {location} ({})", "", location.path)?;
    let Some(line) = location.source.line(location.line) else {
        return Ok(());
    };
    // A caller may have built the location, with any column.
    let (line, column) = clip(line, location.column.saturating_sub(1));
    writeln!(out, "{:width$} |", "")?;
    writeln!(out, "{:>width$} | {line}", location.line)?;
    let before: String = line
        .chars()
        .take(column)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let length = marked(line.chars().skip(column));
    writeln!(out, "{:width$} | {before}{}", "", "^".repeat(length))
}

/// How many characters are underlined: a quoted string, or a word.
fn marked(text: impl Iterator<Item = char>) -> usize {
    let mut text = text.peekable();
    let length = match text.next_if_eq(&'"') {
        Some(_) => text.take_while(|c| *c != '"').count() + 2,
        None => text.take_while(|c| !" \t:\",}]".contains(*c)).count(),
    };
    length.max(1)
}

/// Writes a note. Its further lines are code to paste, so they are indented.
fn note(width: usize, label: &str, text: &str, out: &mut dyn Write) -> fmt::Result {
    let mut lines = text.lines();
    writeln!(out, "{:width$} = {label}{}", "", lines.next().unwrap_or(""))?;
    lines.try_for_each(|line| writeln!(out, "{}", format!("{:width$}       {line}", "").trim_end()))
}

/// Cuts a line to the part around a column, and returns the column in that part. A description may be one line of many
/// thousand characters.
fn clip(line: &str, column: usize) -> (&str, usize) {
    const WIDTH: usize = 160;
    let start = if column < WIDTH { 0 } else { column - WIDTH / 2 };
    let at = |index| line.char_indices().nth(index).map_or(line.len(), |(at, _)| at);
    let shown = line
        .get(at(start)..at(start.saturating_add(WIDTH)))
        .unwrap_or(line);
    (shown, column - start)
}

/// Writes how many findings of each severity there are.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn rendered(line: &str, column: usize) -> String {
        let location = Location {
            source: Source::new("pool.json", line),
            line: 1,
            column,
            path: String::new(),
        };
        let mut out = String::new();
        super::location(&location, "-->", 1, &mut out).unwrap();
        out
    }

    #[test]
    fn the_caret_is_under_the_name_on_a_long_line() {
        for before in [0, 159, 160, 5000] {
            let line = format!("{}PreSignUp\": {}", "ä".repeat(before), "x".repeat(5000));
            let out = rendered(&line, before + 1);
            let lines: Vec<_> = out.lines().map(|line| line.chars().collect::<Vec<_>>()).collect();
            let (shown, caret) = (&lines[2], &lines[3]);
            assert!(shown.len() < 170, "{out}");
            let start = caret.iter().position(|c| *c == '^').unwrap();
            assert_eq!(shown[start], 'P', "{out}");
        }
    }

    #[test]
    fn any_column_is_taken() {
        for column in [0, 1, 4, 400, usize::MAX] {
            let out = rendered("abc", column);
            assert!(out.ends_with('\n') && out.contains('^'), "{out}");
        }
    }
}
