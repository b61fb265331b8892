//! Firing triggers: the event, the call of the function, the judgment of its answer, and the record of all three.
//!
//! A pool without a function for a trigger skips it. Nothing is locked while a function runs, so that it may
//! call the pool itself.

mod answer;
pub(crate) mod basis;
mod event;
mod hook;
mod invoke;
mod kept_log;
pub(crate) mod record;

use std::sync::Arc;

use serde_json::{Map, Value, json};

pub use self::basis::Basis;
pub(crate) use self::event::{CallerClient, Event};
pub(crate) use self::hook::Hook;
pub use self::hook::fires;
pub use self::record::TriggerRecord;
use self::record::millis;
use crate::call::Call;
use crate::calls::trace;
use crate::drills::Fault;
use crate::error::ApiError;
use crate::functions::LambdaError;
use crate::state::Settings;

/// Fires a trigger that Cognito waits for.
///
/// Returns the `response` of the answer, or `None` if the pool has no function for the trigger.
///
/// The record is written when the function has answered or failed. Retries after a timeout are one record.
///
/// # Errors
/// What the caller of the API gets when the function fails, can't be invoked, or answers what doesn't fit.
pub(crate) async fn fire(
    call: &Call,
    settings: &Settings,
    event: Event,
) -> Result<Option<Map<String, Value>>, ApiError> {
    let Some(hook) = Hook::find(settings, event.route) else {
        return Ok(None);
    };
    let json = event.to_json(settings, &hook);
    let started = tokio::time::Instant::now();
    let (drill, fault) = drilled(call, &event, &hook);
    trace::note_waiting(Some(event.source()));
    let attempts = invoke::with_retries(call, &hook, &json, fault).await;
    trace::note_waiting(None);
    let log = attempts.last.kept_log();
    let result = match attempts.last.result {
        Ok(bytes) => answer::judge(&json, &bytes),
        Err(LambdaError::NotConfigured) => return Ok(None),
        Err(error) => Err(invoke::error(hook.route, error)),
    };
    let mut record = new_record(call, &event, &hook, json);
    record.answer = result
        .as_ref()
        .ok()
        .map(|response| Value::Object(response.clone()));
    record.error = result.as_ref().err().map(ToString::to_string);
    record.took_ms = millis(started.elapsed());
    record.attempts = attempts.count;
    record.earlier_logs = attempts.earlier_logs;
    record.drill = drill;
    if call.service.options.keeps_log(record.error.is_some()) {
        record.log = log;
    }
    call.service.record(record);
    result.map(Some)
}

/// Fires a custom sender, for which Cognito doesn't wait. Its answer has no effect.
///
/// Returns whether the pool has such a function.
///
/// The caller of the API doesn't learn of a failure (GEN-11): it is only noted in the record. The end of the pool ends the
/// call.
pub(crate) fn fire_and_forget(call: &Call, settings: &Settings, event: Event) -> bool {
    let Some(hook) = Hook::find(settings, event.route) else {
        return false;
    };
    let json = event.to_json(settings, &hook);
    let (drill, fault) = drilled(call, &event, &hook);
    let sent = TriggerRecord {
        drill,
        ..new_record(call, &event, &hook, json.clone())
    };
    let seq = call.service.record(sent.clone());
    let service = Arc::clone(&call.service);
    let call = call.clone();
    service.spawn(async move {
        let started = tokio::time::Instant::now();
        let attempts = invoke::asynchronously(&call, &hook, &json, fault).await;
        let log = attempts.last.kept_log();
        let error = attempts.last.result.err();
        let error = error.map(|error| invoke::error(hook.route, error).to_string());
        let is_kept = call.service.options.keeps_log(error.is_some());
        call.service.finish(TriggerRecord {
            seq,
            // 0 is said of one that still runs.
            took_ms: millis(started.elapsed()).max(1),
            attempts: attempts.count,
            earlier_logs: attempts.earlier_logs,
            log: if is_kept { log } else { String::new() },
            error,
            ..sent
        });
    });
    true
}

/// The drill that waits for this call of a function: its name and its fault. The call's record names it too.
fn drilled(call: &Call, event: &Event, hook: &Hook) -> (Option<String>, Option<Fault>) {
    let used = call
        .service
        .drills
        .for_trigger(hook.route, &event.source(), call.operation);
    let Some(used) = used else {
        return (None, None);
    };
    trace::note_drill(&used.name);
    (Some(used.name), Some(used.what))
}

/// The record of a trigger that is fired, without an outcome.
///
/// A password in the event is replaced by `***`.
fn new_record(call: &Call, event: &Event, hook: &Hook, mut sent: Value) -> TriggerRecord {
    if let Some(password) = sent.pointer_mut("/request/password") {
        *password = json!("***");
    }
    let source = event.source();
    let basis = match event.is_inferred {
        true => Basis::Inferred,
        false => Basis::of(call.operation, &source),
    };
    TriggerRecord {
        seq: 0,
        operation: call.operation,
        trigger_source: source,
        function_arn: hook.arn.clone(),
        event: sent,
        answer: None,
        error: None,
        basis,
        took_ms: 0,
        attempts: 1,
        drill: None,
        earlier_logs: Vec::new(),
        log: String::new(),
    }
}
