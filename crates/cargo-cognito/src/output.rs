//! Printing: results to standard output, everything else to standard error.
//!
//! Texts always arrive with colors. anstream removes the colors from files and pipes, if `NO_COLOR` is set, and in terminals
//! without colors.

mod background;

use std::{
    fmt::Display,
    io::{self, ErrorKind, IsTerminal, Write},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use cognito_triggers_targets::is_unprintable;

use self::background::Background;
use crate::{
    style::{self, Role},
    wrap,
};

/// Whether a part of the results couldn't be written.
static INCOMPLETE: AtomicBool = AtomicBool::new(false);

/// The threads for standard output and standard error, after [`in_background`].
static BACKGROUND: OnceLock<[Background; 2]> = OnceLock::new();

/// From now on, printing doesn't wait for a reader. What isn't read in time is dropped, and a line says how much:
/// `{"dropped": {"lines": 12}}` on standard output, a warning on standard error.
///
/// # Errors
/// Fails if a thread can't be started.
pub(crate) fn in_background() -> io::Result<()> {
    let stdout = Background::start("stdout", write_results, |lines| {
        format!("{{\"dropped\":{{\"lines\":{lines}}}}}\n")
    })?;
    let stderr = Background::start("stderr", write_message, |lines| {
        let text = format!("{lines} lines were dropped here, because they were not read in time");
        headed_text(Role::Unsure, "warning", text)
    })?;
    // A second call changes nothing.
    let _ = BACKGROUND.set([stdout, stderr]);
    Ok(())
}

/// Waits until what was printed in the background is written, unless nobody reads it.
pub(crate) fn finish() {
    BACKGROUND
        .get()
        .into_iter()
        .flatten()
        .for_each(Background::finish);
}

/// Prints a report or a list to standard output. A terminal gets lines that fit it, see [`wrap`].
pub(crate) fn report(text: impl Display) {
    print(wrap::for_terminal(text.to_string(), io::stdout().is_terminal()));
}

/// Prints results to standard output as they are, for programs and to be pasted.
///
/// A closed pipe is not an error: the reader wants no more. Any other failure is reported once, and [`is_incomplete`] is
/// true from then on.
pub(crate) fn print(text: impl Display) {
    let text = text.to_string();
    match BACKGROUND.get() {
        Some([stdout, _]) => stdout.print(text),
        None => write_results(&text),
    }
}

/// Prints JSON to standard output. What would reach a terminal as a command, or turn the text around it, is escaped: the values may come
/// from anywhere.
pub(crate) fn print_json(json: impl Display) {
    print(printable_json(&json.to_string()));
}

/// JSON with escapes in its strings for all characters that aren't printed. Outside of strings there is only white space.
fn printable_json(json: &str) -> String {
    let mut printable = String::with_capacity(json.len());
    for c in json.chars() {
        // JSON itself escapes line breaks in strings.
        if is_unprintable(c) && !matches!(c, '\n' | '\r' | '\t') {
            printable.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            printable.push(c);
        }
    }
    printable
}

/// Writes to standard output.
fn write_results(text: &str) {
    let mut stdout = anstream::stdout().lock();
    if let Err(problem) = write!(stdout, "{text}").and_then(|()| stdout.flush())
        && problem.kind() != ErrorKind::BrokenPipe
        && !INCOMPLETE.swap(true, Ordering::Relaxed)
    {
        error(format_args!("standard output can't be written: {problem}"));
    }
}

/// Whether a part of the results couldn't be written, for example because the disk is full.
pub(crate) fn is_incomplete() -> bool {
    INCOMPLETE.load(Ordering::Relaxed)
}

/// Prints a message to standard error. A terminal gets lines that fit it. A failure is ignored, because it could only be
/// reported there.
pub(crate) fn message(text: impl Display) {
    let text = wrap::for_terminal(text.to_string(), io::stderr().is_terminal());
    match BACKGROUND.get() {
        Some([_, stderr]) => stderr.print(text),
        None => write_message(&text),
    }
}

/// Writes to standard error.
fn write_message(text: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}

/// Prints an error message, one line or more.
pub(crate) fn error(problem: impl Display) {
    headed(Role::Bad, "error", problem);
}

/// Prints a warning, one line or more.
pub(crate) fn warning(problem: impl Display) {
    headed(Role::Unsure, "warning", problem);
}

/// Prints a message whose first word has a color.
fn headed(role: Role, head: &str, text: impl Display) {
    message(headed_text(role, head, text));
}

fn headed_text(role: Role, head: &str, text: impl Display) -> String {
    let head = style::paint(role, head);
    let colon = style::paint(Role::Strong, ":");
    format!("{head}{colon} {text}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn printed_json_has_no_commands_for_a_terminal() {
        let value = json!({ "\u{9b}2J": ["\u{1b}[2J", "\u{202e}\u{7f}ü", "a\nb"] });
        let printed = printable_json(&format!("{value:#}\n"));
        assert!(!printed.contains(|c| is_unprintable(c) && c != '\n'), "{printed}");
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), value);
    }
}
