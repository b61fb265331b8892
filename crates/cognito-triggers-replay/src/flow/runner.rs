//! Plays a flow against a pool in memory.

use std::{error::Error, time::Instant};

use cognito_triggers_model::Route;
use cognito_triggers_pool::{StartError, diagram::ApiResult};
use cognito_triggers_targets::Target;
use serde_json::{Value, json};

use super::{
    call::Call,
    hooks::Routed,
    ids::POOL,
    oauth,
    outcome::TriggerOutcome,
    parameters::{CLIENT_CREDENTIALS, FEDERATED_SIGN_IN},
    run::{Exchange, Run, Step},
    sandbox::Sandbox,
    script::Flow,
    sign_in::{self, Failed},
    user::FlowUser,
};

impl Flow {
    /// Plays the flow: makes its calls one after the other against a local user pool in memory, whose triggers are the target.
    ///
    /// Each run has a pool of its own, so that runs don't see each other's users. Call it within a Tokio runtime that has its
    /// timer enabled.
    ///
    /// ```
    /// # use cognito_triggers::{Router, router};
    /// use cognito_triggers_replay::{InProcess, flow::Flow};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// # let router: Router<()> = router! { pre_sign_up => async |_, _| Ok(Default::default()) };
    /// let json = r#"{"calls": [{"call": "SignUp", "expect": "success", "triggers": ["PreSignUp_SignUp"]}]}"#;
    /// let flow = Flow::parse("mine", json).expect("a flow");
    /// flow.run(&InProcess::new(router, ())).await.assert();
    /// # });
    /// ```
    ///
    /// The flow first asks the target for its routes, see the [module](super).
    #[must_use = "the run says whether every call ended as expected"]
    pub async fn run(&self, target: &dyn Target) -> Run {
        let start = Instant::now();
        let mut run = Run {
            name: self.name.clone(),
            about: self.about.clone(),
            problem: None,
            start_log: None,
            exchanges: Vec::new(),
            duration: start.elapsed(),
        };
        match Player::start(self, target).await {
            Ok(mut player) => player.play(self, &mut run).await,
            Err(problem) => run.problem = Some(problem),
        }
        run.duration = start.elapsed();
        run
    }
}

/// A flow that is being played.
struct Player<'a> {
    /// The pool and the target.
    sandbox: Sandbox<'a>,
    /// What the user and the app know.
    user: FlowUser,
}

impl<'a> Player<'a> {
    /// Starts the pool, with the user, the groups, and what federation and machines need.
    ///
    /// # Errors
    /// Fails with a sentence if Cognito would refuse one of them.
    async fn start(flow: &Flow, target: &'a dyn Target) -> Result<Self, String> {
        let user = FlowUser::new(flow);
        let stored = flow.user.exists.then(|| user.stored());
        let routed = Routed::ask(target).await;
        let mut player = Self {
            sandbox: Sandbox::start(flow, target, routed, stored).map_err(|error| refused(&error))?,
            user,
        };
        for (operation, input) in oauth::preparations(flow) {
            let created = player.sandbox.call(operation, input).await;
            created.map_err(|error| format!("{operation} of the flow's pool failed: {error}"))?;
        }
        for group in &flow.user.groups {
            let input = json!({ "UserPoolId": POOL, "GroupName": group });
            let created = player.sandbox.call("CreateGroup", input).await;
            created.map_err(|error| format!("the group `{group}` can't be created: {error}"))?;
        }
        player.join_groups().await;
        Ok(player)
    }

    /// Makes the calls in order, and adds them to the run. A failed call doesn't end the flow, because the next one may be
    /// what the user does about it. A function that can't start does: each trigger would be blamed for it.
    ///
    /// A call with `times` ends early as soon as no challenge is pending.
    async fn play(&mut self, flow: &Flow, run: &mut Run) {
        for call in &flow.calls {
            for repetition in 0..call.times {
                // A repetition answers the next challenge, so there has to be one.
                if repetition > 0 && self.user.pending.is_none() {
                    break;
                }
                let exchange = self.exchange(call).await;
                if let Some(step) = exchange.steps.iter().find(|step| step.is_failed_start) {
                    let error = match &step.outcome {
                        TriggerOutcome::NoAnswer(error) => error.clone(),
                        outcome => outcome.to_string(),
                    };
                    run.problem = Some(format!("the flow ends at {}: {error}", exchange.call));
                    run.start_log = Some(step.log.clone());
                    return;
                }
                run.exchanges.push(exchange);
            }
        }
    }

