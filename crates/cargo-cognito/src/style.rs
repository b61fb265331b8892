//! The colors of all subcommands: which role has which color, and how the reports of other crates get theirs.
//!
//! | color | meaning |
//! |---|---|
//! | bold green | as it should be: a case that passes, a call with the expected result, wiring without faults |
//! | bold red | wrong: an error, a difference, a broken rule, an unexpected result |
//! | bold yellow | needs a look or a decision: a warning, an answer that no one has approved |
//! | bold | a name or a heading |
//! | dim | what supports a statement: the function's log, triggers without a route |
//!
//! The reports of `replay` and `flow` follow the same rule (`cognito_triggers_replay::Style`). What is meant to be pasted or read by a
//! program has no color at all: events, answers, templates, lists, schemas, scripts.

use std::fmt::Write;

/// What a piece of text is in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is as it should be: bold green.
    Good,
    /// It is wrong: bold red.
    Bad,
    /// It needs a look or a decision: bold yellow.
    Unsure,
    /// A name or a heading: bold.
    Strong,
    /// A supporting detail: dim.
    Faint,
}

/// A text in the color of its role. An empty text stays empty.
pub(crate) fn paint(role: Role, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let code = match role {
        Role::Good => "1;32",
        Role::Bad => "1;31",
        Role::Unsure => "1;33",
        Role::Strong => "1",
        Role::Faint => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// The findings of `check`, which the wiring crate prints without colors. The severity with its code gets a color, and so does
/// the last line, which counts the findings.
pub(crate) fn findings(report: &str) -> String {
    by_line(report, |line| {
        for (severity, role) in [
            ("error", Role::Bad),
            ("warning", Role::Unsure),
            ("not checked", Role::Faint),
        ] {
            if let Some((head, rest)) = line.split_once(": ").filter(|(head, _)| {
                head.strip_prefix(severity)
                    .is_some_and(|code| code.starts_with('['))
            }) {
                return format!("{}{} {rest}", paint(role, head), paint(Role::Strong, ":"));
            }
        }
        let is_count = line
            .split_once(' ')
            .is_some_and(|(number, rest)| number.parse::<usize>().is_ok() && rest.starts_with("error"));
        match line {
            line if is_count && line.starts_with("0 errors, 0 warnings") => paint(Role::Good, line),
            line if is_count => paint(Role::Bad, line),
            line => line.to_owned(),
        }
    })
}

/// The sections of `explain`, which the model prints without colors: a line without indentation is a heading.
pub(crate) fn explanation(text: &str) -> String {
    by_line(text, |line| {
        if line.starts_with(' ') {
            line.to_owned()
        } else {
            paint(Role::Strong, line)
        }
    })
}

/// Paints each line.
fn by_line(text: &str, paint: impl Fn(&str) -> String) -> String {
    let mut painted = String::new();
    for line in text.lines() {
        // Writing to a string can't fail.
        let _ = writeln!(painted, "{}", paint(line));
    }
    painted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_get_the_color_of_their_severity() {
        let report = "error[a-b]: one: two\n --> t.yaml:1:1\n\n1 error, 0 warnings, 0 not checked\n";
        assert_eq!(
            findings(report),
            "\u{1b}[1;31merror[a-b]\u{1b}[0m\u{1b}[1m:\u{1b}[0m one: two\n --> t.yaml:1:1\n\n\
             \u{1b}[1;31m1 error, 0 warnings, 0 not checked\u{1b}[0m\n"
        );
        assert!(findings("error: no code\n").starts_with("error: "));
        assert!(findings("0 errors, 0 warnings, 2 not checked\n").starts_with("\u{1b}[1;32m0"));
    }

    #[test]
    fn headings_of_explanations_are_bold() {
        assert_eq!(
            explanation("Trigger\n  text\n\n"),
            "\u{1b}[1mTrigger\u{1b}[0m\n  text\n\n"
        );
    }
}
