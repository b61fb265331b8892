//! Printing, and how the command ends.

use std::{
    fmt::Display,
    io::{ErrorKind, IsTerminal, Write},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use cognito_triggers_replay::Style;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How the command ends; documented in its help.
pub(crate) mod exit {
    pub(crate) const GOOD: u8 = 0;
    pub(crate) const BAD: u8 = 1;
    pub(crate) const UNABLE: u8 = 2;
    pub(crate) const INTERRUPTED: u8 = 130;
}

/// With colours; what prints takes them out again where they don't belong.
pub(crate) const STYLE: Style = Style { color: true };

/// The longest line of an explanation.
const WIDTH: usize = 100;

/// Whether some of the data is lost.
static IS_LOST: AtomicBool = AtomicBool::new(false);

/// Prints data: standard output. If nobody reads any more, there is nothing left to say; any other failure is told, and
/// [`is_lost`] from then on.
pub(crate) fn data(text: impl Display) {
    let mut stdout = anstream::stdout().lock();
    if let Err(problem) = write!(stdout, "{text}").and_then(|()| stdout.flush())
        && problem.kind() != ErrorKind::BrokenPipe
        && !IS_LOST.swap(true, Ordering::Relaxed)
    {
        error(format_args!("standard output can't be written: {problem}"));
    }
}

/// Whether some of the data couldn't be written.
pub(crate) fn is_lost() -> bool {
    IS_LOST.load(Ordering::Relaxed)
}

/// A text with lines of at most 100 columns; what is left of a line is indented two columns more than its start.
pub(crate) fn wrapped(text: &str) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let words = line.trim_start();
        let indent = line.len() - words.len();
        wrapped.push_str(&" ".repeat(indent));
        let mut column = indent;
        for (index, word) in words.split(' ').enumerate() {
            let width = word.chars().count();
            if index > 0 && column + 1 + width > WIDTH {
                wrapped.push('\n');
                wrapped.push_str(&" ".repeat(indent + 2));
                column = indent + 2;
            } else if index > 0 {
                wrapped.push(' ');
                column += 1;
            }
            wrapped.push_str(word);
            column += width;
        }
        wrapped.push('\n');
    }
    wrapped
}

/// Says something: standard error.
pub(crate) fn talk(text: impl Display) {
    let mut stderr = anstream::stderr().lock();
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}

/// Says what is wrong.
pub(crate) fn error(problem: impl Display) {
    talk(format_args!(
        "\u{1b}[1;31merror\u{1b}[0m\u{1b}[1m:\u{1b}[0m {problem}\n"
    ));
}

/// How far a run is that takes more than a second; shown only in a terminal.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new(length: usize) -> Self {
        let bar = ProgressBar::with_draw_target(u64::try_from(length).ok(), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Counts one step, and prints something above the bar.
    pub(crate) fn step(&self, print: impl FnOnce()) {
        if self.0.is_hidden() && self.0.elapsed() > Duration::from_secs(1) && std::io::stderr().is_terminal()
        {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.0.suspend(print);
        self.0.inc(1);
    }

    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}

/// Waits for Ctrl-C, for the end of the terminal, or for being asked to end. It hears all of them from its first poll
/// on.
pub(crate) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let heard = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::quit(),
        ]
        .map(signal);
        if let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup), Ok(mut quit)] = heard {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
                _ = quit.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_wrapped_and_short_ones_stay() {
        let long = format!("  - {}", "word ".repeat(30).trim_end());
        let lines = wrapped(&format!("a  b\n\n{long}\n"));
        let lines: Vec<_> = lines.lines().collect();
        assert_eq!(lines[..2], ["a  b", ""]);
        assert!(lines[2].starts_with("  - word") && lines[2].len() <= WIDTH);
        assert!(lines[3].starts_with("    word"));
        assert_eq!(lines.len(), 4);
    }
}