    /// Makes one call.
    ///
    /// The faults of the call apply only to this call. The exchange has the triggers of all requests that belong to the call:
    /// `InitiateAuth` with `USER_SRP_AUTH` is two requests.
    async fn exchange(&mut self, call: &Call) -> Exchange {
        self.sandbox.faults = call.fail.clone();
        let sent_before = self.sandbox.pool.messages().len();
        let answer = self.make(call).await;
        let sent = self.sandbox.pool.messages().len() > sent_before;
        let (result, tokens) = match answer {
            Ok(answer) => (ApiResult::of_answer(&call.name, &answer, sent), answer),
            Err(Failed::Api(error)) => (ApiResult::Exception(error.to_string()), Value::Null),
            Err(Failed::Flow(problem)) => (ApiResult::Unknown(problem), Value::Null),
        };
        let steps = self.sandbox.take_steps();
        let result = with_failures(result, &steps);
        self.join_groups().await;
        let mut unexpected = unexpected(call, &steps, &result);
        unexpected.extend(call.claims.differences(&tokens));
        Exchange {
            call: call.to_string(),
            unexpected,
            steps,
            result,
        }
    }

    /// Makes a call of the pool.
    ///
    /// # Errors
    /// Fails with the exception that the app gets, or with a sentence if the flow can't make the call.
    async fn make(&mut self, call: &Call) -> Result<Value, Failed> {
        let (sandbox, user) = (&mut self.sandbox, &mut self.user);
        let (input, answer) = match call.name.as_str() {
            "InitiateAuth" | "AdminInitiateAuth" => {
                (Value::Null, sign_in::initiate(sandbox, user, call).await?)
            }
            "RespondToAuthChallenge" | "AdminRespondToAuthChallenge" => {
                (Value::Null, sign_in::respond(sandbox, user, call).await?)
            }
            FEDERATED_SIGN_IN | CLIENT_CREDENTIALS => {
                let input = oauth::input(call, &user.attributes);
                (Value::Null, sandbox.call(&call.name, input).await?)
            }
            name => {
                let input = user.input(call, &sandbox.pool);
                (input.clone(), sandbox.call(name, input).await?)
            }
        };
        user.remember(call, &input, &answer, &sandbox.pool);
        Ok(answer)
    }

    /// Adds the user to the groups of the flow, as soon as there is a user.
    ///
    /// A group stays in the list until the pool accepts the user. So a user who signs up later joins too.
    async fn join_groups(&mut self) {
        let groups = self.user.groups.clone();
        for group in groups {
            let name = &self.user.user_name;
            let input = json!({ "UserPoolId": POOL, "Username": name, "GroupName": group });
            if self.sandbox.pool.call("AdminAddUserToGroup", input).await.is_ok() {
                self.user.groups.retain(|left| *left != group);
            }
        }
    }
}

/// The error of the pool and its cause.
fn refused(error: &StartError) -> String {
    let cause = error
        .source()
        .map_or_else(String::new, |cause| format!(": {cause}"));
    format!("{error}{cause}")
}

/// Corrects a result by failures that the answer of the API doesn't show.
///
/// A failure of this machine makes the result unknown. A failed custom sender turns success or a challenge into
/// [`NotSent`](ApiResult::NotSent). Every other result is unchanged.
fn with_failures(result: ApiResult, steps: &[Step]) -> ApiResult {
    let machine = steps.iter().find_map(|step| match &step.outcome {
        TriggerOutcome::NotInvoked(problem) => Some(problem),
        _ => None,
    });
    if let Some(problem) = machine {
        return ApiResult::Unknown(problem.clone());
    }
    let failed = steps
        .iter()
        .find(|step| Route::is_sender_source(&step.source) && step.outcome.is_failure());
    result.with_failed_sender(failed.map(|step| step.source.as_str()))
}

/// What differs from what the flow expects, each in a sentence for people.
///
/// Empty if the call ended as expected. Without `expect`, every failure of a trigger is unexpected.
fn unexpected(call: &Call, steps: &[Step], result: &ApiResult) -> Vec<String> {
    let mut unexpected = Vec::new();
    match &call.expect {
        Some(expected) if !expected.matches(result) => unexpected.push(format!("expected: {expected}")),
        Some(_) => {}
        None => {
            let failed = steps.iter().find(|step| step.outcome.is_failure());
            unexpected.extend(failed.map(|step| {
                format!(
                    "{} failed, and the call has no `expect`; if it should fail, write the result into `expect`",
                    step.source
                )
            }));
        }
    }
    if let Some(wanted) = &call.triggers {
        let fired = |step: &&Step| !step.is_skipped();
        let fired: Vec<_> = steps
            .iter()
            .filter(fired)
            .map(|step| step.source.as_str())
            .collect();
        let is_skipped = |source: &&str| {
            let mut skipped = steps.iter().filter(|step| step.is_skipped());
            skipped.any(|step| step.source == **source)
        };
        let expected: Vec<_> = wanted
            .iter()
            .map(String::as_str)
            .filter(|source| !is_skipped(source))
            .collect();
        if fired != expected {
            unexpected.push(format!("expected triggers: {}", listed(&expected)));
            unexpected.push(format!("fired triggers: {}", listed(&fired)));
        }
    }
    unexpected
}

/// The sources, separated by commas; `none` if there are none.
fn listed(sources: &[&str]) -> String {
    match sources {
        [] => "none".to_owned(),
        sources => sources.join(", "),
    }
}
