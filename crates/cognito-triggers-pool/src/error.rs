//! Errors of the API.
//!
//! Messages are Cognito's, word for word, if they are known, because tests of applications compare them. If Cognito's
//! message isn't published, the message is ours, and a comment in the code says so.

use std::fmt;

/// The error of a call: an exception of the service model, or one of the protocol.
///
/// Over HTTP it is a response with status 400, `{"__type": class, "message": message}`, and the headers
/// `x-amzn-errortype` and `x-amzn-errormessage`. `Display` prints `CLASS: MESSAGE`.
///
/// ```
/// # use cognito_triggers_pool::LocalPool;
/// # use serde_json::json;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let pool = LocalPool::builder().start().await?;
/// let input = json!({ "UserPoolId": "us-east-1_nopool" });
/// let error = pool.call("DescribeUserPool", input).await.unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "ResourceNotFoundException: User pool us-east-1_nopool does not exist."
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    class: &'static str,
    message: String,
}

impl ApiError {
    /// `class` is the name without a namespace.
    pub(crate) fn new(class: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { class, message }
    }

    /// `InvalidParameterException`: the input breaks a rule of the service model or of the operation.
    pub(crate) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    /// `NotAuthorizedException`: a wrong password, token, session or secret hash, or a state that doesn't allow the call.
    pub(crate) fn not_authorized(message: impl Into<String>) -> Self {
        Self::new("NotAuthorizedException", message)
    }

    /// `ResourceNotFoundException`: no such pool, app client or group.
    pub(crate) fn resource_not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    /// `InternalErrorException`: the disk failed, so the call may not be kept. The message is ours.
    pub(crate) fn not_kept(failure: &str) -> Self {
        let message = format!(
            "The local user pool can't store its data, and answers no calls until it is started again: {failure}"
        );
        Self::new("InternalErrorException", message)
    }

    /// The pool that a call names doesn't exist (ST-08).
    pub(crate) fn pool_not_found(id: &str) -> Self {
        Self::resource_not_found(format!("User pool {id} does not exist."))
    }

    /// The app client that a call names doesn't exist, or isn't in the pool that the call names (SU-28, PW-20).
    pub(crate) fn client_not_found(id: &str) -> Self {
        Self::resource_not_found(format!("User pool client {id} does not exist."))
    }

    /// The user doesn't exist, for sign-in and operations that are signed with IAM credentials.
    pub(crate) fn user_not_found() -> Self {
        Self::new("UserNotFoundException", "User does not exist.")
    }

    /// The user doesn't exist, for operations of an app client except sign-in.
    pub(crate) fn combination_not_found() -> Self {
        Self::new(
            "UserNotFoundException",
            "Username/client id combination not found.",
        )
    }

    /// The code is wrong (CS-03, CF-02, VU-02).
    pub(crate) fn code_mismatch() -> Self {
        let message = "Invalid verification code provided, please try again.";
        Self::new("CodeMismatchException", message)
    }

    /// The code is too old or used, or was never sent (CS-04, CF-03, VU-03).
    pub(crate) fn expired_code() -> Self {
        let message = "Invalid code provided, please request a code again.";
        Self::new("ExpiredCodeException", message)
    }

    /// The user has no such device. Amplify compares the message.
    pub(crate) fn device_not_found() -> Self {
        Self::resource_not_found("Device does not exist.")
    }

    /// Too many calls within an hour, or too many wrong codes (RS-07, FP-10, CF-07, CP-04, GV-04).
    pub(crate) fn limit_exceeded() -> Self {
        let message = "Attempt limit exceeded, please try after some time.";
        Self::new("LimitExceededException", message)
    }

    /// Cognito has this operation, member or value, but the pool doesn't.
    ///
    /// The message begins with "The local user pool doesn't simulate", so that it can't be mistaken for Cognito's.
    pub(crate) fn not_simulated(what: impl fmt::Display) -> Self {
        let message = format!("The local user pool doesn't simulate {what} yet.");
        Self::new("UnsupportedOperationException", message)
    }

    /// The name of the exception without a namespace, such as `NotAuthorizedException`.
    pub fn class(&self) -> &'static str {
        self.class
    }

    /// The message of the exception.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)
    }
}

impl std::error::Error for ApiError {}
