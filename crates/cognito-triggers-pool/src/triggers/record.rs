//! The record of the triggers that were fired.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::hook::Trigger;

/// How many triggers are remembered.
const REMEMBERED: usize = 10_000;

/// On what evidence a trigger is fired in a situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Basis {
    /// It was measured, or AWS documents it.
    Known,
    /// It is inferred: Cognito may do something else.
    Inferred,
}

/// A trigger that was fired.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerRecord {
    /// Its number, from 1 on.
    pub seq: u64,
    /// The operation of the API, such as `SignUp`.
    pub operation: &'static str,
    /// `triggerSource` of the event.
    pub trigger_source: String,
    /// The function that was called.
    pub function_arn: String,
    /// What the function was sent. Passwords are left out.
    pub event: Value,
    /// `response` of what the function answered; `None` if it failed, or is a custom sender.
    pub answer: Option<Value>,
    /// The error that the caller of the API gets.
    pub error: Option<String>,
    /// On what evidence the trigger is fired in this situation.
    pub basis: Basis,
    /// How long the function took, in milliseconds.
    pub took_ms: u64,
}

/// The triggers that were fired, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Records {
    inner: Mutex<Inner>,
    changed: tokio::sync::Notify,
}

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    records: VecDeque<TriggerRecord>,
}

impl Records {
    /// Appends a record, and returns its number.
    pub(crate) fn push(&self, mut record: TriggerRecord) -> u64 {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.next += 1;
        let seq = inner.next;
        record.seq = seq;
        inner.records.push_back(record);
        if inner.records.len() > REMEMBERED {
            inner.records.pop_front();
        }
        drop(inner);
        self.changed.notify_waiters();
        seq
    }

    /// Adds the outcome to the record of a function that ran in the background.
    pub(crate) fn finish(&self, seq: u64, error: Option<String>, took: Duration) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = inner.records.iter_mut().find(|record| record.seq == seq) {
            record.error = error;
            record.took_ms = millis(took);
        }
    }

    /// The records behind this number.
    pub(crate) fn since(&self, seq: u64) -> Vec<TriggerRecord> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .records
            .iter()
            .filter(|record| record.seq > seq)
            .cloned()
            .collect()
    }

    /// Waits for records behind this number.
    pub(crate) async fn next_since(&self, seq: u64) -> Vec<TriggerRecord> {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let records = self.since(seq);
            if !records.is_empty() {
                return records;
            }
            changed.await;
        }
    }

    pub(crate) fn clear(&self) {
        self.inner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .records
            .clear();
    }
}

/// Whole milliseconds.
pub(super) fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

/// How a function is made to fail, for tests of an application.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "how", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) enum Drill {
    /// It returns an error with this message.
    Error {
        message: String,
    },
    Crash,
    Timeout,
    Throttle,
    /// The pool has no permission to invoke it.
    Forbid,
    Null,
    Garbage,
    WrongShape,
}

/// The failures that wait for the next call of a trigger.
#[derive(Debug, Default)]
pub(crate) struct Drills {
    waiting: Mutex<VecDeque<(Trigger, Drill)>>,
}

impl Drills {
    pub(crate) fn add(&self, trigger: Trigger, drill: Drill) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back((trigger, drill));
    }

    pub(crate) fn take(&self, trigger: Trigger) -> Option<Drill> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let index = waiting.iter().position(|(waits, _)| *waits == trigger)?;
        waiting.remove(index).map(|(_, drill)| drill)
    }

    pub(crate) fn clear(&self) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
