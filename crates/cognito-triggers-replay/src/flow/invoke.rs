//! Sends one event to the function, and turns the outcome into a step for the report and an answer for the pool.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use cognito_triggers::function::ErrorType;
use cognito_triggers_model::{Route, rules};
use cognito_triggers_pool::{LambdaError, diagram::summary};
use cognito_triggers_targets::{Invocation, InvokeError, Outcome, Target};
use serde_json::{Map, Value};

use super::{functions::Answer, outcome::TriggerOutcome, parameters::Fault, run::Step};

/// Sends an event to the function, unless the flow lets the trigger fail.
///
/// Returns the step for the report, and the answer for the pool. `faults` has the triggers that have to fail, by their sources.
///
/// The answer of a custom sender is always `{}`, even if the function fails. The step has the failure.
pub(super) async fn invoke(
    target: &dyn Target,
    event: Bytes,
    faults: &BTreeMap<String, Fault>,
) -> (Step, Answer) {
    let json: Value = serde_json::from_slice(&event).unwrap_or_default();
    let source = json
        .get("triggerSource")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut step = Step {
        source: source.to_owned(),
        outcome: TriggerOutcome::NotRouted,
        findings: Vec::new(),
        attempts: 1,
        is_inferred: false,
        is_otherwise: false,
        duration: Duration::ZERO,
        log: String::new(),
        is_failed_start: false,
        response: Map::new(),
        event: json,
    };
    let answer = match faults.get(&step.source).copied() {
        Some(fault) => {
            step.outcome = TriggerOutcome::ToldToFail(fault);
            told_to_fail(fault)
        }
        None => {
            let reply = target.invoke(Invocation::new(event)).await;
            step.duration = reply.duration;
            let answer = judge(&mut step, &reply.outcome);
            step.is_failed_start =
                matches!(&reply.outcome, Outcome::InvokeError(error) if is_failed_start(error));
            // The log of a skipped trigger says only that there is no route.
            if !step.is_skipped() {
                step.log = match step.is_failed_start {
                    true => reply.log.complete_text().await,
                    false => reply.log.text(),
                };
            }
            answer
        }
    };
    // Cognito ignores the answer of a custom sender. Lambda would run it again after an error, which shows nothing new.
    let answer = if Route::is_sender_source(&step.source) {
        Ok(Bytes::from_static(b"{}"))
    } else {
        answer
    };
    (step, answer)
}

/// Sets the outcome, the findings and the response of the step, and returns the answer for the pool. The findings are the
/// rules that the answer breaks.
///
/// # Errors
/// Fails with what Lambda reports to Cognito. A function without a route for the event counts as
/// [`NotConfigured`](LambdaError::NotConfigured), so the pool continues without the trigger.
fn judge(step: &mut Step, outcome: &Outcome) -> Answer {
    step.outcome = match outcome {
        Outcome::Answered(answer) => {
            let answer = answer.to_serde().unwrap_or_default();
            step.findings = rules::check(&step.event, &answer);
            let response = answer.get("response").and_then(Value::as_object);
            let summary = summary(response);
            step.response = response.cloned().unwrap_or_default();
            TriggerOutcome::Answered(summary)
        }
        Outcome::FunctionError { .. } if outcome.refusal() == Some(ErrorType::Unhandled) => {
            TriggerOutcome::NotRouted
        }
        Outcome::InvokeError(InvokeError::NoRoute { .. }) => TriggerOutcome::NotRouted,
        Outcome::FunctionError { message, .. } if outcome.refusal() == Some(ErrorType::Rejected) => {
            TriggerOutcome::Rejected(message.clone())
        }
        Outcome::FunctionError { error_type, message } => TriggerOutcome::Failed {
            error_type: error_type.clone(),
            message: message.clone(),
        },
        Outcome::InvokeError(error) if is_of_this_machine(error) => {
            TriggerOutcome::NotInvoked(error.to_string())
        }
        Outcome::InvokeError(error) => TriggerOutcome::NoAnswer(error.to_string()),
    };
    match step.outcome {
        TriggerOutcome::NotRouted => Err(LambdaError::NotConfigured),
        _ => LambdaError::of_outcome(outcome),
    }
}

/// Whether the cause is this machine, so that it is unknown what the function would have done.
///
/// Examples are a binary that doesn't start, and an endpoint that can't be reached.
fn is_of_this_machine(error: &InvokeError) -> bool {
    matches!(
        error,
        InvokeError::NotStarted { .. } | InvokeError::Unreachable { .. } | InvokeError::TooDeep { .. }
    )
}

/// Whether the function's program ran, and ended or failed before it took an event: the next trigger would fail alike.
fn is_failed_start(error: &InvokeError) -> bool {
    matches!(
        error,
        InvokeError::InitFailed { .. } | InvokeError::ExitedAtStart { .. } | InvokeError::NeverReady { .. }
    )
}

/// What Lambda returns to the pool if a function fails in this way.
///
/// For Lambda, the faults `Null`, `Garbage` and `WrongShape` are answers. Only the pool finds out that they are wrong.
fn told_to_fail(fault: Fault) -> Answer {
    let function = |message: &str| Err(LambdaError::Function(message.to_owned()));
    let refused = |exception: &str| Err(LambdaError::Refused(exception.to_owned()));
    match fault {
        Fault::Error => function("the flow lets it fail"),
        Fault::Crash => function(
            "RequestId: 00000000-0000-4000-8000-000000000000 Error: Runtime exited with error: exit status 1",
        ),
        Fault::Timeout => Err(LambdaError::Timeout),
        Fault::Throttle => refused("TooManyRequestsException"),
        Fault::Forbid => refused("AccessDeniedException"),
        Fault::Null => Ok(Bytes::from_static(b"null")),
        Fault::Garbage => Ok(Bytes::from_static(b"{\"hello\"")),
        Fault::WrongShape => Ok(Bytes::from_static(b"{\"Response\":{}}")),
    }
}
