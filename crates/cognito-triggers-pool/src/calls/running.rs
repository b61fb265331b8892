//! The calls that run now, and what each waits for.
//!
//! A call is here from its draft to its end, or until its client is gone. A reader of the stream learns only of calls that take a
//! while: a thousand calls in a second would otherwise be two thousand messages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, timeout_at};

/// How long a call runs before a reader of the stream learns of it. Most calls end sooner.
const SHOWN_AFTER: Duration = Duration::from_millis(250);

/// The calls that run now, by number.
#[derive(Debug, Default)]
pub(crate) struct Running {
    inner: Mutex<Inner>,
    changed: tokio::sync::Notify,
}

#[derive(Debug, Default)]
struct Inner {
    /// The number of the call that began last.
    next: u64,
    calls: BTreeMap<u64, (Instant, RunningCall)>,
}

/// A call that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunningCall {
    /// Its number among the calls that began. It has another one in the record.
    pub(super) number: u64,
    /// The name of the operation, as the request has it.
    pub(super) operation: String,
    /// The user pool, the app client and the user that the request names.
    pub(super) user_pool_id: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) user_name: Option<String>,
    /// When it began, in seconds since 1970 by the clock of the system.
    pub(super) at: serde_json::Value,
    /// `triggerSource` of the trigger whose function it waits for.
    pub(super) trigger: Option<String>,
}

/// Notes that a call runs, until it is dropped.
///
/// The trace of the call holds it, so it is dropped however the call ends.
#[derive(Debug)]
pub(crate) struct Guard {
    running: Arc<Running>,
    number: u64,
}

impl Running {
    /// Notes that a call runs.
    pub(super) fn begin(self: &Arc<Self>, call: RunningCall) -> Guard {
        let number = self.change(|inner| {
            inner.next += 1;
            let number = inner.next;
            inner
                .calls
                .insert(number, (Instant::now(), RunningCall { number, ..call }));
            number
        });
        let running = Arc::clone(self);
        Guard { running, number }
    }

    /// The calls that run, the one that began first at the front.
    pub(crate) fn all(&self) -> Vec<RunningCall> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.calls.values().map(|(_, call)| call.clone()).collect()
    }

    /// Waits until other calls have run for a while than those that the reader knows, or one of them waits for something else.
    ///
    /// `known` is what it returned before; empty at first.
    pub(crate) async fn next(&self, known: &[RunningCall]) -> Vec<RunningCall> {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let (shown, due) = self.shown();
            if shown != known {
                return shown;
            }
            match due {
                // Whether the time has passed or something has changed, the calls are looked at again.
                Some(due) => drop(timeout_at(due, changed).await),
                None => changed.await,
            }
        }
    }

    /// The calls that have run for a while, and when the next one will have.
    fn shown(&self) -> (Vec<RunningCall>, Option<Instant>) {
        let now = Instant::now();
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (shown, young): (Vec<_>, Vec<_>) = inner
            .calls
            .values()
            .partition(|(began, _)| *began + SHOWN_AFTER <= now);
        let due = young.iter().map(|(began, _)| *began + SHOWN_AFTER).min();
        (shown.into_iter().map(|(_, call)| call.clone()).collect(), due)
    }

    /// Forgets the calls. They may still run.
    pub(super) fn clear(&self) {
        self.change(|inner| inner.calls.clear());
    }

    fn change<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let changed = change(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_waiters();
        changed
    }
}

impl Guard {
    /// Notes the trigger that the call waits for.
    pub(super) fn waits_for(&self, source: Option<String>) {
        self.running.change(|inner| {
            if let Some((_, call)) = inner.calls.get_mut(&self.number) {
                call.trigger = source;
            }
        });
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.running.change(|inner| inner.calls.remove(&self.number));
    }
}
