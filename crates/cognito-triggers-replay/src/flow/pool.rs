//! A model of a user pool with one user: its state, and how it calls a trigger.

use cognito_triggers_model::{
    json::Json,
    rules::{self, Finding},
    samples::{self, Sample},
};
use cognito_triggers_targets::{
    Invocation, InvokeError, Outcome, Target, api_outcome, api_outcome::exception_of,
};
use serde_json::{Map, Value, json};

use super::{
    file::{Flow, User},
    request::ApiCall,
    run::{ApiResult, Step, TriggerOutcome},
    summary::summary,
};

/// A pool, its user, and the sign-in in progress.
pub(super) struct Pool<'a> {
    target: &'a dyn Target,
    /// The current call of the app.
    call: ApiCall,
    /// The events that were sent for the current call.
    steps: Vec<Step>,
    /// `None` as long as the user name is that of the sample events.
    pub(super) user_name: Option<String>,
    /// The user's attributes, whether the user exists already or not.
    pub(super) attributes: Map<String, Value>,
    pub(super) groups: Vec<String>,
    /// `None` as long as the user doesn't exist.
    pub(super) status: Option<Status>,
    /// The results of the challenges so far, as `request.session` has them.
    pub(super) session: Vec<Value>,
    /// The challenge that waits for an answer.
    pub(super) challenge: Option<PendingChallenge>,
    /// Whether the user has a refresh token.
    pub(super) has_tokens: bool,
}

/// `cognito:user_status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Unconfirmed,
    Confirmed,
    ForceChangePassword,
    ResetRequired,
    ExternalProvider,
}

/// A challenge that waits for an answer.
#[derive(Clone, Debug)]
pub(super) enum PendingChallenge {
    /// A custom challenge, with what the function returned for it.
    Custom {
        private: Map<String, Value>,
        metadata: Value,
    },
    /// `PASSWORD_VERIFIER`.
    Password,
    /// `NEW_PASSWORD_REQUIRED`.
    NewPassword,
}

/// How a call ends. An error ends it early.
pub(super) type CallResult = Result<ApiResult, ApiResult>;

impl Status {
    /// The value of `cognito:user_status`.
    fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
        }
    }
}

impl<'a> Pool<'a> {
    /// The pool as it is before the first call of a flow.
    pub(super) fn new(flow: &Flow, target: &'a dyn Target) -> Self {
        let User {
            user_name,
            exists,
            attributes,
            groups,
            ..
        } = &flow.user;
        let mut attributes = attributes.clone();
        if attributes.is_empty() {
            attributes.insert("email".to_owned(), json!("ana@example.com"));
        }
        Self {
            target,
            call: ApiCall::default(),
            steps: Vec::new(),
            user_name: user_name.clone(),
            attributes,
            groups: groups.clone(),
            status: exists.then_some(Status::Confirmed),
            session: Vec::new(),
            challenge: None,
            has_tokens: false,
        }
    }

    /// The app makes another call.
    pub(super) fn begin(&mut self, call: ApiCall) {
        self.call = call;
    }

