//! Signals that end the command.
//!
//! A signal doesn't end the process at once. The running subcommand is dropped first, which also ends the functions that it
//! started. This takes an instant, unless the main thread is blocked, for example because the reader of standard output has
//! stopped reading. So a second thread waits for the signals, and ends the process if the main thread doesn't.

use std::{io, process, thread, time::Duration};

use tokio::{runtime::Builder, sync::oneshot, time::timeout};

use crate::exit_code;

/// The time that the main thread has to end after a signal.
const GRACE: Duration = Duration::from_secs(1);

/// Catches Ctrl-C, the end of the terminal, and requests to terminate, from now on.
///
/// The receiver gets a message at the first signal. The process ends at the second signal, or one second after the first.
///
/// # Errors
/// Fails if the thread can't be started or a handler can't be installed.
pub(crate) fn catch() -> io::Result<oneshot::Receiver<()>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut signals = runtime.block_on(async { Signals::new() })?;
    let (sender, receiver) = oneshot::channel();
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            signals.next().await;
            // This fails if the main thread has just finished its work.
            let _ = sender.send(());
            let _ = timeout(GRACE, signals.next()).await;
            process::exit(exit_code::INTERRUPTED.into());
        });
    })?;
    Ok(receiver)
}

/// The handlers of all signals that end the command: SIGINT, SIGTERM, SIGHUP and SIGQUIT.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 4]);

#[cfg(unix)]
impl Signals {
    /// Installs the handlers.
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

/// Ctrl-C, the only such signal on other systems than Unix.
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
