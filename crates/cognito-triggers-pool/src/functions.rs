//! The Lambda functions of the hooks of a pool.
//!
//! A pool names its functions by ARN in `LambdaConfig`. What an ARN leads to is decided here: a closure, a
//! router in this process, a compiled binary, or an endpoint.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;

/// Runs Lambda functions.
///
/// Cognito's rules for an answer aren't checked here: the pool does that, and makes the exception of it.
///
/// ```
/// use std::time::Duration;
/// use bytes::Bytes;
/// use cognito_triggers_pool::{Functions, LambdaError};
/// use futures_util::future::BoxFuture;
///
/// /// Every function answers the event that it got.
/// struct Echo;
///
/// impl Functions for Echo {
///     fn invoke<'a>(
///         &'a self,
///         _arn: &'a str,
///         event: Bytes,
///         _limit: Duration,
///     ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
///         Box::pin(async move { Ok(event) })
///     }
/// }
/// # let _ = cognito_triggers_pool::LocalPool::builder().functions(Echo);
/// ```
pub trait Functions: Send + Sync + 'static {
    /// Sends an event to the function with this ARN and returns what it answers.
    ///
    /// `limit` is how long Cognito waits for the answer. An implementation that can tell a function that it took too
    /// long returns [`LambdaError::Timeout`]; the pool stops waiting by itself.
    ///
    /// `event` and the answer are JSON. The future is dropped when the limit is over. The pool calls it again
    /// after a timeout, up to three times in all, with the same event.
    ///
    /// # Errors
    /// The function fails, or it can't be invoked.
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>>;

    /// Does what [`invoke`](Self::invoke) does, and also returns what the function logged.
    ///
    /// The pool calls only this method. By default it calls `invoke`, and the log is empty. An implementation that knows the
    /// log overrides it.
    fn invoke_with_log<'a>(&'a self, arn: &'a str, event: Bytes, limit: Duration) -> BoxFuture<'a, Invoked> {
        Box::pin(async move {
            Invoked {
                result: self.invoke(arn, event, limit).await,
                log: String::new(),
            }
        })
    }
}

/// What came of an invocation.
#[derive(Clone, Debug)]
pub struct Invoked {
    /// The answer, or why there is none.
    pub result: Result<Bytes, LambdaError>,
    /// What the function logged, and what kept it from running. It is shown if the trigger fails.
    pub log: String,
}

/// Why a function gave no answer.
///
/// Each kind becomes another exception for the caller of the API:
///
/// | kind | exception | rows of the truth table |
/// |---|---|---|
/// | `Function` | `UserLambdaValidationException` | GEN-01, GEN-03, GEN-04 |
/// | `Timeout` | `UnexpectedLambdaException` | GEN-05 |
/// | `Refused` | `UnexpectedLambdaException` with the name in its text | GEN-06, GEN-12 |
/// | `NotConfigured` | none: the call goes on as if the pool had no function for the trigger | |
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LambdaError {
    /// The function failed: it returned an error, crashed, or ran into its own timeout. The text is the
    /// `errorMessage` of Lambda's error document.
    Function(String),
    /// No answer came within the limit.
    Timeout,
    /// Lambda refused the invocation, with the exception of this name: `AccessDeniedException`.
    Refused(String),
    /// The trigger has no function. Nothing is recorded.
    ///
    /// It is for a function that can't be asked for its triggers beforehand. A custom sender can't be taken back in this
    /// way: its failure is noted in the record, and the message isn't sent otherwise.
    NotConfigured,
}

impl fmt::Display for LambdaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(message) => write!(f, "the function failed: {message}"),
            Self::Timeout => f.write_str("the function didn't answer in time"),
            Self::Refused(exception) => write!(f, "Lambda refused the invocation: {exception}"),
            Self::NotConfigured => f.write_str("no function stands for the trigger"),
        }
    }
}

impl std::error::Error for LambdaError {}

/// A pool without functions: every invocation is refused as for a function that doesn't exist.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFunctions;

impl Functions for NoFunctions {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        _event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async { Err(LambdaError::Refused("ResourceNotFoundException".to_owned())) })
    }
}

/// All functions of the pools as one closure, which is given the ARN and the event and returns the answer.
///
/// See [`LocalPool`](crate::LocalPool) for an example.
///
/// An error of the closure is what the caller of the API reads, with a period at the end:
///
/// ```
/// # use cognito_triggers_pool::{LambdaError, LocalPool, handler_fn};
/// # use serde_json::json;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
/// let pool = LocalPool::builder()
///     .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
///     .functions(handler_fn(|_arn, _event| Err(LambdaError::Function("not today".to_owned()))))
///     .start()
///     .await?;
/// let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
/// let error = pool.call("SignUp", input).await.unwrap_err();
/// assert_eq!(error.class(), "UserLambdaValidationException");
/// assert_eq!(error.message(), "PreSignUp failed with error not today.");
/// # Ok(())
/// # }
/// ```
pub fn handler_fn<F>(handler: F) -> FunctionHandler<F>
where
    F: Fn(&str, Value) -> Result<Value, LambdaError> + Send + Sync + 'static,
{
    FunctionHandler { handler }
}

/// What [`handler_fn`] makes of a closure.
///
/// The closure is called on the thread of the call. One that waits holds up the other calls of that thread:
/// implement [`Functions`] for what takes its time.
#[derive(Clone, Copy)]
pub struct FunctionHandler<F> {
    handler: F,
}

impl<F> Functions for FunctionHandler<F>
where
    F: Fn(&str, Value) -> Result<Value, LambdaError> + Send + Sync + 'static,
{
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            let event = serde_json::from_slice(&event).unwrap_or_default();
            (self.handler)(arn, event).map(|answer| Bytes::from(answer.to_string()))
        })
    }
}

impl<F> fmt::Debug for FunctionHandler<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FunctionHandler(..)")
    }
}
