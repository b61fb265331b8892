//! The record of the triggers that were fired.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

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
    /// Takes the next number.
    pub(crate) fn reserve(&self) -> u64 {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.next += 1;
        inner.next
    }

    pub(crate) fn push(&self, record: TriggerRecord) {
        let seq = self.reserve();
        self.fill(seq, record);
    }

    /// Stores the record whose number was taken before.
    pub(crate) fn fill(&self, seq: u64, mut record: TriggerRecord) {
        record.seq = seq;
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let place = inner.records.partition_point(|earlier| earlier.seq < seq);
        inner.records.insert(place, record);
        if inner.records.len() > REMEMBERED {
            inner.records.pop_front();
        }
        drop(inner);
        self.changed.notify_waiters();
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

    /// Waits until there is a new record.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(crate) fn clear(&self) {
        self.inner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .records
            .clear();
    }
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
