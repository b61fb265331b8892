//! Tasks that no call waits for: custom senders, and functions that answer too late.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinSet;

/// The tasks of a service.
pub(crate) struct Background {
    /// `None` once the service has ended.
    tasks: Mutex<Option<JoinSet<()>>>,
    /// How many of them run.
    running: watch::Sender<usize>,
}

impl Default for Background {
    fn default() -> Self {
        Self {
            tasks: Mutex::new(Some(JoinSet::new())),
            running: watch::Sender::new(0),
        }
    }
}

impl Background {
    /// Spawns a task. It is stopped at the [end](Self::end), after which it has no effect.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tasks) = &mut *tasks {
            while tasks.try_join_next().is_some() {}
            let running = Running::begin(&self.running);
            tasks.spawn(async move {
                task.await;
                drop(running);
            });
        }
    }

    /// Waits until no task runs. One that was stopped runs no more.
    pub(crate) async fn done(&self) {
        // It fails only without a sender, which this has.
        let _ = self.running.subscribe().wait_for(|running| *running == 0).await;
    }

    /// Stops the tasks.
    pub(crate) fn end(&self) {
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Stopping a task drops what it holds, so it happens without the lock.
        drop(tasks);
    }
}

/// A task that runs, until this is dropped.
struct Running(watch::Sender<usize>);

impl Running {
    fn begin(running: &watch::Sender<usize>) -> Self {
        running.send_modify(|running| *running += 1);
        Self(running.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running = running.saturating_sub(1));
    }
}
