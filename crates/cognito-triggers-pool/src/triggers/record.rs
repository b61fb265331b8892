//! The record of the triggers that were fired.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::basis::Basis;
use crate::redact::redact;
use crate::weight::{forget_oldest, weight};

/// How many records keep a log: the last ones that got one.
const REMEMBERED_LOGS: usize = 100;

/// A trigger that was fired.
///
/// It is serialized with camel-case names, as `GET /_dev/events` answers it. Secrets, such as the private parameters and the
/// answer of a challenge, read `***`: see [`redacted`](Self::redacted). Only
/// [`LocalPool::events_with_secrets`](crate::LocalPool::events_with_secrets), and the endpoint if it is asked with
/// `secrets=true`, return them. `Debug` never prints them.
///
/// ```
/// # use cognito_triggers_pool::{Basis, LocalPool, handler_fn};
/// # use serde_json::json;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
/// # let pool = LocalPool::builder()
/// #     .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
/// #     .functions(handler_fn(|_arn, event| Ok(event)))
/// #     .start()
/// #     .await?;
/// # let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
/// pool.call("SignUp", input).await?;
/// let record = &pool.events()[0];
/// assert_eq!((record.seq, record.basis), (1, Basis::Measured));
/// assert_eq!(record.function_arn, arn);
/// assert_eq!(record.event["request"]["userAttributes"], json!({}));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerRecord {
    /// Its number, from 1 on.
    ///
    /// Numbers go on after a reset, so that a reader that asks for records after a number misses nothing.
    pub seq: u64,
    /// The operation of the API, such as `SignUp`.
    pub operation: &'static str,
    /// `triggerSource` of the event.
    ///
    /// Such as `PreSignUp_SignUp`.
    pub trigger_source: String,
    /// The function that was called.
    pub function_arn: String,
    /// What the function was sent.
    ///
    /// Even with secrets, `request.password` of UserMigration reads `***`. Codes of custom senders are sealed.
    pub event: Value,
    /// `response` of what the function answered; `None` if it failed, or is a custom sender.
    pub answer: Option<Value>,
    /// The error that the caller of the API gets.
    ///
    /// `None` if the function succeeded. For a custom sender the caller gets no error, and it is only noted
    /// here.
    pub error: Option<String>,
    /// On what evidence the trigger is fired in this situation.
    pub basis: Basis,
    /// How long the function took, in milliseconds.
    ///
    /// It includes retries. It is 0 while a custom sender runs, and at least 1 once that has ended.
    pub took_ms: u64,
    /// How often Cognito called the function.
    ///
    /// It is more than one if the function didn't answer in time, or is a custom sender that failed.
    pub attempts: u32,
    /// The [drill](crate::Drill) that made the function fail or late, such as `PreSignUp: timeout`.
    ///
    /// `None` if the function did what it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drill: Option<String>,
    /// What [`log`](Self::log) would be for each attempt before the last one, in order. All of them failed, also if the function
    /// succeeded at last. It is empty after a drill, and forgotten together with the log.
    #[serde(skip)]
    pub earlier_logs: Vec<String>,
    /// The end of what the function logged, if it failed; at most 8 KiB. If a fault of this machine kept it from answering,
    /// a line before them says so. After retries it is the log of the last attempt.
    ///
    /// It is empty if the function succeeded, unless the pool was made with [`all_logs`](crate::Builder::all_logs), or its log isn't known
    /// here, or after a hundred later logs. It is the function's own words, in which nothing is replaced, and it isn't serialized.
    #[serde(skip)]
    pub log: String,
}

