//! Functions as [targets](cognito_triggers_targets): a router in this process, a compiled binary, an endpoint.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_model::arn::FunctionArn;
use cognito_triggers_targets::{Invocation, InvokeError as TargetError, Outcome, Reply, Target};
use futures_util::future::BoxFuture;

use crate::functions::{Functions, Invoked, LambdaError};

/// Runs the functions of the pools with targets.
///
/// A pool names its functions by ARN. One target can stand for all of them, or each function name has its own.
///
/// ```no_run
/// use cognito_triggers_pool::{LocalPool, TargetFunctions};
/// use cognito_triggers_targets::Process;
/// use serde_json::json;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
/// let pool = LocalPool::builder()
///     .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
///     .functions(TargetFunctions::new(Process::cargo_bin("sign-up")?))
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// Errors of a target become those of Lambda:
///
/// - The function returned an error, crashed or ran into its own timeout: [`LambdaError::Function`] with its
///   `errorMessage`.
/// - No answer came in time, or the function never became ready: [`LambdaError::Timeout`].
/// - No target stands for the function, or the target has no handler for the event: [`LambdaError::Refused`]
///   with `ResourceNotFoundException`.
/// - The target itself failed: [`LambdaError::Refused`] with `ServiceException`.
///
/// An answer that isn't JSON is passed on, and the pool refuses it as Cognito does.
#[derive(Default)]
pub struct TargetFunctions {
    /// By function name.
    named: BTreeMap<String, Box<dyn Target>>,
    /// For the functions that have no target of their own.
    all_others: Option<Box<dyn Target>>,
    /// Whether the log of an answer is waited for.
    all_logs: bool,
}

impl TargetFunctions {
    /// Runs every function with the same target.
    ///
    /// Functions that get a target of their own by [`function`](Self::function) don't use it.
    #[must_use]
    pub fn new(target: impl Target + 'static) -> Self {
        Self {
            named: BTreeMap::new(),
            all_others: Some(Box::new(target)),
            all_logs: false,
        }
    }

    /// Runs the function with this name with a target of its own. The name is the part after `:function:` in the ARN,
    /// without version or alias.
    ///
    /// If a name occurs twice, the last target wins. Functions without a target are refused, unless there is
    /// one for all others.
    ///
    /// ```no_run
    /// # use cognito_triggers_pool::TargetFunctions;
    /// # use cognito_triggers_targets::Process;
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let functions = TargetFunctions::default()
    ///     .function("sign-up", Process::cargo_bin("sign-up")?)
    ///     .function("tokens", Process::cargo_bin("tokens")?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn function(mut self, name: impl Into<String>, target: impl Target + 'static) -> Self {
        self.named.insert(name.into(), Box::new(target));
        self
    }

    /// Waits for the last lines of the log of each call, 20 ms, also if the function answered. A process writes its log and its answer to
    /// different pipes, so without this some lines of an answer may be missing.
    ///
    /// For a pool with [`Builder::all_logs`](crate::Builder::all_logs), whose example shows both.
    #[must_use]
    pub fn all_logs(mut self) -> Self {
        self.all_logs = true;
        self
    }

    /// The target of a function; `None` for a function that doesn't exist here.
    fn target(&self, arn: &str) -> Option<&dyn Target> {
        let own = FunctionArn::parse(arn).and_then(|arn| self.named.get(arn.name));
        own.or(self.all_others.as_ref()).map(|target| &**target)
    }
}

impl Functions for TargetFunctions {
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move { self.invoke_with_log(arn, event, limit).await.result })
    }

    fn invoke_with_log<'a>(&'a self, arn: &'a str, event: Bytes, limit: Duration) -> BoxFuture<'a, Invoked> {
        Box::pin(async move {
            let Some(target) = self.target(arn) else {
                return Invoked {
                    result: Err(LambdaError::Refused("ResourceNotFoundException".to_owned())),
                    cause: Some(format!("no function is known here for {arn}")),
                    error_type: None,
                    log: String::new(),
                };
            };
            let invocation = Invocation {
                event,
                timeout: limit,
            };
            let reply = target.invoke(invocation).await;
            let log = reply.log.clone();
            let invoked = Invoked::of_reply(reply).await;
            if self.all_logs && invoked.result.is_ok() {
                let log = log.complete_text().await;
                return Invoked { log, ..invoked };
            }
            invoked
        })
    }
}

