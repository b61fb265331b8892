//! A flow file from the calls of a recording.
//!
//! It is made as the console makes one from the calls that the pool remembers, so both say the same about the same calls.

use std::sync::Arc;

use serde_json::Value;

use crate::calls::CallRecord;
use crate::export;
use crate::functions::NoFunctions;
use crate::ids::Ids;
use crate::recording::{RecordedCall, RecordedTrigger, Recording, without_placeholders};
use crate::server;
use crate::service::{Options, Service};
use crate::triggers::record::TriggerRecord;

/// The flow file with the calls of one person, and what was left out of it: `{"flow": {…}, "leftOut": ["call 4: …"]}`.
///
/// `user` is the user name as the recording has it. Without one, it is the person of the first call that is about one. The flow ends
/// with the person's last call that a flow can make, and has two hundred calls at most.
///
/// ```
/// use cognito_triggers_pool::{flow_of_recording, recording::Recording};
///
/// let recording = Recording::parse(r#"{"recording":1,"endpoint":"","awsIssuer":false,"state":{"version":1,"secrets":false,"pools":{}}}"#)?;
/// let error = flow_of_recording(&recording, Some("ana")).unwrap_err();
/// assert_eq!(error, "no call of the recording is about the user ana");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Fails with a sentence if no call is about the user, none of the user's calls can be in a flow, or the state of the recording can't be
/// read.
pub fn flow_of_recording(recording: &Recording, user: Option<&str>) -> Result<Value, String> {
    let is_wanted = |call: &&RecordedCall| match user {
        Some(user) => call.user_name.as_deref() == Some(user),
        None => call.user_name.is_some() && !call.is_endpoint,
    };
    let first = recording.calls().find(is_wanted);
    let person = first.and_then(|call| Some((call.user_name.clone()?, call.user_pool_id.clone())));
    let Some((name, pool)) = person else {
        return Err(match user {
            Some(user) => format!("no call of the recording is about the user {user}"),
            None => "no call of the recording is about a user".to_owned(),
        });
    };
    let ids = Ids::new(Some(0), None).map_err(|error| error.to_string())?;
    let service = Service::new(ids, Arc::new(NoFunctions), Options::default());
    let imported = export::import(recording.header.state.to_string().as_bytes());
    let state = imported
        .map_err(|error| format!("the state of the recording: {error}"))?
        .state;
    service.write(|present| *present = state);
    let calls = recording
        .calls()
        .filter(|call| call.user_name.as_ref() == Some(&name) && call.user_pool_id == pool)
        .filter(|call| !call.by_function);
    let mut records = Vec::new();
    for call in calls {
        let mut record = CallRecord::of_recorded(call);
        record.triggers = call
            .triggers
            .iter()
            .map(|trigger| service.records.push(trigger_record(trigger)))
            .collect();
        records.push(service.calls.push(record));
    }
    let mut reason = String::new();
    for last in records.iter().rev() {
        match server::recorded_flow(&service, last) {
            Ok(flow) => return Ok(flow),
            Err(error) if reason.is_empty() => reason = error,
            Err(_) => {}
        }
    }
    Err(reason)
}

/// A trigger of a recording as the pool remembers one.
fn trigger_record(trigger: &RecordedTrigger) -> TriggerRecord {
    TriggerRecord {
        seq: 0,
        operation: "",
        trigger_source: trigger.source.clone(),
        function_arn: trigger.function.clone(),
        event: without_placeholders(&trigger.event),
        answer: trigger.answer.as_ref().map(without_placeholders),
        error: trigger.error.clone(),
        basis: trigger.basis,
        took_ms: 0,
        attempts: 1,
        drill: None,
        earlier_logs: Vec::new(),
        log: String::new(),
    }
}
