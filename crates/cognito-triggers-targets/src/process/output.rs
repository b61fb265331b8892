//! Reads the standard output and the standard error of a process.
//!
//! Both go into one log, in the order in which they arrive. They are read all the time, so that a function never blocks on a
//! full pipe.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::log::Log;

/// How long output of a process that has ended may still be in its pipe.
pub(crate) const OUTPUT_GRACE: Duration = Duration::from_millis(100);

/// Returns the same log at any time, for [`copy_to_log`].
pub(crate) fn always(log: &Log) -> impl Fn() -> Log + Send + 'static {
    let log = log.clone();
    move || log.clone()
}

/// Copies what a process writes into the log that `current` returns at that moment, until the pipe closes.
pub(crate) async fn copy_to_log(mut output: impl AsyncRead + Unpin, current: impl Fn() -> Log) {
    let mut buffer = vec![0; 8 * 1024];
    while let Ok(length @ 1..) = output.read(&mut buffer).await {
        current().push(buffer.get(..length).unwrap_or_default());
    }
}
