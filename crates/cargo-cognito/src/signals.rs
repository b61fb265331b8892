//! Signals that end the command.
//!
//! A signal doesn't end the process by itself: the running subcommand is dropped first, and with it the processes of the
//! functions that it started. That takes an instant, unless the main thread is blocked, for example because the reader of
//! standard output has stopped reading. So another thread waits for the signals, and ends the process if the main thread
//! doesn't.

use std::{io, process, thread, time::Duration};

use tokio::{runtime::Builder, sync::oneshot, time::timeout};

use crate::exit_code;

/// The time that the main thread has to end after a signal.
const GRACE: Duration = Duration::from_secs(1);

/// Waits for Ctrl-C, for the end of the terminal, or for a request to terminate. All of these signals are caught when this
/// function returns; the receiver gets a message at the first one. A second one, or one second, ends the process.
///
/// # Errors
/// If a thread or a handler can't be installed.
pub(crate) fn catch() -> io::Result<oneshot::Receiver<()>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut signals = runtime.block_on(async { Signals::new() })?;
    let (sender, receiver) = oneshot::channel();
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            signals.next().await;
            // Fails if the main thread has ended its work meanwhile.
            let _ = sender.send(());
            let _ = timeout(GRACE, signals.next()).await;
            process::exit(exit_code::INTERRUPTED.into());
        });
    })?;
    Ok(receiver)
}

/// The handlers of all signals that end the command.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 4]);

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
            signal(SignalKind::quit())?,
        ]))
    }

    /// Waits for the next signal of any kind.
    async fn next(&mut self) {
        let [interrupt, terminate, hangup, quit] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
            _ = quit.recv() => {}
        }
    }
}

/// Elsewhere there is Ctrl-C only.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
