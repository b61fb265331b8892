//! The record of a call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::clock::Timestamp;
use crate::recording::{RecordedCall, without_placeholders};
use crate::redact::{redact_call, redact_form};

/// A call of the API, of an OAuth endpoint or of a page.
///
/// It is serialized with camel-case names, as `GET /_dev/calls` answers it: without the request and the answer, which
/// `GET /_dev/calls/SEQ` adds. `Debug` prints it without secrets.
///
/// ```
/// use cognito_triggers_pool::{Activity, LocalPool};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = LocalPool::builder().start().await?;
/// let mut activities = pool.activities();
/// let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
/// pool.call("SignUp", input).await?;
///
/// let Some(Activity::Call(call)) = activities.next().await else {
///     return Err("no call was reported".into());
/// };
/// assert_eq!(call.user_name.as_deref(), Some("ana"));
/// let request = call.request().ok_or("it was too long")?;
/// assert_eq!(request["Username"], "ana");
/// assert_eq!(request["Password"], "***");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallRecord {
    /// Its number, from 1 on, in the order in which calls end. Numbers go on after a reset.
    pub seq: u64,
    /// The name of the operation, as the request has it, at most 128 characters of it.
    ///
    /// If the call failed because of an unknown name, it is that name. Calls of OAuth endpoints and pages have names such as
    /// `OAuth /oauth2/token`.
    pub operation: String,
    /// The user pool; `None` if the call names none that exists, or isn't about one.
    pub user_pool_id: Option<String>,
    /// The app client; `None` for administrators.
    pub client_id: Option<String>,
    /// The user: the real user name if there is such a user, otherwise what the caller wrote. `None` if the call isn't about
    /// a user.
    pub user_name: Option<String>,
    /// The class and the message of the exception that the caller got; `None` for success.
    ///
    /// The class has no namespace, as in `NotAuthorizedException`.
    #[serde(rename = "error", serialize_with = "serialize_exception")]
    pub exception: Option<(String, String)>,
    /// When the call began, by the clock of the system.
    #[serde(serialize_with = "serialize_time")]
    pub at: Timestamp,
    /// How long the call took.
    ///
    /// It includes the functions that the call waited for. It is measured with the system's clock, so moving the clock of
    /// the pools doesn't change it.
    #[serde(rename = "tookMs", serialize_with = "serialize_millis")]
    pub duration: Duration,
    /// The [numbers](crate::TriggerRecord::seq) of the triggers that the call fired, in order.
    pub triggers: Vec<u64>,
    /// The [numbers](crate::OutboxMessage::seq) of the messages that the call sent, in order.
    pub messages: Vec<u64>,
    /// The [drills](crate::Drill) that made something of the call fail or late, such as `PreSignUp: timeout`, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drills: Vec<String>,
    /// Whether the request is a form.
    #[serde(skip)]
    pub(super) is_form: bool,
    /// The request as JSON, without passwords.
    #[serde(skip)]
    pub(super) request: Option<Arc<str>>,
    /// The answer as JSON, without passwords.
    #[serde(skip)]
    pub(super) answer: Option<Arc<str>>,
    /// Whether whoever reads the request and the answer gets `***` in place of secrets. They are replaced only then, because most
    /// are never read.
    #[serde(skip)]
    pub(super) hides_secrets: bool,
}

impl CallRecord {
    /// The input of the call. Passwords read `***`.
    ///
    /// `None` if it was longer than 64 KiB.
    pub fn request(&self) -> Option<Value> {
        self.read(
            self.request.as_deref(),
            if self.is_form { redact_form } else { redact_call },
        )
    }

    /// The answer of the call. Passwords read `***`.
    ///
    /// `None` if the call failed, the answer was longer than 64 KiB, or it was a page.
    pub fn answer(&self) -> Option<Value> {
        self.read(self.answer.as_deref(), redact_call)
    }

    fn read(&self, text: Option<&str>, hide: fn(&mut Value)) -> Option<Value> {
        let mut value = serde_json::from_str(text?).ok()?;
        if self.hides_secrets {
            hide(&mut value);
        }
        Some(value)
    }

    /// The record with `***` in place of every secret in the request and in the answer.
    ///
    /// Secrets are passwords, codes, tokens, sessions, secrets of app clients and answers to challenges, and what an app
    /// sends under names that sound like one, as for [`TriggerRecord::redacted`](crate::TriggerRecord::redacted). Attributes
    /// and the message of the exception aren't replaced.
    #[must_use]
    pub fn redacted(&self) -> Self {
        Self {
            hides_secrets: true,
            ..self.clone()
        }
    }

    /// A call of a recording, as far as a record has it. Secrets read `***`.
    pub(crate) fn of_recorded(call: &RecordedCall) -> Self {
        let kept = |value: &Value| Some(without_placeholders(value).to_string().into());
        Self {
            seq: call.seq,
            operation: call.operation.clone(),
            user_pool_id: call.user_pool_id.clone(),
            client_id: call.client_id.clone(),
            user_name: call.user_name.clone(),
            exception: call
                .error
                .as_ref()
                .map(|error| (error.class.clone(), error.message.clone())),
            at: Timestamp::from_millis(call.at),
            duration: Duration::from_millis(call.took_ms),
            drills: call.drills.clone(),
            triggers: Vec::new(),
            messages: (1..).take(call.messages.len()).collect(),
            is_form: call.is_endpoint,
            request: kept(&call.request),
            answer: call.answer.as_ref().and_then(kept),
            hides_secrets: false,
        }
    }

    /// The record as JSON with the request and the answer; each is null if it isn't known.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let record = serde_json::to_value(self).unwrap_or_default();
        let mut members = match record {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        members.insert("request".to_owned(), json!(self.request()));
        members.insert("answer".to_owned(), json!(self.answer()));
        members
    }

    /// How much memory the record needs, roughly, in bytes.
    pub(super) fn size(&self) -> usize {
        let texts = [&self.request, &self.answer];
        let texts: usize = texts.into_iter().flatten().map(|text| text.len()).sum();
        let message = self.exception.as_ref().map_or(0, |(_, message)| message.len());
        size_of::<Self>() + texts + message + 16 * (self.triggers.len() + self.messages.len())
    }
}

fn serialize_exception<S: Serializer>(
    exception: &Option<(String, String)>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let exception = exception.as_ref();
    exception
        .map(|(class, message)| json!({ "class": class, "message": message }))
        .serialize(serializer)
}

fn serialize_time<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    at.to_json().serialize(serializer)
}

fn serialize_millis<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    u64::try_from(duration.as_millis())
        .unwrap_or(u64::MAX)
        .serialize(serializer)
}

impl fmt::Debug for CallRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redacted = self.redacted();
        f.debug_struct("CallRecord")
            .field("seq", &self.seq)
            .field("operation", &self.operation)
            .field("user_pool_id", &self.user_pool_id)
            .field("user_name", &self.user_name)
            .field("exception", &self.exception)
            .field("duration", &self.duration)
            .field("triggers", &self.triggers)
            .field("drills", &self.drills)
            .field("request", &redacted.request().as_ref().map(Value::to_string))
            .field("answer", &redacted.answer().as_ref().map(Value::to_string))
            .finish_non_exhaustive()
    }
}
