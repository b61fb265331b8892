//! Errors of the API.

use std::fmt;

/// What a call fails with: an exception of the service model, or one of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    class: &'static str,
    message: String,
}

impl ApiError {
    pub(crate) fn new(class: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { class, message }
    }

    pub(crate) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    pub(crate) fn not_authorized(message: impl Into<String>) -> Self {
        Self::new("NotAuthorizedException", message)
    }

    pub(crate) fn resource_not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    pub(crate) fn pool_not_found(id: &str) -> Self {
        Self::resource_not_found(format!("User pool {id} does not exist."))
    }

    pub(crate) fn client_not_found(id: &str) -> Self {
        Self::resource_not_found(format!("User pool client {id} does not exist."))
    }

    /// The user that sign-in and IAM-signed operations don't find.
    pub(crate) fn user_not_found() -> Self {
        Self::new("UserNotFoundException", "User does not exist.")
    }

    /// The user that operations of an app client, except sign-in, don't find.
    pub(crate) fn combination_not_found() -> Self {
        Self::new(
            "UserNotFoundException",
            "Username/client id combination not found.",
        )
    }

    pub(crate) fn code_mismatch() -> Self {
        let message = "Invalid verification code provided, please try again.";
        Self::new("CodeMismatchException", message)
    }

    pub(crate) fn expired_code() -> Self {
        let message = "Invalid code provided, please request a code again.";
        Self::new("ExpiredCodeException", message)
    }

    pub(crate) fn limit_exceeded() -> Self {
        let message = "Attempt limit exceeded, please try after some time.";
        Self::new("LimitExceededException", message)
    }

    /// An operation, a member or a value that Cognito has and the pool hasn't.
    pub(crate) fn not_simulated(what: impl fmt::Display) -> Self {
        let message = format!("The local user pool doesn't simulate {what} yet.");
        Self::new("UnsupportedOperationException", message)
    }

    /// The name of the exception, without namespace: `NotAuthorizedException`.
    pub fn class(&self) -> &'static str {
        self.class
    }

    /// What the caller reads.
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