impl TriggerRecord {
    /// The record with `***` in place of every secret in the event and in the answer.
    ///
    /// Secrets are passwords, tokens, answers to challenges, private challenge parameters and challenge metadata. In
    /// `clientMetadata` and `validationData`, they also include members whose names contain `password`, `secret` or
    /// `token`, or have a word such as `answer`, `code` or `otp`.
    ///
    /// Names of members and `null` aren't replaced. Neither are the code of a custom sender, which is encrypted,
    /// `codeParameter`, which is a placeholder, the attributes of users, and [`error`](Self::error), whose text may come from
    /// a function.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        redact(&mut self.event);
        self.answer.iter_mut().for_each(redact);
        self
    }

    /// Whether there is the log of an attempt.
    fn has_log(&self) -> bool {
        let mut logs = self.earlier_logs.iter().chain([&self.log]);
        logs.any(|log| !log.is_empty())
    }

    /// How many bytes of memory it takes without its log, about.
    ///
    /// A pool remembers the last 10,000 triggers, or fewer if those take more than 64 MiB. Someone who reads records only now and then
    /// can count with this how much the pool has forgotten at most.
    ///
    /// ```
    /// # use cognito_triggers_pool::{LocalPool, handler_fn};
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let pool = LocalPool::builder()
    /// #     .pool_setting("LambdaConfig", json!({ "PreSignUp": "arn:aws:lambda:us-east-1:123456789012:function:sign-up" }))
    /// #     .functions(handler_fn(|_arn, event| Ok(event)))
    /// #     .start()
    /// #     .await?;
    /// let mut input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
    /// input["ClientMetadata"] = json!({ "note": "x".repeat(2_000) });
    /// pool.call("SignUp", input).await?;
    /// let record = &pool.events()[0];
    /// assert!((2_000..10_000).contains(&record.weight()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn weight(&self) -> usize {
        let texts = [&self.trigger_source, &self.function_arn].map(String::len);
        let more = [&self.error, &self.drill].map(|text| text.as_ref().map_or(0, String::len));
        size_of::<Self>()
            + texts.iter().chain(&more).sum::<usize>()
            + weight(&self.event)
            + self.answer.as_ref().map_or(0, weight)
    }
}

impl fmt::Debug for TriggerRecord {
    /// Prints the record without secrets and without the logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seq,
            operation,
            trigger_source,
            function_arn,
            event,
            answer,
            error,
            basis,
            took_ms,
            attempts,
            drill,
            earlier_logs: _,
            log: _,
        } = self.clone().redacted();
        f.debug_struct("TriggerRecord")
            .field("seq", &seq)
            .field("operation", &operation)
            .field("trigger_source", &trigger_source)
            .field("function_arn", &function_arn)
            .field("event", &event)
            .field("answer", &answer)
            .field("error", &error)
            .field("basis", &basis)
            .field("took_ms", &took_ms)
            .field("attempts", &attempts)
            .field("drill", &drill)
            .finish_non_exhaustive()
    }
}

/// The triggers that were fired, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Records {
    inner: Mutex<Inner>,
    changed: tokio::sync::Notify,
}

#[derive(Debug, Default)]
struct Inner {
    /// The number of the latest record.
    next: u64,
    records: VecDeque<TriggerRecord>,
    /// How many bytes they take, without their logs.
    bytes: usize,
    /// The numbers of the records that have a log, in the order in which they got it.
    with_log: VecDeque<u64>,
}

impl Inner {
    /// Forgets the oldest records while there are too many or they are too large. The newest one stays.
    fn forget_oldest(&mut self) {
        forget_oldest(&mut self.records, &mut self.bytes, TriggerRecord::weight);
    }

    /// The record with this number, if it is still remembered.
    fn find(&mut self, seq: u64) -> Option<&mut TriggerRecord> {
        let index = self.records.binary_search_by_key(&seq, |record| record.seq);
        self.records.get_mut(index.ok()?)
    }

    /// Notes that a record has a log, and forgets the oldest log if there are too many.
    fn note_log(&mut self, seq: u64) {
        self.with_log.push_back(seq);
        if self.with_log.len() > REMEMBERED_LOGS
            && let Some(oldest) = self.with_log.pop_front()
            && let Some(record) = self.find(oldest)
        {
            record.log = String::new();
            record.earlier_logs = Vec::new();
        }
    }
}

impl Records {
    /// Appends a record, and returns its number.
    pub(crate) fn push(&self, mut record: TriggerRecord) -> u64 {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.next += 1;
        let seq = inner.next;
        record.seq = seq;
        let has_log = record.has_log();
        inner.bytes += record.weight();
        inner.records.push_back(record);
        if has_log {
            inner.note_log(seq);
        }
        inner.forget_oldest();
        drop(inner);
        self.changed.notify_waiters();
        seq
    }

