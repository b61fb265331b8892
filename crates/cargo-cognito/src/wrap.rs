//! Lines that fit the terminal.
//!
//! clap wraps the help texts. This module wraps explanations, and in a terminal also reports, lists and messages. Their lines
//! stay whole in files and pipes, so that `grep` prints what belongs together.

/// The longest line of an explanation in columns, also in a wider terminal.
const WIDEST: usize = 100;

/// The shortest maximum length of a line in columns. A narrower terminal breaks lines itself.
const NARROWEST: usize = 40;

/// The least room in columns for the last column of a table. With less, it begins in a line of its own.
const COLUMN: usize = 30;

/// The indentation of a last column that has a line of its own.
const INDENT: usize = 4;

/// Lines that are indented this far are there to be copied, such as the lines of a template.
const COPIED: usize = 8;

/// The width for explanations on standard output, in columns.
///
/// It is the width of the terminal, otherwise the variable `COLUMNS`, otherwise 100. It is never more than 100, as in
/// `--help`, and never less than 40.
pub(crate) fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let variable = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal
        .or_else(variable)
        .unwrap_or(WIDEST)
        .clamp(NARROWEST, WIDEST)
}

/// A text as a terminal shows it best: its lines are broken between words where they don't fit. `is_terminal` says whether
/// it goes to one; otherwise its lines stay.
pub(crate) fn for_terminal(text: String, is_terminal: bool) -> String {
    match terminal_size::terminal_size().filter(|_| is_terminal) {
        Some((width, _)) => wrap(&text, usize::from(width.0).max(NARROWEST)),
        None => text,
    }
}

/// Breaks lines that are longer than `width` columns between words. Sequences that set colors have no width.
///
/// The continuation of a line is indented by two more columns than its start. In a row of a table only the last column is
/// broken: it continues where it began, or begins in a line of its own if there is little room for it. A word that is longer
/// than a line isn't broken, and neither is a line to be copied or one of a file with marks below it.
pub(crate) fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::new();
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        match columns(line) <= width || is_kept(line) {
            true => wrapped.push_str(line),
            false => wrap_line(&mut wrapped, line, width),
        }
        wrapped.push_str(end);
    }
    wrapped
}

/// Whether a line stays as it is: it is to be copied, or shows a line of a file.
fn is_kept(line: &str) -> bool {
    let words = line.trim_start();
    let after_number = words
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start();
    line.len() - words.len() >= COPIED || after_number.starts_with('|') || words.starts_with("cargo ")
}

fn wrap_line(wrapped: &mut String, line: &str, width: usize) {
    let words = line.trim_start();
    let indent = line.len() - words.len();
    let Some((row, last)) = words
        .rsplit_once("  ")
        .filter(|(row, last)| !row.is_empty() && !last.is_empty())
    else {
        return wrap_words(wrapped, line, 0, indent + 2, width);
    };
    let start = indent + columns(row) + 2;
    if start + COLUMN <= width {
        wrapped.push_str(line.strip_suffix(last).unwrap_or(line));
        return wrap_words(wrapped, last, start, start, width);
    }
    wrap_words(
        wrapped,
        line.strip_suffix(last).unwrap_or(line).trim_end(),
        0,
        indent + 2,
        width,
    );
    wrapped.push('\n');
    wrapped.push_str(&" ".repeat(indent + INDENT));
    wrap_words(wrapped, last, indent + INDENT, indent + INDENT, width);
}

/// Adds words to a line that has `column` columns already. Its continuations are indented by `indent` columns.
fn wrap_words(wrapped: &mut String, words: &str, mut column: usize, indent: usize, width: usize) {
    let mut is_first = true;
    for word in words.split(' ') {
        let length = columns(word);
        // A blank that begins a line is indentation, which stays.
        if !is_first && column + 1 + length > width && column > indent {
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(indent));
            column = indent;
        } else if !is_first {
            wrapped.push(' ');
            column += 1;
        }
        is_first = false;
        wrapped.push_str(word);
        column += length;
    }
}

/// The number of columns that a text takes, without the sequences that set colors.
fn columns(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().chars().count();
    let after = |part: &str| part.split_once('m').map_or(0, |(_, after)| after.chars().count());
    first + parts.map(after).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_wrapped_and_short_ones_stay() {
        let long = format!("  - {}", "word ".repeat(30).trim_end());
        for width in [80, 100] {
            let text = wrap(&format!("a  b\n\n{long}\n"), width);
            let lines: Vec<_> = text.lines().collect();
            assert_eq!(lines[..2], ["a  b", ""]);
            assert!(lines[2].starts_with("  - word"));
            assert!(lines[3].starts_with("    word"));
            assert!(lines.iter().all(|line| line.len() <= width), "{text}");
            assert!(lines[2].len() > width - 5, "{text}");
        }
    }

    #[test]
    fn the_last_column_of_a_row_is_wrapped() {
        let row = format!("{:<20}{}", "name", "some words ".repeat(5).trim_end());
        let hanging =
            "name                some words some words some words some\n                    words some words";
        assert_eq!(wrap(&row, 60), hanging);
        let below = "name\n    some words some words some words some\n    words some words";
        assert_eq!(wrap(&row, 42), below);
    }

    #[test]
    fn colors_have_no_width_and_stay() {
        let line = format!("\u{1b}[1merror:\u{1b}[0m {}", "x".repeat(73));
        assert_eq!(wrap(&line, 80), line);
        assert_eq!(wrap(&line, 79), line.replace(' ', "\n  "));
    }

    #[test]
    fn lines_to_copy_and_lines_of_files_stay() {
        for start in [
            "12 | ",
            "   |     ",
            "  cargo cognito replay ",
            "        - Type: ",
        ] {
            let line = format!("{start}{}", "word ".repeat(30));
            assert_eq!(wrap(&line, 80), line);
        }
    }
}
