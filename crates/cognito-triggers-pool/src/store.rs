//! Keeps the state in a directory: an acknowledged change survives a kill and a power loss.
//!
//! | file | what it does |
//! |---|---|
//! | `record` | a change of one entity, as a line of text |
//! | `folder` | the directory and its files: the operations that a disk has, so that tests can let them fail |
//! | `format` | the bytes of the file: the header, the marks and the batches, with their checksums |
//! | `scan` | reads and verifies a file |
//! | `log` | appends batches, and writes the file again when most of it is outdated |
//! | `error` | why a directory can't be used, and what to do |
//!
//! A change takes this way: `Service::write` collects what it changed into records, in the
//! order of the changes, and hands them to one thread. The thread writes all that wait as one batch, and waits for the disk
//! once (group commit). The answer of a call waits until everything that was stored before it is on the disk, so no caller sees
//! what a crash could take back. Without a directory nothing is recorded, and nothing waits.

mod error;
mod folder;
mod format;
mod log;
mod record;
mod scan;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::watch;

pub use self::error::DataError;
use self::folder::Directory;
pub(crate) use self::log::Log;
pub(crate) use self::record::{Key, Record, value};

/// Opens the data of a directory, which is created if it doesn't exist.
///
/// # Errors
/// Fails if another server uses the directory, it can't be read or written, or its file is damaged or not one of this
/// version. Nothing is changed then.
pub(crate) fn open(directory: &Path) -> Result<Log, DataError> {
    Log::open(Box::new(Directory::lock(directory)?))
}

/// Hands changes to the thread that writes them.
pub(crate) struct Store {
    /// `None` once the store is closed.
    sender: Mutex<Option<Sender<Vec<Record>>>>,
    /// How many batches were handed over.
    last: AtomicU64,
    progress: watch::Receiver<Progress>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// How far the thread is.
#[derive(Clone, Debug, Default)]
struct Progress {
    /// How many of the batches that were handed over are on the disk.
    kept: u64,
    /// Why it stopped. Nothing is written after a failure.
    failure: Option<Arc<str>>,
}

/// How many bytes of changes are written at once, about. More wait for the next batch.
const BATCH: usize = 4 * 1024 * 1024;

impl Store {
    /// Starts the thread. `failed` is called once if the disk fails.
    pub(crate) fn start(log: Log, failed: impl FnOnce(&str) + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        let (publish, progress) = watch::channel(Progress::default());
        let thread = thread::spawn(move || run(log, &receiver, &publish, failed));
        Self {
            sender: Mutex::new(Some(sender)),
            last: AtomicU64::new(0),
            progress,
            thread: Mutex::new(Some(thread)),
        }
    }

    /// Hands over a change. Call it while the state is locked, so that changes keep their order.
    pub(crate) fn append(&self, records: Vec<Record>) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        // What can't be handed over counts too: `kept` waits for it in vain, and says so.
        self.last.fetch_add(1, Ordering::Relaxed);
        if let Some(sender) = &*sender {
            // Sending fails only if the thread has ended.
            let _ = sender.send(records);
        }
    }

    /// Waits until everything that was handed over is on the disk. It doesn't wait if it is already.
    ///
    /// # Errors
    /// Fails if the disk failed, now or before, or if the store was closed before a change.
    pub(crate) async fn kept(&self) -> Result<(), Arc<str>> {
        let last = self.last.load(Ordering::Relaxed);
        let mut progress = self.progress.clone();
        let reached = progress.wait_for(|progress| progress.kept >= last || progress.failure.is_some());
        match reached.await {
            Ok(progress) => progress.failure.clone().map_or(Ok(()), Err),
            Err(_) => Err("the pool has ended, and its directory is closed".into()),
        }
    }

    /// Why the disk failed. The state in memory is then ahead of the disk, so nobody may see it.
    pub(crate) fn failure(&self) -> Option<Arc<str>> {
        self.progress.borrow().failure.clone()
    }

    /// Writes what was handed over, and gives the directory free. Later changes are lost, and [`kept`](Self::kept) fails after one.
    pub(crate) fn close(&self) {
        drop(self.sender.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the thread was reported by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// Writes batches until the store is closed or the disk fails.
fn run(
    mut log: Log,
    receiver: &Receiver<Vec<Record>>,
    publish: &watch::Sender<Progress>,
    failed: impl FnOnce(&str),
) {
    while let Ok(mut batch) = receiver.recv() {
        let mut count = 1;
        let mut size: usize = batch.iter().map(Record::len).sum();
        while size < BATCH
            && let Ok(more) = receiver.try_recv()
        {
            size += more.iter().map(Record::len).sum::<usize>();
            batch.extend(more);
            count += 1;
        }
        if let Err(error) = log.append(&batch) {
            let failure = error.to_string();
            failed(&failure);
            publish.send_modify(|progress| progress.failure = Some(failure.into()));
            // The file stays locked until the store is closed: no other server may use it while this one runs.
            while receiver.recv().is_ok() {}
            return;
        }
        publish.send_modify(|progress| progress.kept += count);
    }
}
