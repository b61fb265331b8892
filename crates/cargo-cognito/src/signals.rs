//! Signals that end the command.
//!
//! A signal doesn't end the process by itself: the running subcommand is dropped first, and with it the processes of the
//! functions that it started.

/// Waits for Ctrl-C, for the end of the terminal, or for a request to terminate. All of these signals are caught from
/// the first poll on.
pub(crate) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::quit(),
        ]
        .map(signal);
        if let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup), Ok(mut quit)] = signals {
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
