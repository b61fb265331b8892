//! Colors, and how durations and numbers are written.

use std::time::Duration;

/// How a report is printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// With colors, for a terminal.
    pub color: bool,
    /// With every line of a function's log as it was written, instead of one line for each record.
    pub full_log: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Paint {
    Good,
    Bad,
    Unsure,
    Strong,
    Faint,
}

impl Style {
    pub(super) fn error(self) -> String {
        self.paint(Paint::Bad, "error") + &self.paint(Paint::Strong, ":")
    }

    pub(super) fn paint(self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Good => "1;32",
            Paint::Bad => "1;31",
            Paint::Unsure => "1;33",
            Paint::Strong => "1",
            Paint::Faint => "2",
        };
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A duration in a column, as nextest writes it.
pub(super) fn seconds(duration: Duration) -> String {
    format!("[{:>8.3}s]", duration.as_secs_f64())
}

pub(super) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