impl Invoked {
    /// What Cognito gets from Lambda, the log, and an error that Lambda's exception doesn't describe as the cause.
    ///
    /// A call without an answer is waited for a moment longer, until the last lines of its log have arrived.
    pub async fn of_reply(reply: Reply) -> Self {
        let cause = match &reply.outcome {
            Outcome::InvokeError(error) if !is_described(error) => Some(error.to_string()),
            _ => None,
        };
        let error_type = match &reply.outcome {
            Outcome::FunctionError { error_type, .. } => Some(error_type.clone()),
            _ => None,
        };
        let log = match &reply.outcome {
            Outcome::Answered(_) => reply.log.text(),
            _ => reply.log.complete_text().await,
        };
        Self {
            result: LambdaError::of_outcome(&reply.outcome),
            cause,
            error_type,
            log,
        }
    }
}

/// Whether the exception that Lambda answers says what happened.
fn is_described(error: &TargetError) -> bool {
    !matches!(
        lambda_result(error),
        Err(LambdaError::Refused(_) | LambdaError::Timeout)
    )
}

impl LambdaError {
    /// What Cognito gets from Lambda after this outcome of a call.
    ///
    /// ```
    /// use cognito_triggers_pool::LambdaError;
    /// use cognito_triggers_targets::Outcome;
    ///
    /// let rejection = Outcome::FunctionError {
    ///     error_type: "Rejected".to_owned(),
    ///     message: "not invited".to_owned(),
    /// };
    /// let error = LambdaError::of_outcome(&rejection).unwrap_err();
    /// assert_eq!(error, LambdaError::Function("not invited".to_owned()));
    /// ```
    ///
    /// # Errors
    /// The function failed, or gave no answer. [`TargetFunctions`] has the list.
    pub fn of_outcome(outcome: &Outcome) -> Result<Bytes, Self> {
        match outcome {
            Outcome::Answered(answer) => Ok(Bytes::from(answer.to_string())),
            Outcome::FunctionError { message, .. } => Err(Self::Function(message.clone())),
            Outcome::InvokeError(error) => lambda_result(error),
        }
    }
}

/// What Cognito gets from Lambda if a function gave no answer.
fn lambda_result(error: &TargetError) -> Result<Bytes, LambdaError> {
    if let Some(message) = error.error_message("00000000-0000-4000-8000-000000000000") {
        return Err(LambdaError::Function(message));
    }
    match error {
        TargetError::TimedOut { .. } | TargetError::NeverReady { .. } => Err(LambdaError::Timeout),
        // Lambda passes on what the function wrote.
        TargetError::InvalidJson { start, .. } => Ok(Bytes::copy_from_slice(start.as_bytes())),
        TargetError::NoRoute { .. } => Err(LambdaError::Refused("ResourceNotFoundException".to_owned())),
        // A fault of this machine. Lambda's own is a ServiceException.
        _ => Err(LambdaError::Refused("ServiceException".to_owned())),
    }
}

impl fmt::Debug for TargetFunctions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TargetFunctions")
            .field("named", &self.named.keys())
            .field("all_others", &self.all_others.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A target that only stands for something.
    struct Named;

    impl Target for Named {
        fn invoke(&self, _: Invocation) -> BoxFuture<'_, Reply> {
            Box::pin(std::future::pending())
        }
    }

    #[test]
    fn a_target_stands_for_every_alias_and_version() {
        let functions = TargetFunctions::default().function("sign-up", Named);
        for arn in [
            "arn:aws:lambda:eu-west-1:123456789012:function:sign-up",
            "arn:aws:lambda:eu-west-1:123456789012:function:sign-up:live",
            "arn:aws-cn:lambda:cn-north-1:123456789012:function:sign-up:3",
            "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:sign-up:$LATEST",
        ] {
            assert!(functions.target(arn).is_some(), "{arn}");
        }
        for arn in [
            "sign-up",
            "123456789012:function:sign-up",
            "arn:aws:lambda:eu-west-1:123456789012:function:live:sign-up",
            "arn:aws:sns:eu-west-1:123456789012:function:sign-up",
        ] {
            assert!(functions.target(arn).is_none(), "{arn}");
        }
    }

    // Row GEN-03 of the truth table: `RequestId: <uuid> Error: Runtime exited with error: exit status 129`.
    #[test]
    fn a_crash_reads_as_lambda_writes_it() {
        let status = "exited with status 129".to_owned();
        let crash = lambda_result(&TargetError::ExitedInCall { status }).unwrap_err();
        let LambdaError::Function(message) = crash else {
            panic!("{crash:?}");
        };
        assert!(message.starts_with("RequestId: 0"), "{message}");
        assert!(
            message.ends_with(" Error: Runtime exited with error: exit status 129"),
            "{message}"
        );
    }

    #[test]
    fn an_answer_that_is_not_json_is_passed_on() {
        let garbage = TargetError::InvalidJson {
            problem: String::new(),
            start: "{\"a".to_owned(),
        };
        assert_eq!(lambda_result(&garbage).unwrap(), "{\"a".as_bytes());
    }
}
