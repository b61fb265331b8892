//! Shows a location in a file as rustc does: the line, with a mark under the location.
//!
//! ```text
//!   --> cases/invited.answer.json:7:24
//!    |
//!  7 |     "autoConfirmUser": true
//!    |                        ^^^^ response.autoConfirmUser: approved true, received false
//! ```
//!
//! Long lines are cut around the location. Control characters are replaced, so that the file can't control the terminal.

use std::{fmt, ops::Range, path::Path};

use cognito_triggers_model::json::Location;
use cognito_triggers_targets::{is_unprintable, sanitize};

/// The number of characters of a line that are shown.
const WIDTH: usize = 100;

/// A location in a file, and what to say about it. `Display` prints it without a newline at the end.
pub(super) struct Snippet<'a> {
    /// The path of the file. It is printed as it is, with the line and the column.
    pub(super) path: &'a Path,
    /// The text of the file.
    pub(super) text: &'a str,
    /// The bytes to mark. Only the first line of them is shown.
    pub(super) span: Range<usize>,
    /// The text after the mark. It has no control characters.
    pub(super) label: &'a str,
}

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = Location::of(self.text, self.span.clone()).line;
        let line_start = self
            .text
            .get(..self.span.start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |end| end + 1);
        let line = self
            .text
            .get(line_start..)
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default();
        // Columns are characters, as editors count them.
        let before = self
            .text
            .get(line_start..self.span.start)
            .unwrap_or_default()
            .chars()
            .count();
        let marked = self.text.get(self.span.clone()).unwrap_or_default();
        let marked = marked.lines().next().unwrap_or_default().chars().count().max(1);
        let window = Window::around(line, before);
        let marked = marked.min(WIDTH.saturating_sub(window.before)).max(1);
        let gutter = number.to_string().len().max(2);
        writeln!(
            f,
            "{:gutter$}--> {}:{number}:{}",
            "",
            sanitize(self.path.display()),
            before + 1
        )?;
        writeln!(f, "{:gutter$} |", "")?;
        // Each character is replaced by one character, so that the mark stays where it belongs.
        let line = window.text.replace('\t', " ").replace(is_unprintable, "\u{fffd}");
        writeln!(f, "{number:>gutter$} | {line}")?;
        write!(
            f,
            "{:gutter$} | {:2$}{3:^<4$} {5}",
            "", "", window.before, "", marked, self.label
        )
    }
}

/// The part of a line that is shown.
struct Window {
    /// The part, with `…` where the line goes on.
    text: String,
    /// The number of characters before the mark.
    before: usize,
}

impl Window {
    /// The part around a mark that has `before` characters before it in the line. A line that fits is kept as a whole.
    fn around(line: &str, before: usize) -> Self {
        let length = line.chars().count();
        if length <= WIDTH {
            return Self {
                text: line.to_owned(),
                before,
            };
        }
        let start = before.saturating_sub(WIDTH / 2).min(length - WIDTH);
        let cut: String = line.chars().skip(start).take(WIDTH).collect();
        let left = if start > 0 { "…" } else { "" };
        let right = if start + WIDTH < length { "…" } else { "" };
        Self {
            text: format!("{left}{cut}{right}"),
            before: before - start + left.chars().count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, part: &str) -> String {
        let start = text.find(part).unwrap();
        let span = start..start + part.len();
        Snippet {
            path: Path::new("a.answer.json"),
            text,
            span,
            label: "is `false`",
        }
        .to_string()
    }

    #[test]
    fn the_place_is_marked() {
        assert_eq!(
            show("{\n  \"ä\": true\n}", "true"),
            "  --> a.answer.json:2:8\n   |\n 2 |   \"ä\": true\n   |        ^^^^ is `false`"
        );
        assert_eq!(
            show("{\n}", "{\n}"),
            "  --> a.answer.json:1:1\n   |\n 1 | {\n   | ^ is `false`"
        );
    }

    #[test]
    fn long_lines_are_cut() {
        let text = format!("{}HERE{}", "x".repeat(5000), "y".repeat(5000));
        let shown = show(&text, "HERE");
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines[2].chars().count() < 120, "{shown}");
        let column = |line: &str, part: &str| line[..line.find(part).unwrap()].chars().count();
        assert_eq!(column(lines[2], "HERE"), column(lines[3], "^^^^"));
    }
}
