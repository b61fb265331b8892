//! The pool of a flow, in memory, with the target as its function.

use std::{collections::BTreeMap, pin::pin, time::Duration};

use bytes::Bytes;
use cognito_triggers_model::Route;
use cognito_triggers_pool::{ApiError, Basis, Builder, LocalPool, StartError};
use cognito_triggers_targets::Target;
use futures_util::{StreamExt, stream::FuturesUnordered};
use serde_json::{Map, Value, json};
use tokio::{select, sync::mpsc};

use super::{
    functions::{ChannelFunctions, Request},
    hooks::{Routed, lambda_config},
    ids::{CLIENT, POOL},
    invoke::invoke,
    oauth,
    outcome::TriggerOutcome,
    parameters::Fault,
    run::Step,
    script::Flow,
};

/// How long the pool waits for a function. The target has a shorter limit of its own.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// A pool, and the triggers that it fired.
pub(super) struct Sandbox<'a> {
    /// The function.
    pub(super) target: &'a dyn Target,
    /// The pool, with one user pool and one app client.
    pub(super) pool: LocalPool,
    /// What the function routes.
    routed: Routed,
    /// The events of the pool.
    requests: mpsc::UnboundedReceiver<Request>,
    /// The triggers that fail in the current call.
    pub(super) faults: BTreeMap<String, Fault>,
    /// The triggers that fired since [`take_steps`](Self::take_steps).
    pub(super) steps: Vec<Step>,
}

impl<'a> Sandbox<'a> {
    /// Starts the pool. `user` is the user who exists from the start, as ListUsers has one.
    ///
    /// # Errors
    /// Cognito would refuse the pool, the app client or the user.
    pub(super) fn start(
        flow: &Flow,
        target: &'a dyn Target,
        routed: Routed,
        user: Option<Value>,
    ) -> Result<Self, StartError> {
        let (sender, requests) = mpsc::unbounded_channel();
        let mut builder = builder(flow, lambda_config(flow, &routed))
            .functions(ChannelFunctions(sender))
            .deadline(LONGEST);
        if let Some(user) = user {
            builder = builder.user(POOL, user);
        }
        Ok(Self {
            target,
            routed,
            pool: builder.start_in_process()?,
            requests,
            faults: BTreeMap::new(),
            steps: Vec::new(),
        })
    }

    /// Makes a call, and invokes the target for the triggers that it fires. Returns when custom senders have
    /// answered too.
    ///
    /// # Errors
    /// What the app gets.
    pub(super) async fn call(&mut self, name: &str, input: Value) -> Result<Value, ApiError> {
        let last_seen = self.pool.events().last().map_or(0, |record| record.seq);
        let mut call = pin!(oauth::send(&self.pool, name, input));
        let mut fired = Fired::default();
        let mut running = FuturesUnordered::new();
        let mut result = None;
        loop {
            if let (Some(_), true) = (&result, running.is_empty()) {
                let records = self.pool.events();
                let mut senders = records.iter().filter(|record| {
                    record.seq > last_seen && Route::is_sender_source(&record.trigger_source)
                });
                if senders.by_ref().count() <= fired.senders() {
                    break;
                }
            }
            select! {
                biased;
                Some(request) = self.requests.recv() => {
                    let index = fired.index(&request.event);
                    running.push(serve(self.target, &self.faults, request, index));
                }
                Some((index, step)) = running.next(), if !running.is_empty() => fired.put(index, step),
                answer = &mut call, if result.is_none() => result = Some(answer),
            }
        }
        drop(running);
        let mut steps = fired.into_steps();
        for step in &mut steps {
            let is_called = !matches!(
                step.outcome,
                TriggerOutcome::NotRouted | TriggerOutcome::ToldToFail(_)
            );
            step.is_otherwise = is_called && self.routed.leaves_to_otherwise(&step.event);
        }
        let records = self.pool.events();
        let inferred = records
            .iter()
            .filter(|record| record.seq > last_seen && record.basis == Basis::Inferred);
        for record in inferred {
            let mut same = steps
                .iter_mut()
                .filter(|step| step.source == record.trigger_source && !step.is_inferred);
            if let Some(step) = same.next() {
                step.is_inferred = true;
            }
        }
        self.steps.extend(steps);
        // The loop ends only with a result.
        result.unwrap_or(Ok(Value::Null))
    }

