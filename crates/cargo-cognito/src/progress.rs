//! The progress bar of long runs.
//!
//! It is drawn on standard error, so that a report in a file or a pipe has no trace of it.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run that takes less time than this gets no bar.
const SHORT: Duration = Duration::from_secs(1);

/// The progress of a run. It appears after one second, and only in a terminal.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar for a number of steps, hidden at first.
    pub(crate) fn new(steps: usize) -> Self {
        let bar = ProgressBar::with_draw_target(u64::try_from(steps).ok(), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Counts one step, and prints above the bar.
    pub(crate) fn step(&self, print: impl FnOnce()) {
        if self.0.is_hidden() && self.0.elapsed() > SHORT && std::io::stderr().is_terminal() {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.0.suspend(print);
        self.0.inc(1);
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
