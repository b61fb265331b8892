//! Firing triggers: the event, the call of the function, the judgment of its answer, and the record of all three.

mod answer;
mod event;
mod hook;
mod invoke;
mod record;

use serde_json::{Map, Value};

pub(crate) use self::event::{CallerClient, Event};
pub(crate) use self::hook::{Hook, Trigger};
pub use self::record::{Basis, TriggerRecord};
pub(crate) use self::record::{Drill, Drills, Records};
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
    let record = record::made(call, &event, &hook, json, &result, started.elapsed());
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
        let record = record::made(&call, &event, &hook, json, &result, started.elapsed());
        call.service.records.fill(seq, record);
    });
    true
}
