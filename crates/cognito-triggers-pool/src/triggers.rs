//! Firing triggers: the event, the call of the function, the judgment of its answer, and the record of all three.

mod answer;
mod event;
pub(crate) mod hook;
mod invoke;
pub(crate) mod record;

use std::time::Duration;

use serde_json::{Map, Value, json};

pub(crate) use self::event::{CallerClient, Event};
pub(crate) use self::hook::{Hook, Trigger};
pub use self::record::{Basis, TriggerRecord};
use crate::call::Call;
use crate::error::ApiError;
use crate::state::Settings;

/// Fires a trigger that Cognito waits for.
///
/// Returns the `response` of the answer, or `None` if the pool has no function for the trigger.
///
/// # Errors
/// What the caller of the API gets when the function fails, can't be invoked, or answers what doesn't fit.
pub(crate) async fn fire(
    call: &Call,
    settings: &Settings,
    event: Event,
) -> Result<Option<Map<String, Value>>, ApiError> {
    let Some(hook) = Hook::find(settings, event.trigger) else {
        return Ok(None);
    };
    let json = event.to_json(settings, &hook);
    let started = tokio::time::Instant::now();
    let trigger = event.trigger;
    let result = match invoke::with_retries(call, &hook, trigger, &json).await {
        Ok(bytes) => answer::judge(&json, &bytes),
        Err(error) => Err(invoke::error(&hook.name(trigger), error)),
    };
    let record = made(call, &event, &hook, json, &result, started.elapsed());
    call.service.records.push(record);
    result.map(Some)
}

/// Fires a custom sender, for which Cognito doesn't wait. Its answer has no effect.
///
/// Returns whether the pool has such a function.
pub(crate) fn fire_and_forget(call: &Call, settings: &Settings, event: Event) -> bool {
    let Some(hook) = Hook::find(settings, event.trigger) else {
        return false;
    };
    let json = event.to_json(settings, &hook);
    // The place in the record is that of the call, however long the function takes.
    let seq = call.service.records.reserve();
    let call = call.clone();
    tokio::spawn(async move {
        let started = tokio::time::Instant::now();
        let result = invoke::asynchronously(&call, &hook, event.trigger, &json).await;
        let result = result
            .map(|_| Map::new())
            .map_err(|error| invoke::error(&hook.name(event.trigger), error));
        let record = made(&call, &event, &hook, json, &result, started.elapsed());
        call.service.records.fill(seq, record);
    });
    true
}

/// The record of a trigger that was fired.
fn made(
    call: &Call,
    event: &Event,
    hook: &Hook,
    mut sent: Value,
    result: &Result<Map<String, Value>, ApiError>,
    took: Duration,
) -> TriggerRecord {
    if let Some(password) = sent.pointer_mut("/request/password") {
        *password = json!("***");
    }
    let is_sender = matches!(
        event.trigger,
        Trigger::CustomEmailSender | Trigger::CustomSmsSender
    );
    TriggerRecord {
        seq: 0,
        operation: call.operation,
        trigger_source: event.source(),
        function_arn: hook.arn.clone(),
        event: sent,
        answer: result
            .as_ref()
            .ok()
            .filter(|_| !is_sender)
            .map(|response| Value::Object(response.clone())),
        error: result.as_ref().err().map(ToString::to_string),
        basis: event.basis,
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    }
}
