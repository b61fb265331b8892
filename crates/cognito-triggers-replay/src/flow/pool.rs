//! A model of a user pool with one user: what it knows, and how it calls a trigger.

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
    run::{ApiResult, Step, TriggerOutcome},
    summary::summary,
};

/// A pool, its one user, and the sign-in that is under way.
pub(super) struct Pool<'a> {
    target: &'a dyn Target,
    /// The events that were sent for the call at hand.
    steps: Vec<Step>,
    pub(super) user_name: Option<String>,
    /// The user's attributes, in the pool or still to be.
    pub(super) attributes: Map<String, Value>,
    pub(super) groups: Vec<String>,
    /// `None`: the pool doesn't know the user.
    pub(super) status: Option<Status>,
    pub(super) session: Vec<Value>,
    pub(super) challenge: Option<PendingChallenge>,
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

/// The challenge that waits for an answer.
#[derive(Clone, Debug)]
pub(super) enum PendingChallenge {
    Custom {
        private: Map<String, Value>,
        metadata: Value,
    },
    Password,
    NewPassword,
}

/// How a call ends before its time.
pub(super) type CallResult = Result<ApiResult, ApiResult>;

impl Status {
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

    /// The events that were sent since the last call of this.
    pub(super) fn take_steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }

    /// Calls a trigger: sends its sample event with the user's state and the given fields of `request`.
    ///
    /// `Ok(None)` if the pool hasn't the trigger; else the `response`. An error ends the app's call.
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

    /// Sends one event. A trigger that comes in several versions is tried in each; what isn't routed is noted once.
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

    /// The user's name in the event that was sent last: what was typed, in a migration.
    pub(super) fn name_typed(&self) -> Option<String> {
        let name = self.steps.last()?.event.get("userName")?.as_str()?;
        Some(name.to_owned())
    }

    pub(super) fn forget_last_step(&mut self) {
        self.steps.pop();
    }

    fn event(&self, sample: &Sample, request: &[(&str, Value)]) -> Value {
        let mut event: Value = serde_json::from_str(sample.json).unwrap_or_default();
        let is_machine = sample.source == "TokenGeneration_ClientCredentials";
        let own = ["UserMigration", "InboundFederation"];
        let has_own = is_machine || own.iter().any(|prefix| sample.source.starts_with(prefix));
        // One person through the whole flow, whatever the samples say.
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
        for (field, value) in request {
            if let Some(request) = event.get_mut("request").and_then(Value::as_object_mut) {
                request.insert((*field).to_owned(), value.clone());
            }
        }
        event
    }

    /// The user's attributes as an event has them: with `sub` and status as soon as there is a user.
    fn user_attributes(&self) -> Value {
        let mut attributes = self.attributes.clone();
        if let Some(status) = self.status {
            attributes.insert("sub".to_owned(), json!(SUB));
            attributes.insert("cognito:user_status".to_owned(), json!(status.name()));
        }
        attributes.into()
    }
}

/// The user's `sub`; the name too, where the flow gives none, as in a pool in which people sign in with an address.
const SUB: &str = "d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5";

fn put(event: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = event.pointer_mut(pointer) {
        *place = value;
    }
}

type Response = Result<Option<Map<String, Value>>, ApiResult>;

/// What becomes of an outcome: what was made of the event, which rules it breaks, and how the call goes on.
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
        Outcome::FunctionError { message, .. } => {
            let told = TriggerOutcome::Refused(message.clone());
            (told, Vec::new(), end_of_call(event, outcome))
        }
        Outcome::InvokeError(error) => (
            TriggerOutcome::Failed(error.to_string()),
            Vec::new(),
            end_of_call(event, outcome),
        ),
    }
}

/// The end of a call whose trigger failed; of a custom sender nobody sees a failure.
fn end_of_call(event: &Value, outcome: &Outcome) -> Response {
    match api_outcome(&Json::from(event), outcome, &[]) {
        Some(outcome) if outcome.is_success() => Ok(Some(Map::new())),
        Some(outcome) => Err(ApiResult::Exception(outcome.to_string())),
        None => Err(ApiResult::Unknown(
            "this trouble is one of this machine".to_owned(),
        )),
    }
}
