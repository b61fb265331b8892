//! Texts from outside, on a line of a report.

use std::fmt::{self, Display, Write};

/// A text as it may stand on a line: what would end the line, steer the terminal or turn the direction of the text
/// around is escaped, so that no name and no message can pass for a line of the report.
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Display> Display for Shown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(place) = rest.find(is_steering) {
            let (before, from) = rest.split_at(place);
            self.0.write_str(before)?;
            let mut chars = from.chars();
            if let Some(c) = chars.next() {
                write!(self.0, "{}", c.escape_default())?;
            }
            rest = chars.as_str();
        }
        self.0.write_str(rest)
    }
}

/// Whether a character does something to what is around it: control characters, line separators, and the controls of
/// the Unicode Bidirectional Algorithm.
pub(crate) fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_stays_one() {
        let shown = Shown("no\n\u{1b}[1;32m    PASS\u{1b}[0m ü\u{202e}x\u{2028}\u{9b}\ttab \\n");
        assert_eq!(
            shown.to_string(),
            "no\\n\\u{1b}[1;32m    PASS\\u{1b}[0m ü\\u{202e}x\\u{2028}\\u{9b}\\ttab \\n"
        );
    }
}
