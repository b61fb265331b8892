//! Calling a function: its time, its retries, and the texts of its failures.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_model::Route;
use serde_json::Value;
use tokio::time::Instant;

use super::hook::Hook;
use crate::call::Call;
use crate::drills::{Delay, Fault};
use crate::error::ApiError;
use crate::functions::{Invoked, LambdaError};

/// How often Cognito calls a function that doesn't answer in time: three invocations were measured in 2020, and
/// documented until 2023. Today's documentation names no number. Lambda runs a function as often that is invoked asynchronously and
/// fails.
const ATTEMPTS: u32 = 3;

/// How much longer than the limit the pool waits for the log of a function that took too long.
const LOG_GRACE: Duration = Duration::from_millis(100);

/// The attempts of one event.
pub(super) struct Attempts {
    /// The outcome of the last attempt.
    pub(super) last: Invoked,
    /// How many there were.
    pub(super) count: u32,
    /// What is kept of the logs of the attempts before the last one, all of which failed, in order.
    pub(super) earlier_logs: Vec<String>,
}

/// Calls a function that Cognito waits for, again if it doesn't answer in time.
///
/// An error of the function, or a refusal by Lambda, isn't retried.
pub(super) async fn with_retries(call: &Call, hook: &Hook, event: &Value, fault: Option<Fault>) -> Attempts {
    let limit = call.service.options.deadline;
    let is_retried = |error: &LambdaError| *error == LambdaError::Timeout;
    repeat(call, hook, event, fault, limit, is_retried).await
}

/// Calls a function that Cognito doesn't wait for, again if it fails.
///
/// A refusal by Lambda isn't retried.
pub(super) async fn asynchronously(
    call: &Call,
    hook: &Hook,
    event: &Value,
    fault: Option<Fault>,
) -> Attempts {
    // Lambda itself ends a function after fifteen minutes.
    let limit = Duration::from_secs(15 * 60);
    let is_retried = |error: &LambdaError| matches!(error, LambdaError::Function(_) | LambdaError::Timeout);
    repeat(call, hook, event, fault, limit, is_retried).await
}

/// Calls a function up to three times, with the same event.
async fn repeat(
    call: &Call,
    hook: &Hook,
    event: &Value,
    fault: Option<Fault>,
    limit: Duration,
    is_retried: impl Fn(&LambdaError) -> bool,
) -> Attempts {
    let delay = match fault.map_or(Err(Delay::default()), Fault::into_result) {
        Err(delay) => delay,
        // A fault that is told stands for all attempts.
        Ok(result) => {
            let count = if result.as_ref().is_err_and(is_retried) {
                ATTEMPTS
            } else {
                1
            };
            let last = Invoked {
                result,
                cause: None,
                error_type: None,
                log: String::new(),
            };
            return Attempts {
                last,
                count,
                earlier_logs: Vec::new(),
            };
        }
    };
    let event = Bytes::from(event.to_string());
    let warm = Instant::now() + delay.start;
    let mut count = 1;
    let mut earlier_logs = Vec::new();
    loop {
        let start = if Instant::now() < warm {
            delay.start
        } else {
            Duration::ZERO
        };
        let delay = Delay { start, ..delay };
        let invoked = once(call, hook, event.clone(), limit, delay).await;
        match &invoked.result {
            Err(error) if count < ATTEMPTS && is_retried(error) => {
                count += 1;
                earlier_logs.push(invoked.kept_log());
            }
            _ => {
                return Attempts {
                    last: invoked,
                    count,
                    earlier_logs,
                };
            }
        }
    }
}

/// Calls a function once, and stops waiting at the limit. A function that ends itself at the limit has a moment more, so that
/// its log isn't lost.
async fn once(call: &Call, hook: &Hook, event: Bytes, limit: Duration, delay: Delay) -> Invoked {
    let timeout = |log| Invoked {
        result: Err(LambdaError::Timeout),
        cause: None,
        error_type: None,
        log,
    };
    let started = Instant::now();
    if delay.start >= limit {
        tokio::time::sleep(limit).await;
        run_late(call, hook, event, delay.start.saturating_sub(limit));
        return timeout(String::new());
    }
    tokio::time::sleep_until(started + delay.start).await;
    let answer = async {
        let left = limit.saturating_sub(delay.start);
        let functions = &call.service.functions;
        let invoked = functions.invoke_with_log(&hook.arn, event, left).await;
        tokio::time::sleep_until(started + delay.answer).await;
        invoked
    };
    match tokio::time::timeout_at(started + limit + LOG_GRACE, answer).await {
        // The moment more is for the log only.
        Ok(late) if started.elapsed() > limit && (late.result.is_ok() || !delay.answer.is_zero()) => {
            timeout(late.log)
        }
        Ok(invoked) => invoked,
        Err(_) => timeout(String::new()),
    }
}

/// Runs a function whose start took too long, although nobody waits for its answer any more: Lambda doesn't take the event back.
fn run_late(call: &Call, hook: &Hook, event: Bytes, after: Duration) {
    let (service, arn) = (Arc::clone(&call.service), hook.arn.clone());
    let functions = Arc::clone(&service.functions);
    let limit = service.options.deadline;
    service.spawn(async move {
        tokio::time::sleep(after).await;
        // The answer has no effect.
        let _ = functions.invoke(&arn, event, limit).await;
    });
}

/// What the caller of the API gets.
///
/// The table of errors is GEN-01 to GEN-06. A text that ends with a period gets a second one, as on AWS.
pub(super) fn error(route: Route, error: LambdaError) -> ApiError {
    let name = route.definition().error_name;
    let unexpected = |what: &str| {
        let message = format!("{name} invocation failed due to error {what}");
        ApiError::new("UnexpectedLambdaException", message)
    };
    match error {
        LambdaError::Function(message) => ApiError::new(
            "UserLambdaValidationException",
            format!("{name} failed with error {message}."),
        ),
        LambdaError::Timeout => unexpected("Socket timeout while invoking Lambda function."),
        // Only the text of the busy function was seen without a period.
        LambdaError::Refused(exception) if exception == "ResourceConflictException" => unexpected(&exception),
        LambdaError::Refused(exception) => unexpected(&format!("{exception}.")),
        LambdaError::NotConfigured => unexpected("AccessDeniedException."),
    }
}
