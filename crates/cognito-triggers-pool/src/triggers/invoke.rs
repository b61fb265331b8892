//! Calling a function: its time, its retries, and the texts of its failures.

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_model::Route;
use serde_json::Value;
use tokio::time::Instant;

use super::hook::Hook;
use super::record::Drill;
use crate::call::Call;
use crate::error::ApiError;
use crate::functions::{Invoked, LambdaError};

/// How often Cognito calls a function that doesn't answer in time: three invocations were measured in 2020, and
/// documented until 2023. Today's documentation names no number.
const ATTEMPTS: usize = 3;

/// How much longer than the limit the pool waits for the log of a function that took too long.
const LOG_GRACE: Duration = Duration::from_millis(100);

/// How often Lambda runs a function that is invoked asynchronously and fails.
const ASYNCHRONOUS_ATTEMPTS: usize = 3;

/// Calls a function that Cognito waits for, again if it doesn't answer in time. Returns the outcome of the last attempt.
///
/// An error of the function, or a refusal by Lambda, isn't retried.
pub(super) async fn with_retries(call: &Call, hook: &Hook, event: &Value) -> Invoked {
    if let Some(drill) = call.service.drills.take(hook.route) {
        return rehearse(drill);
    }
    let mut attempt = 1;
    loop {
        let invoked = once(call, hook, event, call.service.options.deadline).await;
        match invoked.result {
            Err(LambdaError::Timeout) if attempt < ATTEMPTS => attempt += 1,
            _ => return invoked,
        }
    }
}

/// Calls a function that Cognito doesn't wait for, again if it fails. Returns the outcome of the last attempt.
///
/// A refusal by Lambda isn't retried.
pub(super) async fn asynchronously(call: &Call, hook: &Hook, event: &Value) -> Invoked {
    if let Some(drill) = call.service.drills.take(hook.route) {
        return rehearse(drill);
    }
    // Lambda itself ends a function after fifteen minutes.
    let limit = Duration::from_secs(15 * 60);
    let mut attempt = 1;
    loop {
        let invoked = once(call, hook, event, limit).await;
        match invoked.result {
            Err(LambdaError::Function(_) | LambdaError::Timeout) if attempt < ASYNCHRONOUS_ATTEMPTS => {
                attempt += 1
            }
            _ => return invoked,
        }
    }
}

/// Calls a function once, and stops waiting at the limit. A function that ends itself at the limit has a moment more, so that
/// its log isn't lost.
async fn once(call: &Call, hook: &Hook, event: &Value, limit: Duration) -> Invoked {
    let event = Bytes::from(event.to_string());
    let answer = call.service.functions.invoke_with_log(&hook.arn, event, limit);
    let timeout = |log| Invoked {
        result: Err(LambdaError::Timeout),
        cause: None,
        log,
    };
    let started = Instant::now();
    match tokio::time::timeout(limit.saturating_add(LOG_GRACE), answer).await {
        // The moment more is for the log only.
        Ok(late) if late.result.is_ok() && started.elapsed() > limit => timeout(late.log),
        Ok(invoked) => invoked,
        Err(_) => timeout(String::new()),
    }
}

/// The outcome of a function that a test has told to fail.
fn rehearse(drill: Drill) -> Invoked {
    let function = |message: &str| Err(LambdaError::Function(message.to_owned()));
    let result = match drill {
        Drill::Error { message } => Err(LambdaError::Function(message)),
        Drill::Crash => function(
            "RequestId: 00000000-0000-4000-8000-000000000000 Error: Runtime exited with error: exit status 1",
        ),
        Drill::Timeout => Err(LambdaError::Timeout),
        Drill::Throttle => Err(LambdaError::Refused("TooManyRequestsException".to_owned())),
        Drill::Forbid => Err(LambdaError::Refused("AccessDeniedException".to_owned())),
        Drill::Null => Ok(Bytes::from_static(b"null")),
        Drill::Garbage => Ok(Bytes::from_static(b"{\"hello\"")),
        Drill::WrongShape => Ok(Bytes::from_static(b"{\"Response\":{}}")),
    };
    Invoked {
        result,
        cause: None,
        log: String::new(),
    }
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
        LambdaError::NotConfigured => unexpected("ResourceNotFoundException."),
    }
}
