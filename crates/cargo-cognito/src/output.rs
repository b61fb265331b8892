//! Printing, and how the command ends.

use std::{fmt::Display, io::Write};

use cognito_triggers_replay::Style;

/// How the command ends; documented in its help.
pub(crate) mod exit {
    pub(crate) const GOOD: u8 = 0;
    pub(crate) const BAD: u8 = 1;
    pub(crate) const UNABLE: u8 = 2;
    pub(crate) const INTERRUPTED: u8 = 130;
}

/// Prints data: standard output.
pub(crate) fn data(text: impl Display) {
    // If nobody reads any more, there is nothing left to say.
    let mut stdout = anstream::stdout().lock();
    let _ = write!(stdout, "{text}").and_then(|()| stdout.flush());
}

/// Passes on what a function logged: standard error.
pub(crate) fn log(text: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}

/// Says what is wrong: standard error.
pub(crate) fn error(problem: impl Display) {
    let mut stderr = anstream::stderr().lock();
    let _ = writeln!(stderr, "\u{1b}[1;31merror\u{1b}[0m\u{1b}[1m:\u{1b}[0m {problem}");
}

/// With colours; what prints takes them out again where they don't belong.
pub(crate) const STYLE: Style = Style { color: true };

/// Waits for Ctrl-C, or for being asked to end.
pub(crate) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
