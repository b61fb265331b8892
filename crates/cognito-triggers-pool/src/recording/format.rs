//! The lines of a recording.

use cognito_triggers_model::Route;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::diagram::summary::summary;
use crate::error::ApiError;
use crate::messages::outbox::OutboxMessage;
use crate::triggers::basis::Basis;
use crate::triggers::record::TriggerRecord;

/// The number of the format. A version that writes another one has to read all earlier ones.
pub(super) const VERSION: u64 = 1;

/// The first line: what was served when the recording began.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Header {
    /// The number of the format.
    pub recording: u64,
    /// The URL of the pools. Empty for pools without a listener.
    pub endpoint: String,
    /// Whether tokens named AWS as their issuer.
    pub aws_issuer: bool,
    /// The length of the code that every message had. Nothing if each message had a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_code: Option<usize>,
    /// The state without secrets, as `GET /_dev/state` writes it.
    pub state: Value,
}

impl Header {
    /// The user pools, each with its settings as DescribeUserPool has them, among them `Id`, `Name` and `LambdaConfig`.
    #[must_use]
    pub fn user_pools(&self) -> Vec<Value> {
        let pools = self.state.get("pools").and_then(Value::as_object);
        let pools = pools.into_iter().flatten().map(|(id, pool)| {
            let settings = pool.get("settings").unwrap_or(&Value::Null);
            let members = settings.get("members").and_then(Value::as_object);
            let mut members = members.cloned().unwrap_or_default();
            let name = settings.get("name").cloned().unwrap_or_default();
            members.extend([
                ("Id".to_owned(), Value::from(id.as_str())),
                ("Name".to_owned(), name),
            ]);
            Value::Object(members)
        });
        pools.collect()
    }
}

/// A line after the first one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Entry {
    /// A call that ended.
    Call(Box<RecordedCall>),
    /// Something that was done to the pools without a call: `reset`, or `state` for an import of the state.
    Done(String),
}

/// A call that ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedCall {
    /// Its number, in the order in which calls ended.
    pub seq: u64,
    /// Its place in the order in which calls took effect: when a call first changed what is stored, or else when it ended. It differs
    /// from `seq` for calls that ran at the same time. Nothing in a recording without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u64>,
    /// The operation, or the name of an endpoint or page such as `OAuth /oauth2/token`.
    pub operation: String,
    /// Whether it was an OAuth endpoint or a page, and not the API.
    pub is_endpoint: bool,
    /// Whether a function made it while it ran. Then it belongs to another call.
    pub by_function: bool,
    /// The user pool, if the call names one that exists.
    pub user_pool_id: Option<String>,
    /// The app client; null for administrators.
    pub client_id: Option<String>,
    /// The user: the real user name if there is such a user.
    pub user_name: Option<String>,
    /// When it began, by the clock of its pool, in milliseconds since 1970.
    pub at: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The [drills](crate::Drill) that made something of it fail or late.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drills: Vec<String>,
    /// The input.
    pub request: Value,
    /// The answer. Null if the call failed, or it was a page.
    pub answer: Option<Value>,
    /// The exception, if the call failed.
    pub error: Option<RecordedError>,
    /// The claims of each new token in the answer, by its placeholder without braces.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub claims: Map<String, Value>,
    /// The triggers, in the order in which they were fired.
    pub triggers: Vec<RecordedTrigger>,
    /// The messages, in the order in which they were sent.
    pub messages: Vec<RecordedMessage>,
}

/// The exception that a caller got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedError {
    /// Its class, such as `NotAuthorizedException`.
    pub class: String,
    /// Its text.
    pub message: String,
}

/// A trigger that was fired.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedTrigger {
    /// `triggerSource` of the event.
    pub source: String,
    /// The ARN of the function.
    pub function: String,
    /// On what evidence the pool fired it.
    pub basis: Basis,
    /// The event.
    pub event: Value,
    /// `response` of the function's answer. Null if it failed, or is a custom sender.
    pub answer: Option<Value>,
    /// The error that the caller got because of it. Always null for a custom sender, which nobody waits for.
    pub error: Option<String>,
    /// What the answer decided, in a few words without values.
    pub effect: Option<String>,
}

/// A message that was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedMessage {
    /// The user's real name.
    pub user_name: String,
    /// `EMAIL` or `SMS`.
    pub medium: String,
    /// The address.
    pub to: String,
    /// `triggerSource` of the trigger that writes or sends it.
    pub trigger_source: String,
    /// The subject of an email.
    pub subject: Option<String>,
    /// The body. Null if a custom sender sent it.
    pub body: Option<String>,
    /// The code or the temporary password.
    pub code: String,
}

impl RecordedTrigger {
    /// The trigger with its secrets.
    #[must_use]
    pub fn of(record: &TriggerRecord) -> Self {
        // The outcome of a custom sender comes at any time after the call.
        let is_sender = Route::is_sender_source(&record.trigger_source);
        let answer = record.answer.clone().filter(|_| !is_sender);
        let response = answer.as_ref().and_then(Value::as_object);
        Self {
            source: record.trigger_source.clone(),
            function: record.function_arn.clone(),
            basis: record.basis,
            event: record.event.clone(),
            effect: response.map(|response| summary(Some(response))),
            answer,
            error: record.error.clone().filter(|_| !is_sender),
        }
    }
}

impl RecordedMessage {
    /// The message with its code.
    #[must_use]
    pub fn of(message: &OutboxMessage) -> Self {
        Self {
            user_name: message.user_name.clone(),
            medium: message.medium.to_owned(),
            to: message.to.clone(),
            trigger_source: message.trigger_source.clone(),
            subject: message.subject.clone(),
            body: message.body.clone(),
            code: message.code.clone(),
        }
    }
}

/// What a call did, with all secrets: [`LocalPool::observe`](crate::LocalPool::observe) returns it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Observed {
    /// What the caller got.
    pub result: Result<Value, ApiError>,
    /// The triggers, in the order in which they were fired.
    pub triggers: Vec<TriggerRecord>,
    /// The messages, in the order in which they were sent.
    pub messages: Vec<OutboxMessage>,
}
