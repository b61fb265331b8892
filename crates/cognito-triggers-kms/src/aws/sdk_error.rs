//! Conversion of the SDK's errors.

use std::error::Error;

use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::operation::RequestId;
use aws_sdk_kms::operation::decrypt::DecryptError;

use crate::kms::{KmsError, KmsErrorKind};

/// Copies from the SDK's error what may be logged.
///
/// The SDK's error itself is dropped: it can contain a whole response, and a response contains a data key.
pub(super) fn to_kms_error(error: &SdkError<DecryptError>) -> KmsError {
    match error {
        // The SDK reports a malformed success in either of these forms.
        SdkError::ServiceError(response) if response.raw().status().is_success() => unreadable(),
        SdkError::ResponseError(_) => unreadable(),
        SdkError::ServiceError(response) => refused(response.err(), response.raw().status().as_u16()),
        SdkError::TimeoutError(_) => KmsError::new(KmsErrorKind::TimedOut, "no response within the timeout"),
        SdkError::DispatchFailure(failure) => {
            let kind = if failure.is_timeout() {
                KmsErrorKind::TimedOut
            } else {
                KmsErrorKind::Unreachable
            };
            KmsError::new(kind, error_chain(error))
        }
        _ => KmsError::new(KmsErrorKind::Other, error_chain(error)),
    }
}

fn unreadable() -> KmsError {
    KmsError::new(KmsErrorKind::Unavailable, "the response is malformed")
}

fn refused(error: &DecryptError, status: u16) -> KmsError {
    let code = error.code().unwrap_or("no error code");
    let message = match code {
        // KMS's own message can repeat the signed request, which has the session token.
        "InvalidSignatureException" | "IncompleteSignature" => "the signature doesn't match",
        // KMS's own message can repeat the invalid value, which the sender of the event chose.
        "ValidationException" => "the request is invalid",
        _ => error.message().unwrap_or("no message"),
    };
    let request_id = error.request_id().unwrap_or("unknown");
    let detail = format!("{code}: {message} (HTTP {status}, request id {request_id})");
    KmsError::new(kind(code, status), detail)
}

/// Maps an error code, or else the HTTP status, to a kind.
///
/// The codes are those of `Decrypt` and the errors common to all AWS services:
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>.
fn kind(code: &str, status: u16) -> KmsErrorKind {
    match code {
        "AccessDeniedException" | "AccessDenied" | "NotAuthorized" => KmsErrorKind::AccessDenied,
        "UnrecognizedClientException"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "IncompleteSignature"
        | "InvalidClientTokenId"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "RequestExpired" => KmsErrorKind::InvalidCredentials,
        "NotFoundException"
        | "DisabledException"
        | "KMSInvalidStateException"
        | "InvalidKeyUsageException" => KmsErrorKind::KeyUnusable,
        "IncorrectKeyException" => KmsErrorKind::IncorrectKey,
        // The ARN is valid, so an invalid request means that the message's data key or context is.
        "InvalidCiphertextException" | "ValidationException" => KmsErrorKind::InvalidCiphertext,
        "ThrottlingException" | "LimitExceededException" | "RequestLimitExceeded" | "SlowDown" => {
            KmsErrorKind::Throttled
        }
        "KMSInternalException"
        | "DependencyTimeoutException"
        | "KeyUnavailableException"
        | "ServiceUnavailable" => KmsErrorKind::Unavailable,
        _ if status == 429 => KmsErrorKind::Throttled,
        _ if status >= 500 => KmsErrorKind::Unavailable,
        _ => KmsErrorKind::Other,
    }
}

/// Joins the messages of the error and its causes in one line.
///
/// A cause that prints a structure is left out: the structure is the request, which has the encrypted data key.
fn error_chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let messages = causes
        .map(ToString::to_string)
        .filter(|message| !message.contains('{'));
    messages.fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}
