//! Lines that fit the terminal.
//!
//! clap wraps the help texts. This module wraps prose from the model, such as explanations. Reports and lists keep their
//! lines, so that `grep` prints what belongs together.

/// The longest line in columns, also in a wider terminal.
const WIDEST: usize = 100;

/// The shortest maximum length of a line in columns. A narrower terminal breaks lines itself.
const NARROWEST: usize = 40;

/// The width for text on standard output, in columns.
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

/// Breaks lines that are longer than `width` columns between words. The continuation of a line is indented by two more
/// columns than its start. A word that is longer than a line isn't broken.
pub(crate) fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let words = line.trim_start();
        let indent = line.len() - words.len();
        wrapped.push_str(&" ".repeat(indent));
        let mut column = indent;
        for (index, word) in words.split(' ').enumerate() {
            let length = word.chars().count();
            if index > 0 && column + 1 + length > width {
                wrapped.push('\n');
                wrapped.push_str(&" ".repeat(indent + 2));
                column = indent + 2;
            } else if index > 0 {
                wrapped.push(' ');
                column += 1;
            }
            wrapped.push_str(word);
            column += length;
        }
        wrapped.push('\n');
    }
    wrapped
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
}