    /// Replaces the record of a function that ran in the background by one with its outcome.
    pub(crate) fn finish(&self, finished: TriggerRecord) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (seq, has_log) = (finished.seq, finished.has_log());
        if let Some(record) = inner.find(seq) {
            let (before, after) = (record.weight(), finished.weight());
            *record = finished;
            inner.bytes = inner.bytes - before + after;
            if has_log {
                inner.note_log(seq);
            }
            inner.forget_oldest();
        }
    }

    /// The records with these numbers that are still remembered.
    pub(crate) fn with_numbers(&self, numbers: &[u64]) -> Vec<TriggerRecord> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let found = numbers.iter().filter_map(|seq| inner.find(*seq).cloned());
        found.collect()
    }

    /// The records after this number.
    pub(crate) fn since(&self, seq: u64) -> Vec<TriggerRecord> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .records
            .iter()
            .filter(|record| record.seq > seq)
            .cloned()
            .collect()
    }

    /// Waits for records after this number.
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

    /// Forgets the records. Numbers go on.
    pub(crate) fn clear(&self) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.records.clear();
        inner.bytes = 0;
        inner.with_log.clear();
    }
}

/// Whole milliseconds.
pub(super) fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::weight::REMEMBERED_BYTES;

    fn record(log: &str) -> TriggerRecord {
        TriggerRecord {
            seq: 0,
            operation: "SignUp",
            trigger_source: "PreSignUp_SignUp".to_owned(),
            function_arn: String::new(),
            event: json!({}),
            answer: None,
            error: None,
            basis: Basis::Measured,
            took_ms: 0,
            attempts: 1,
            drill: None,
            earlier_logs: Vec::new(),
            log: log.to_owned(),
        }
    }

    #[test]
    fn records_take_a_limited_amount_of_memory() {
        let records = Records::default();
        let large = |length: usize| TriggerRecord {
            answer: Some(json!({ "claim": "x".repeat(length) })),
            ..record("")
        };
        let sender = records.push(record(""));
        for _ in 0..10 {
            records.push(large(REMEMBERED_BYTES / 8));
        }
        let kept: Vec<_> = records.since(0).iter().map(|record| record.seq).collect();
        assert_eq!(kept, [5, 6, 7, 8, 9, 10, 11]);
        // One that is forgotten stays so, and one that grows counts as what it is.
        let finished = |seq: u64, length: usize| TriggerRecord { seq, ..large(length) };
        records.finish(finished(sender, 1));
        records.finish(finished(5, 1));
        records.push(large(REMEMBERED_BYTES / 8));
        assert_eq!(records.since(0).len(), 8);
        records.finish(finished(6, REMEMBERED_BYTES / 4));
        let kept: Vec<_> = records.since(0).iter().map(|record| record.seq).collect();
        assert_eq!(kept, [7, 8, 9, 10, 11, 12]);
        records.push(large(REMEMBERED_BYTES * 2));
        assert_eq!(records.since(0).len(), 1, "the newest one stays");
        records.clear();
        records.push(record(""));
        records.push(record(""));
        assert_eq!(records.since(0).len(), 2);
    }

    #[test]
    fn only_the_last_records_keep_their_logs() {
        let records = Records::default();
        let sender = records.push(record(""));
        for _ in 0..REMEMBERED_LOGS {
            records.push(record("a log"));
            records.push(record(""));
        }
        let with_log = |records: &Records| -> Vec<u64> {
            let all = records.since(0).into_iter();
            all.filter(|record| !record.log.is_empty())
                .map(|record| record.seq)
                .collect()
        };
        assert_eq!(with_log(&records).len(), REMEMBERED_LOGS);

        // The outcome of a custom sender comes later than the records after it.
        let finished = TriggerRecord {
            seq: sender,
            ..record("another log")
        };
        records.finish(finished);
        let kept = with_log(&records);
        assert_eq!(kept.len(), REMEMBERED_LOGS);
        assert_eq!(kept.first(), Some(&sender));
        assert!(!kept.contains(&2), "the oldest log is forgotten");
        records.clear();
        assert!(records.since(0).is_empty());
    }
}
