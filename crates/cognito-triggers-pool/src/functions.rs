//! The Lambda functions of a pool.
//!
//! A pool names its functions by ARN in `LambdaConfig`. An implementation of [`Functions`] decides what an ARN stands for: a
//! closure, a router in this process, a compiled binary, or an endpoint.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;

/// Runs Lambda functions.
///
/// An implementation doesn't check Cognito's rules for answers: the pool checks them, and turns a violation into an exception.
///
/// ```
/// use std::time::Duration;
/// use bytes::Bytes;
/// use cognito_triggers_pool::{Functions, LambdaError};
/// use futures_util::future::BoxFuture;
///
/// /// Every function returns its event unchanged.
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
    /// Sends an event to the function with this ARN, and returns its answer.
    ///
    /// `limit` is how long Cognito waits for the answer. The pool enforces it: it drops the future when the limit has passed.
    /// An implementation that notices a timeout itself returns [`LambdaError::Timeout`].
    ///
    /// `event` and the answer are JSON. After a timeout, the pool invokes the function again with the same event, up to
    /// three times in all.
    ///
    /// # Errors
    /// Fails if the function fails or can't be invoked.
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>>;

    /// Like [`invoke`](Self::invoke), but also returns what the function logged.
    ///
    /// The pool calls only this method. The default implementation calls `invoke` and returns an empty log. Override it if
    /// you have the log.
    fn invoke_with_log<'a>(&'a self, arn: &'a str, event: Bytes, limit: Duration) -> BoxFuture<'a, Invoked> {
        Box::pin(async move {
            Invoked {
                result: self.invoke(arn, event, limit).await,
                cause: None,
                error_type: None,
                log: String::new(),
            }
        })
    }
}

/// The result of an invocation.
#[derive(Clone, Debug)]
pub struct Invoked {
    /// The answer, or why the function gave none.
    pub result: Result<Bytes, LambdaError>,
    /// A fault of this machine that kept the function from answering. It is shown above the log if the trigger fails.
    pub cause: Option<String>,
    /// `errorType` of the error that the function returned. `None` if it returned none, or its type isn't known.
    pub error_type: Option<String>,
    /// What the function logged. It is shown if the trigger fails.
    pub log: String,
}

/// Why a function gave no answer.
///
/// The caller of the API gets one of these exceptions:
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
    /// Use it if you can't know the triggers of a function before you invoke it. For a custom sender it is too late: the
    /// record shows a failure, and the message isn't sent in another way.
    NotConfigured,
}

impl fmt::Display for LambdaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(message) => write!(f, "the function failed: {message}"),
            Self::Timeout => f.write_str("the function didn't answer in time"),
            Self::Refused(exception) => write!(f, "Lambda refused the invocation: {exception}"),
            Self::NotConfigured => f.write_str("the trigger has no function"),
        }
    }
}

impl std::error::Error for LambdaError {}

/// Refuses every invocation, as Lambda does for a function that was deleted: `AccessDeniedException`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFunctions;

impl Functions for NoFunctions {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        _event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async { Err(LambdaError::Refused("AccessDeniedException".to_owned())) })
    }
}

/// Runs all functions of the pools with one closure, which gets the ARN and the event and returns the answer.
///
/// See [`LocalPool`](crate::LocalPool) for an example.
///
/// The caller of the API gets the closure's error message, with a period at the end:
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

/// The [`Functions`] that [`handler_fn`] returns.
///
/// The closure runs on the thread of the call. If it blocks, it also blocks the other calls on that thread: implement
/// [`Functions`] for slow functions.
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
