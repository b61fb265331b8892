//! A drill as a test describes it, in Rust or as JSON.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// Something that a test of an application makes go wrong: the next call of a function, message, or call of an operation.
///
/// [`LocalPool::drill`](crate::LocalPool::drill) plans it. As JSON, with names in camel case, it is the body of `POST /_dev/fail`:
/// `{"trigger": "PreSignUp", "how": "slow", "ms": 3000, "times": 2}`.
///
/// ```
/// use cognito_triggers_pool::{Drill, Fault, LocalPool, handler_fn};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
/// let pool = LocalPool::builder()
///     .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
///     .functions(handler_fn(|_arn, event| Ok(event)))
///     .start()
///     .await?;
/// pool.drill(Drill::trigger("PreSignUp", Fault::Throttle))?;
/// pool.drill(Drill::operation("SignUp", "TooManyRequestsException").times(2))?;
///
/// let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
/// for expected in [
///     "TooManyRequestsException: Rate exceeded",
///     "TooManyRequestsException: Rate exceeded",
///     "UnexpectedLambdaException: PreSignUp invocation failed due to error TooManyRequestsException.",
/// ] {
///     let error = pool.call("SignUp", input.clone()).await.unwrap_err();
///     assert_eq!(error.to_string(), expected);
/// }
/// pool.call("SignUp", input).await?;
/// assert!(pool.drills().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Drill {
    /// A key of `LambdaConfig`, or `delivery`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trigger: Option<String>,
    /// The name of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) how: Option<String>,
    /// How long a function takes, or its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ms: Option<u64>,
    /// The only source of the trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
    /// The operation that fails, or the only one whose triggers and messages do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<String>,
    /// The class of the exception of an operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exception: Option<String>,
    /// The text of a function's error, or of the exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// How often it happens; once if it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u32>,
}

impl Drill {
    /// The function of a trigger fails or is late. `key` is the trigger's key in `LambdaConfig`, such as `PreSignUp`.
    ///
    /// `PreTokenGeneration` stands for all versions.
    pub fn trigger(key: impl Into<String>, fault: Fault) -> Self {
        let how = Some(fault.how().to_owned());
        let (message, ms) = match fault {
            Fault::Error(message) => (Some(message), None),
            Fault::Slow(time) | Fault::Cold(time) => {
                (None, Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)))
            }
            _ => (None, None),
        };
        Self {
            trigger: Some(key.into()),
            how,
            ms,
            message,
            ..Self::default()
        }
    }

    /// A message can't be delivered: `CodeDeliveryFailureException`. It doesn't concern messages of custom senders.
    ///
    /// ```
    /// use cognito_triggers_pool::Drill;
    ///
    /// let drill = Drill::delivery().during("ForgotPassword");
    /// ```
    pub fn delivery() -> Self {
        Self {
            trigger: Some(DELIVERY.to_owned()),
            ..Self::default()
        }
    }

    /// An operation fails with an exception, before it stores anything or fires a trigger.
    ///
    /// The exception is one that the service model declares for the operation. The message of `LimitExceededException`,
    /// `TooManyRequestsException` and `InternalErrorException` is known; other exceptions need a [`message`](Self::message).
    pub fn operation(operation: impl Into<String>, exception: impl Into<String>) -> Self {
        Self {
            operation: Some(operation.into()),
            exception: Some(exception.into()),
            ..Self::default()
        }
    }

    /// Sets the message of the exception of an [operation](Self::operation).
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Sets how often it happens, instead of once.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only this source of the trigger, such as `TokenGeneration_RefreshTokens`.
    ///
    /// ```
    /// use cognito_triggers_pool::{Drill, Fault};
    ///
    /// let drill = Drill::trigger("PreTokenGeneration", Fault::Timeout).source("TokenGeneration_RefreshTokens");
    /// ```
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Only triggers and messages of this operation of the API, such as `ForgotPassword`.
    #[must_use]
    pub fn during(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }
}

/// The value of `trigger` for messages.
pub(super) const DELIVERY: &str = "delivery";

/// A drill that contradicts itself, or names what doesn't exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrillError(String);

impl DrillError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for DrillError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DrillError {}