    /// The events that were sent since the last time this was called.
    pub(super) fn take_steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }

    /// Calls a trigger: sends its sample event with the user's state, the maps that the app sent along, and the given fields
    /// of `request`.
    ///
    /// Returns the `response`, or `None` if the pool doesn't have the trigger. A trigger with several versions is tried in
    /// each of them.
    ///
    /// # Errors
    /// Returns what the app gets if the trigger ends its call.
    pub(super) async fn trigger(
        &mut self,
        source: &str,
        request: &[(&str, Value)],
    ) -> Result<Option<Map<String, Value>>, ApiResult> {
        for sample in samples::all().filter(|sample| sample.source == source && sample.variant.is_none()) {
            let event = self.event(sample, request);
            if let Some(answer) = self.send(source, event).await? {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    /// Sends one event, and records it. Versions of one trigger that aren't routed are recorded once.
    ///
    /// # Errors
    /// Returns what the app gets if the trigger ends its call.
    pub(super) async fn send(
        &mut self,
        source: &str,
        event: Value,
    ) -> Result<Option<Map<String, Value>>, ApiResult> {
        let reply = self.target.invoke(Invocation::new(event.to_string())).await;
        let (outcome, findings, result) = judge(&event, &reply.outcome);
        let again = self
            .steps
            .last()
            .is_some_and(|last| last.source == source && last.outcome == TriggerOutcome::NotRouted);
        if again {
            self.steps.pop();
        }
        self.steps.push(Step {
            source: source.to_owned(),
            event,
            outcome,
            findings,
            duration: reply.duration,
        });
        result
    }

    /// The user name in the event that was sent last. In a migration it is what the user typed.
    pub(super) fn name_typed(&self) -> Option<String> {
        let name = self.steps.last()?.event.get("userName")?.as_str()?;
        Some(name.to_owned())
    }

    /// Removes the event that was sent last from the record.
    pub(super) fn forget_last_step(&mut self) {
        self.steps.pop();
    }

    /// The sample event with the user's state and the given fields of `request`.
    fn event(&self, sample: &Sample, request: &[(&str, Value)]) -> Value {
        let mut event: Value = serde_json::from_str(sample.json).unwrap_or_default();
        let is_machine = sample.source == "TokenGeneration_ClientCredentials";
        let own = ["UserMigration", "InboundFederation"];
        let has_own = is_machine || own.iter().any(|prefix| sample.source.starts_with(prefix));
        // The samples have different users, and a flow has one.
        let name = self.user_name.as_deref().or((!has_own).then_some(SUB));
        if let (Some(name), false) = (name, is_machine) {
            put(&mut event, "/userName", json!(name));
        }
        if !has_own {
            put(&mut event, "/request/userAttributes", self.user_attributes());
        }
        if !is_machine && !self.groups.is_empty() {
            put(
                &mut event,
                "/request/groupConfiguration/groupsToOverride",
                json!(self.groups),
            );
        }
        let metadata = self.call.metadata_fields(sample.source);
        for (field, value) in metadata.iter().chain(request) {
            if let Some(request) = event.get_mut("request").and_then(Value::as_object_mut) {
                request.insert((*field).to_owned(), value.clone());
            }
        }
        event
    }

    /// The user's attributes as an event has them: with `sub` and the status as soon as the user exists.
    fn user_attributes(&self) -> Value {
        let mut attributes = self.attributes.clone();
        if let Some(status) = self.status {
            attributes.insert("sub".to_owned(), json!(SUB));
            attributes.insert("cognito:user_status".to_owned(), json!(status.name()));
        }
        attributes.into()
    }
}

/// The user's `sub`. It is the user name too if the flow has none, as in a pool whose users sign in with an address.
const SUB: &str = "d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5";

/// Replaces a value that the event has.
fn put(event: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = event.pointer_mut(pointer) {
        *place = value;
    }
}

/// The `response` of a trigger, `None` without the trigger, or the end of the call.
type Response = Result<Option<Map<String, Value>>, ApiResult>;

/// What an outcome means: its summary, the rules that an answer breaks, and how the call goes on.
fn judge(event: &Value, outcome: &Outcome) -> (TriggerOutcome, Vec<Finding>, Response) {
    match outcome {
        Outcome::Answered(answer) => {
            let answer = answer.to_serde().unwrap_or_default();
            let findings = rules::check(event, &answer);
            let response = answer.get("response").and_then(Value::as_object).cloned();
            let told = TriggerOutcome::Answered(summary(response.as_ref()));
            let result = match exception_of(&findings) {
                Some(exception) => Err(ApiResult::Exception(exception.to_string())),
                None => Ok(Some(response.unwrap_or_default())),
            };
            (told, findings, result)
        }
        Outcome::FunctionError { error_type, .. } if error_type == "Unhandled" => {
            (TriggerOutcome::NotRouted, Vec::new(), Ok(None))
        }
        Outcome::InvokeError(InvokeError::NoRoute { .. }) => {
            (TriggerOutcome::NotRouted, Vec::new(), Ok(None))
        }
        Outcome::FunctionError { error_type, message } => {
            let told = if error_type == "Rejected" {
                TriggerOutcome::Rejected(message.clone())
            } else {
                TriggerOutcome::Failed(message.clone())
            };
            (told, Vec::new(), end_of_call(event, outcome))
        }
        Outcome::InvokeError(error) => (
            TriggerOutcome::NoAnswer(error.to_string()),
            Vec::new(),
            end_of_call(event, outcome),
        ),
    }
}

/// How the call goes on if a trigger failed. It ends, unless the trigger is a custom sender.
fn end_of_call(event: &Value, outcome: &Outcome) -> Response {
    match api_outcome(&Json::from(event), outcome, &[]) {
        Some(outcome) if outcome.is_success() => Ok(Some(Map::new())),
        Some(outcome) => Err(ApiResult::Exception(outcome.to_string())),
        None => Err(ApiResult::Unknown("the cause is this machine".to_owned())),
    }
}
