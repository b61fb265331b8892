//! Writes a recording as calls end.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::claims::{claims, token_members};
use super::format::{Entry, Header, RecordedCall, RecordedError, RecordedMessage, RecordedTrigger, VERSION};
use super::names::Names;
use crate::calls::CallRecord;
use crate::export;
use crate::messages::outbox::OutboxMessage;
use crate::model;
use crate::redact::Origin;
use crate::state::State;
use crate::triggers::record::TriggerRecord;

/// What belongs to a call besides its record, with its secrets.
pub(crate) struct Raw {
    pub(crate) request: Value,
    pub(crate) answer: Option<Value>,
    /// The class and the whole message of the exception.
    pub(crate) exception: Option<(String, String)>,
    pub(crate) triggers: Vec<TriggerRecord>,
    pub(crate) messages: Vec<OutboxMessage>,
    /// When the call began, by the clock of its pool, in milliseconds.
    pub(crate) at: i64,
    pub(crate) is_endpoint: bool,
    pub(crate) by_function: bool,
    /// Its place in the order in which calls took effect.
    pub(crate) order: u64,
}

/// Writes the calls of a pool. One write failure ends the recording, and no call fails because of it.
pub(crate) struct Recorder(Mutex<Inner>);

struct Inner {
    /// `None` once a write has failed.
    writer: Option<Box<dyn Write + Send>>,
    names: Names,
}

impl Recorder {
    /// A recorder that has written nothing yet.
    pub(crate) fn new(writer: Box<dyn Write + Send>) -> Self {
        Self(Mutex::new(Inner {
            writer: Some(writer),
            names: Names::default(),
        }))
    }

    /// Writes what is served at the beginning.
    ///
    /// # Errors
    /// Fails if the line can't be written.
    pub(crate) fn begin(
        &self,
        endpoint: &str,
        aws_issuer: bool,
        fixed_code: Option<usize>,
        state: &State,
    ) -> io::Result<()> {
        let state = export::export(state, false);
        let header = Header {
            recording: VERSION,
            endpoint: endpoint.to_owned(),
            aws_issuer,
            fixed_code,
            state: serde_json::from_str(&state).unwrap_or_default(),
        };
        self.with(|inner| inner.write(&json!(header)))
    }

    /// Writes a call that has ended. Returns why that failed, once.
    pub(crate) fn call(&self, record: &Arc<CallRecord>, raw: Raw) -> Result<(), String> {
        self.write(|names| Entry::Call(Box::new(recorded(names, record, raw))))
    }

    /// Writes what was done to the pools without a call. Returns why that failed, once.
    pub(crate) fn done(&self, what: &str) -> Result<(), String> {
        self.write(|_| Entry::Done(what.to_owned()))
    }

    fn write(&self, entry: impl FnOnce(&mut Names) -> Entry) -> Result<(), String> {
        self.with(|inner| {
            if inner.writer.is_none() {
                return Ok(());
            }
            let entry = entry(&mut inner.names);
            inner.write(&json!(entry)).map_err(|error| {
                inner.writer = None;
                error.to_string()
            })
        })
    }

    fn with<T>(&self, use_inner: impl FnOnce(&mut Inner) -> T) -> T {
        use_inner(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// Writes a line in one piece, and hands it to the system.
    fn write(&mut self, line: &Value) -> io::Result<()> {
        let Some(writer) = &mut self.writer else {
            return Ok(());
        };
        writer.write_all(format!("{line}\n").as_bytes())?;
        writer.flush()
    }
}

/// Members of a request that tell the device of a person: its address, its fingerprint, and the headers of the person's own request.
const CONTEXTS: [&str; 2] = ["ContextData", "UserContextData"];

/// Writes `***` in place of each text. The pool doesn't look at such a text and no function gets it, so a player sends the `***`.
fn hide_texts(value: &mut Value) {
    match value {
        Value::String(text) => "***".clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(hide_texts),
        Value::Object(members) => members.values_mut().for_each(hide_texts),
        _ => {}
    }
}

/// The call with placeholders.
///
/// All secrets of the call are known before its first text is looked at: what a function makes a secret, the request may have sent.
/// The user, the client and the pool of the request are an exception, since a player needs them before it makes the call.
fn recorded(names: &mut Names, record: &CallRecord, raw: Raw) -> RecordedCall {
    let Raw {
        mut request,
        mut answer,
        exception,
        triggers,
        messages,
        at,
        is_endpoint,
        by_function,
        order,
    } = raw;
    let origin = if is_endpoint {
        Origin::RecordedForm
    } else {
        Origin::RecordedCall
    };
    for name in CONTEXTS {
        if let Some(context) = request.get_mut(name) {
            hide_texts(context);
        }
    }
    names.mark(origin, &mut request);
    names.keep_subject(&mut request);

    let mut triggers: Vec<_> = triggers.iter().map(RecordedTrigger::of).collect();
    let mut messages: Vec<_> = messages.iter().map(RecordedMessage::of).collect();
    for trigger in &mut triggers {
        names.mark(Origin::RecordedTrigger, &mut trigger.event);
        trigger
            .answer
            .iter_mut()
            .for_each(|answer| names.mark(Origin::RecordedTrigger, answer));
    }
    for message in &messages {
        let is_password = message.trigger_source.ends_with("AdminCreateUser");
        if !message.code.is_empty() {
            names.name(if is_password { "password" } else { "code" }, &message.code);
        }
    }
    let mut issued = Vec::new();
    if let Some(answer) = &mut answer {
        let found: Vec<_> = token_members(answer).map(|(_, token)| token.to_owned()).collect();
        names.mark(Origin::RecordedCall, answer);
        for token in found {
            if let Some(claims) = claims(&token) {
                let name = names.name("token", &token);
                issued.push((name.trim_matches(['{', '}']).to_owned(), claims));
            }
        }
    }

    names.finish(&mut request);
    answer.iter_mut().for_each(|answer| names.finish_compared(answer));
    let mut claims = Map::from_iter(issued);
    claims
        .values_mut()
        .for_each(|claims| names.finish_compared(claims));
    let compared = |names: &Names, text: &mut Option<String>| {
        *text = text.take().map(|text| names.compared(&text));
    };
    for trigger in &mut triggers {
        names.finish_compared(&mut trigger.event);
        trigger
            .answer
            .iter_mut()
            .for_each(|answer| names.finish_compared(answer));
        compared(names, &mut trigger.error);
        // It has the names of what a function answered.
        trigger.effect = trigger.effect.take().map(|effect| names.text(&effect));
    }
    for message in &mut messages {
        message.user_name = names.compared(&message.user_name);
        message.to = names.compared(&message.to);
        compared(names, &mut message.subject);
        compared(names, &mut message.body);
        message.code = match message.code.as_str() {
            "" => String::new(),
            code => names.name("code", code),
        };
    }
    RecordedCall {
        seq: record.seq,
        order: Some(order),
        // An app may send any name.
        operation: match model::is_operation(&record.operation) {
            true => record.operation.clone(),
            false => names.text(&record.operation),
        },
        is_endpoint,
        by_function,
        user_pool_id: record.user_pool_id.clone(),
        client_id: record.client_id.as_deref().map(|id| names.text(id)),
        user_name: record.user_name.as_deref().map(|name| names.text(name)),
        at,
        took_ms: u64::try_from(record.duration.as_millis()).unwrap_or(u64::MAX),
        drills: record.drills.clone(),
        request,
        answer,
        error: exception.map(|(class, message)| RecordedError {
            class,
            message: names.compared(&message),
        }),
        claims,
        triggers,
        messages,
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}
