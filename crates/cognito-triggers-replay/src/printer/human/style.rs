//! Colors, and the formats of durations and numbers.

use std::time::Duration;

/// How reports for people are printed.
///
/// ```no_run
/// # use cognito_triggers_replay::{InProcess, Replay, Style};
/// # use cognito_triggers::{Router, pass_through, router};
/// # async fn example() {
/// # let router: Router<()> = router! { otherwise => pass_through };
/// let style = Style { color: true, ..Style::default() };
/// let report = Replay::dir("cases").against(InProcess::new(router, ())).await;
/// for entry in &report.entries {
///     print!("{}", style.entry(entry));
/// }
/// print!("{}", style.summary(&report));
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Whether to use ANSI colors. The default is `false`.
    pub color: bool,
    /// Whether to print a function's log as it was written, instead of one line for each record. The default is `false`.
    pub full_log: bool,
}

/// What a color means.
#[derive(Clone, Copy)]
pub(crate) enum Paint {
    /// Green: a case that is in order.
    Good,
    /// Red: an error.
    Bad,
    /// A warning, or an answer that waits for approval.
    Unsure,
    Bold,
    Dim,
}

impl Style {
    /// The word that an error begins with.
    pub(crate) fn error(self) -> String {
        self.paint(Paint::Bad, "error") + &self.paint(Paint::Bold, ":")
    }

    /// The text between escape sequences if colors are wanted, otherwise the text alone.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Good => "1;32",
            Paint::Bad => "1;31",
            Paint::Unsure => "1;33",
            Paint::Bold => "1",
            Paint::Dim => "2",
        };
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A duration in a column of fixed width, as cargo-nextest writes it.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("[{:>8.3}s]", duration.as_secs_f64())
}

/// A number with a noun, which gets an `s` unless the number is 1.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
