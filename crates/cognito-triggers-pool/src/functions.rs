//! The Lambda functions behind the hooks of a pool.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;

/// Runs Lambda functions.
pub trait Functions: Send + Sync + 'static {
    /// Sends an event to the function with this ARN and returns what it answers.
    ///
    /// `limit` is how long Cognito waits for the answer. An implementation that can tell a function that it took too
    /// long returns [`InvokeError::Timeout`]; the pool stops waiting by itself.
    ///
    /// # Errors
    /// The function fails, or it can't be invoked.
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, InvokeError>>;
}

/// Why a function gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvokeError {
    /// The function failed: it returned an error, crashed, or ran into its own timeout. The text is the
    /// `errorMessage` of Lambda's error document.
    Function(String),
    /// No answer came within the limit.
    Timeout,
    /// Lambda refused the invocation, with the exception of this name: `AccessDeniedException`.
    Refused(String),
}

impl fmt::Display for InvokeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(message) => write!(f, "the function failed: {message}"),
            Self::Timeout => f.write_str("the function didn't answer in time"),
            Self::Refused(exception) => write!(f, "Lambda refused the invocation: {exception}"),
        }
    }
}

impl std::error::Error for InvokeError {}

/// A pool without functions: every invocation is refused as for a function that doesn't exist.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFunctions;

impl Functions for NoFunctions {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        _event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        Box::pin(async { Err(InvokeError::Refused("ResourceNotFoundException".to_owned())) })
    }
}

/// All functions of the pools as one closure, which is given the ARN and the event and returns the answer.
///
/// See [`LocalPool`](crate::LocalPool) for an example.
pub fn handler_fn<F>(handler: F) -> FunctionHandler<F>
where
    F: Fn(&str, Value) -> Result<Value, InvokeError> + Send + Sync + 'static,
{
    FunctionHandler { handler }
}

/// What [`handler_fn`] makes of a closure.
#[derive(Clone, Copy)]
pub struct FunctionHandler<F> {
    handler: F,
}

impl<F> Functions for FunctionHandler<F>
where
    F: Fn(&str, Value) -> Result<Value, InvokeError> + Send + Sync + 'static,
{
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
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