    /// The triggers that fired since the last time this was called.
    pub(super) fn take_steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }
}

/// Invokes the target, and sends its answer to the pool.
///
/// Returns the step with its index in [`Fired`]. `faults` has the triggers that have to fail, by their sources.
async fn serve(
    target: &dyn Target,
    faults: &BTreeMap<String, Fault>,
    request: Request,
    index: usize,
) -> (usize, Step) {
    let (step, answer) = invoke(target, request.event, faults).await;
    // The pool doesn't wait for a custom sender.
    let _ = request.answer.send(answer);
    (index, step)
}

/// The triggers of one call, in the order in which they were fired.
#[derive(Default)]
struct Fired {
    /// The events, each once.
    events: Vec<Bytes>,
    /// A step for each event. `None` until the function has answered.
    steps: Vec<Option<Step>>,
}

impl Fired {
    /// The index of an event. An event that Cognito sends again after a timeout keeps its index.
    fn index(&mut self, event: &Bytes) -> usize {
        if self.events.last() != Some(event) {
            self.events.push(event.clone());
            self.steps.push(None);
        }
        self.events.len().saturating_sub(1)
    }

    /// Stores a step at its index. If there is one already, the event was sent again, and the attempts add up.
    fn put(&mut self, index: usize, mut step: Step) {
        if let Some(old) = self.steps.get_mut(index) {
            step.attempts += old.as_ref().map_or(0, |old| old.attempts);
            *old = Some(step);
        }
    }

    /// How many custom senders have answered.
    fn senders(&self) -> usize {
        let steps = self.steps.iter().flatten();
        steps.filter(|step| Route::is_sender_source(&step.source)).count()
    }

    /// The steps, in order. An event without an answer has none.
    fn into_steps(self) -> Vec<Step> {
        self.steps.into_iter().flatten().collect()
    }
}

/// The pool and its app client. The members that the flow sets win, except `LambdaConfig`, which is merged already.
///
/// The pool verifies the email address, or the phone number of a user who has no email address. It has the custom attributes
/// that the flow names, and the app client allows every sign-in except that with a choice of factors. Flows with a machine have an
/// app client for it.
fn builder(flow: &Flow, lambda_config: Value) -> Builder {
    let custom = flow.custom_attributes();
    let custom: Vec<_> = custom
        .iter()
        .filter_map(|name| name.strip_prefix("custom:"))
        .map(|name| json!({ "Name": name, "AttributeDataType": "String", "Mutable": true }))
        .collect();
    let mut pool = json!({
        "PoolName": "flow",
        "AutoVerifiedAttributes": [flow.address()],
        "Id": POOL,
    });
    if !custom.is_empty() {
        pool = with(pool, &Map::from_iter([("Schema".to_owned(), json!(custom))]));
    }
    let client = json!({
        "ClientName": "flow",
        "ExplicitAuthFlows": [
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ],
        "ClientId": CLIENT,
    });
    let client = with(client, &oauth::client_members(flow));
    let merged = Map::from_iter([("LambdaConfig".to_owned(), lambda_config)]);
    let builder = LocalPool::builder()
        .user_pool(with(with(pool, &flow.pool), &merged))
        .app_client(POOL, with(client, &flow.client));
    match oauth::machine(flow) {
        Some(machine) => builder.app_client(POOL, machine),
        None => builder,
    }
}

/// The defaults, with the members that win over them.
///
/// Members aren't merged: one that is an object replaces the whole default.
pub(super) fn with(mut defaults: Value, members: &Map<String, Value>) -> Value {
    if let Value::Object(defaults) = &mut defaults {
        defaults.extend(members.clone());
    }
    defaults
}
