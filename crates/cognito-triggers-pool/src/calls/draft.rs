//! A call that runs: what is known of it before it ends.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::record::CallRecord;
use super::running::RunningCall;
use super::subject::Subject;
use super::trace::Traced;
use crate::clock::Timestamp;
use crate::redact::forget_passwords;
use crate::state::State;

/// The longest request or answer that is kept, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// The longest name or message that is kept, in characters.
const MAX_NAME: usize = 128;
const MAX_MESSAGE: usize = 4096;

/// A call that runs.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The name as the caller wrote it.
    operation: String,
    /// What the request says about its subject.
    subject: Subject,
    /// Whether the request is the form of an endpoint or a page, whose secrets are found by their names.
    is_form: bool,
    /// The request without passwords; `None` if it is too long to be kept.
    request: Option<Arc<str>>,
    /// The request with its passwords, if the calls are recorded.
    raw: Option<Value>,
    /// Whether a function made the call while it ran.
    by_function: bool,
    /// When the call began, by the clock of the system.
    at: Timestamp,
    /// For the duration.
    started: Instant,
}

impl Draft {
    /// A call of the API that begins now.
    pub(crate) fn of_operation(operation: &str, input: &Value) -> Self {
        Self::begin(operation, input, false)
    }

    /// Keeps the whole request too, with its passwords, until the call ends.
    pub(crate) fn for_recorder(mut self, input: &Value, by_function: bool) -> Self {
        self.raw = Some(input.clone());
        self.by_function = by_function;
        self
    }

    /// What a recorder needs of the call: the request, and whether it is of an endpoint or by a function. `None` without a
    /// recorder.
    pub(crate) fn take_raw(&mut self) -> Option<(Value, bool, bool)> {
        Some((self.raw.take()?, self.is_form, self.by_function))
    }

    /// A call of an OAuth endpoint or a page that begins now, with its parameters.
    pub(crate) fn of_endpoint(name: &str, input: &Value) -> Self {
        Self::begin(name, input, true)
    }

    /// Takes what is kept of a request, before the operation changes it.
    fn begin(operation: &str, input: &Value, is_form: bool) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            operation: shortened(operation, MAX_NAME),
            subject: Subject::of_request(input),
            is_form,
            request: kept(input),
            raw: None,
            by_function: false,
            at: Timestamp::from_millis(i64::try_from(now.as_millis()).unwrap_or_default()),
            started: Instant::now(),
        }
    }

    /// What a reader learns of the call while it runs.
    pub(super) fn running(&self) -> RunningCall {
        let shortened = |name: &Option<String>| name.as_deref().map(|name| shortened(name, MAX_NAME));
        RunningCall {
            number: 0,
            operation: self.operation.clone(),
            user_pool_id: shortened(&self.subject.user_pool_id),
            client_id: shortened(&self.subject.client_id),
            user_name: shortened(&self.subject.user_name),
            at: self.at.to_json(),
            trigger: None,
        }
    }

    /// Whom the call was about. It is looked up when the call has ended, because it may have created the user.
    pub(crate) fn subject(&self, state: &State, answer: Option<&Value>, traced: &Traced) -> Subject {
        let answer = answer.or(traced.answer.as_ref());
        self.subject
            .clone()
            .resolved(state, answer, traced.user_name.as_deref())
    }

    /// The record of the call, which has ended.
    pub(crate) fn end(
        self,
        subject: Subject,
        exception: Option<(String, String)>,
        answer: Option<&Value>,
        traced: Traced,
    ) -> CallRecord {
        let answer = answer.or(traced.answer.as_ref());
        CallRecord {
            seq: 0,
            operation: self.operation,
            user_pool_id: subject.user_pool_id,
            client_id: subject.client_id.map(|id| shortened(&id, MAX_NAME)),
            user_name: subject.user_name.map(|name| shortened(&name, MAX_NAME)),
            exception: exception.map(|(class, message)| (class, shortened(&message, MAX_MESSAGE))),
            at: self.at,
            duration: self.started.elapsed(),
            triggers: traced.triggers,
            messages: traced.messages,
            drills: traced.drills,
            is_form: self.is_form,
            request: self.request,
            answer: answer.and_then(kept),
            hides_secrets: false,
        }
    }
}

/// A body as it is kept: as text and without passwords; `None` if it is too long.
fn kept(body: &Value) -> Option<Arc<str>> {
    let mut body = body.clone();
    forget_passwords(&mut body);
    let text = body.to_string();
    (text.len() <= MAX_BODY).then(|| text.into())
}

/// The beginning of a text.
fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
