//! The calls that ended, with their requests and answers, for the console and the development endpoints.
//!
//! A call is an operation of the API, or what a client or a browser asks of an OAuth endpoint or a page. Memory is bounded: the
//! latest calls are kept, and their texts are limited together.
//!
//! | part | what it is |
//! |---|---|
//! | `Draft` | a call that runs: its request, and whom it names |
//! | `Running` | the calls that run now, for readers that follow them |
//! | `trace` | which triggers and messages belong to the call that runs in this task |
//! | `Subject` | the pool, the app client and the user that a call was about |
//! | [`CallRecord`] | a call that has ended |
//! | `Calls` | the records, for readers that ask for them or follow them |
//!
//! A record is complete when the call ends, except for the outcome of custom senders, which the record of the trigger gets later.

mod draft;
mod record;
mod running;
mod subject;
pub(crate) mod trace;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) use self::draft::Draft;
pub use self::record::CallRecord;
use self::running::Guard;
pub(crate) use self::running::{Running, RunningCall};

/// How many calls are remembered.
const REMEMBERED: usize = 2_000;

/// How many bytes the requests and the answers of all remembered calls may have together.
const REMEMBERED_BYTES: usize = 8 * 1024 * 1024;

/// The calls that ended, the one that ended first at the front.
#[derive(Debug)]
pub(crate) struct Calls {
    /// Tells the calls of this process from those of an earlier one at the same port.
    run: u64,
    /// The calls that haven't ended.
    running: Arc<Running>,
    inner: Mutex<Inner>,
    changed: tokio::sync::Notify,
}

#[derive(Debug, Default)]
struct Inner {
    /// The number of the latest call.
    next: u64,
    /// How often the calls were forgotten.
    resets: u64,
    records: VecDeque<Arc<CallRecord>>,
    /// The sum of the records' sizes.
    bytes: usize,
}

/// What a reader of the calls gets next.
#[derive(Debug)]
pub(crate) struct Update {
    /// How often the calls were forgotten so far. Another number than before means that what the reader has is gone.
    pub(crate) resets: u64,
    /// The calls after the one that the reader has read last.
    pub(crate) records: Vec<Arc<CallRecord>>,
}

impl Default for Calls {
    fn default() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            // JavaScript reads numbers of up to 53 bits.
            run: u64::try_from(since_1970.as_micros()).unwrap_or_default(),
            running: Arc::default(),
            inner: Mutex::default(),
            changed: tokio::sync::Notify::new(),
        }
    }
}

impl Calls {
    /// The number of this process.
    pub(crate) fn run(&self) -> u64 {
        self.run
    }

    /// Notes that a call runs, until the guard is dropped.
    pub(crate) fn begin(&self, draft: &Draft) -> Guard {
        self.running.begin(draft.running())
    }

    /// The calls that haven't ended.
    pub(crate) fn running(&self) -> &Running {
        &self.running
    }

    /// Appends a call, and returns it with its number.
    pub(crate) fn push(&self, mut record: CallRecord) -> Arc<CallRecord> {
        let record = self.with(|inner| {
            inner.next += 1;
            record.seq = inner.next;
            let record = Arc::new(record);
            inner.bytes += record.size();
            inner.records.push_back(Arc::clone(&record));
            while inner.records.len() > REMEMBERED || inner.bytes > REMEMBERED_BYTES {
                let Some(oldest) = inner.records.pop_front() else {
                    break;
                };
                inner.bytes = inner.bytes.saturating_sub(oldest.size());
            }
            record
        });
        self.changed.notify_waiters();
        record
    }

    /// The number of the latest call; 0 before the first one.
    pub(crate) fn latest(&self) -> u64 {
        self.with(|inner| inner.next)
    }

    /// The call with this number. `None` if there is none, or it is forgotten.
    pub(crate) fn get(&self, seq: u64) -> Option<Arc<CallRecord>> {
        self.with(|inner| {
            let index = inner
                .records
                .binary_search_by_key(&seq, |record| record.seq)
                .ok()?;
            inner.records.get(index).cloned()
        })
    }

    /// The calls after this number. A number that no call has yet comes from an earlier process, and counts as 0.
    pub(crate) fn since(&self, seq: u64) -> Update {
        self.with(|inner| {
            let seq = if seq > inner.next { 0 } else { seq };
            let begin = inner.records.partition_point(|record| record.seq <= seq);
            Update {
                resets: inner.resets,
                records: inner.records.range(begin..).cloned().collect(),
            }
        })
    }

    /// Waits for calls after this number, or until the calls are forgotten. `resets` is that of the reader's last update.
    pub(crate) async fn next_since(&self, seq: u64, resets: u64) -> Update {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let update = self.since(seq);
            if !update.records.is_empty() || update.resets != resets {
                return update;
            }
            changed.await;
        }
    }

    /// Forgets the calls. Numbers go on.
    pub(crate) fn clear(&self) {
        self.running.clear();
        self.with(|inner| {
            inner.records.clear();
            inner.bytes = 0;
            inner.resets += 1;
        });
        self.changed.notify_waiters();
    }

    fn with<T>(&self, use_inner: impl FnOnce(&mut Inner) -> T) -> T {
        use_inner(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::state::State;

    fn record(request: Value) -> CallRecord {
        let draft = Draft::of_operation("SignUp", &request);
        let subject = draft.subject(&State::default(), None, &trace::Traced::default());
        draft.end(subject, None, None, trace::Traced::default())
    }

    #[test]
    fn only_the_latest_calls_are_kept() {
        let calls = Calls::default();
        for _ in 0..REMEMBERED + 5 {
            calls.push(record(json!({})));
        }
        let update = calls.since(0);
        assert_eq!(update.records.len(), REMEMBERED);
        assert_eq!(update.records[0].seq, 6);
        assert!(calls.get(5).is_none());
        assert_eq!(calls.get(6).unwrap().seq, 6);
        assert_eq!(calls.since(2_000).records.len(), 5);
        assert_eq!(calls.since(9_999).records.len(), REMEMBERED, "another process");
        calls.clear();
        let update = calls.since(0);
        assert_eq!((update.records.len(), update.resets), (0, 1));
        assert_eq!(calls.push(record(json!({}))).seq, 2_006);
    }

    #[test]
    fn long_requests_push_out_earlier_ones() {
        let calls = Calls::default();
        for _ in 0..500 {
            calls.push(record(json!({ "ClientMetadata": { "a": "x".repeat(50_000) } })));
        }
        let kept = calls.since(0).records.len();
        assert!((100..170).contains(&kept), "{kept}");
        assert!(calls.with(|inner| inner.bytes) <= REMEMBERED_BYTES);
        // A request that is longer than all of them isn't kept at all.
        let long = calls.push(record(json!({ "a": "x".repeat(100_000) })));
        assert_eq!(long.request(), None);
    }

    #[tokio::test]
    async fn a_reader_learns_of_calls_and_of_resets() {
        let calls = Calls::default();
        let (update, ()) = tokio::join!(calls.next_since(0, 0), async {
            calls.push(record(json!({})));
        });
        assert_eq!(update.records.len(), 1);
        let (update, ()) = tokio::join!(calls.next_since(1, 0), async { calls.clear() });
        assert_eq!((update.records.len(), update.resets), (0, 1));
    }
}
