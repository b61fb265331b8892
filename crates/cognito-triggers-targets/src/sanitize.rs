//! Text from outside, printed safely.
//!
//! Names of files, messages of functions and answers of endpoints all go through here before they reach a terminal.

use std::fmt::{self, Display, Write};

/// Escapes what must not reach a terminal or a line of a report.
///
/// Escaped are line breaks, other control characters and the controls of the Unicode Bidirectional Algorithm. So a name or
/// a message can't pass for a line of the report, clear the screen, or reverse the text around it.
///
/// ```
/// use cognito_triggers_targets::sanitize;
///
/// assert_eq!(sanitize("one\n\u{1b}[2Jtwo").to_string(), "one\\n\\u{1b}[2Jtwo");
/// ```
pub fn sanitize<T: Display>(text: T) -> Sanitized<T> {
    Sanitized(text)
}

/// A value that prints as [`sanitize`] says.
#[derive(Debug, Clone, Copy)]
pub struct Sanitized<T>(T);

impl<T: Display> Display for Sanitized<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

/// Escapes whatever is written through it.
struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(position) = rest.find(is_unprintable) {
            let (before, from) = rest.split_at(position);
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

/// Whether [`sanitize`] escapes a character: a control character, a line separator, or a control of the Unicode
/// Bidirectional Algorithm.
///
/// ```
/// use cognito_triggers_targets::is_unprintable;
///
/// assert!(is_unprintable('\u{202e}'));
/// assert!(!is_unprintable('é'));
/// ```
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_stays_one_line() {
        let text = sanitize("no\n\u{1b}[1;32m    PASS\u{1b}[0m ü\u{202e}x\u{2028}\u{9b}\ttab \\n");
        assert_eq!(
            text.to_string(),
            "no\\n\\u{1b}[1;32m    PASS\\u{1b}[0m ü\\u{202e}x\\u{2028}\\u{9b}\\ttab \\n"
        );
    }
}
