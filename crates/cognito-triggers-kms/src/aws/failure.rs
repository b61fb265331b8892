//! From the SDK's errors to ours.

use std::error::Error;

use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::operation::RequestId;
use aws_sdk_kms::operation::decrypt::DecryptError;

use crate::{KmsError, KmsErrorKind};

/// Takes from the SDK's error what may be logged. The error itself isn't kept: it can hold a whole answer, and
/// an answer holds a data key.
pub(super) fn describe(error: &SdkError<DecryptError>) -> KmsError {
    match error {
        // A success that can't be read comes in either of these forms.
        SdkError::ServiceError(answer) if answer.raw().status().is_success() => unreadable(),
        SdkError::ResponseError(_) => unreadable(),
        SdkError::ServiceError(answer) => refused(answer.err(), answer.raw().status().as_u16()),
        SdkError::TimeoutError(_) => KmsError::new(KmsErrorKind::TimedOut, "no answer in time"),
        SdkError::DispatchFailure(failure) => {
            let kind = if failure.is_timeout() {
                KmsErrorKind::TimedOut
            } else {
                KmsErrorKind::Unreachable
            };
            KmsError::new(kind, chain(error))
        }
        _ => KmsError::new(KmsErrorKind::Other, chain(error)),
    }
}

fn unreadable() -> KmsError {
    KmsError::new(KmsErrorKind::Unavailable, "the answer can't be read")
}

fn refused(error: &DecryptError, status: u16) -> KmsError {
    let code = error.code().unwrap_or("no error code");
    let message = match code {
        // It can repeat the signed request, and that has the session token.
        "InvalidSignatureException" | "IncompleteSignature" => "the signature isn't the one that KMS expects",
        // It can repeat what it found invalid: a text of whoever made the message.
        "ValidationException" => "the request isn't valid",
        _ => error.message().unwrap_or("no message"),
    };
    let request_id = error.request_id().unwrap_or("unknown");
    let detail = format!("{code}: {message} (HTTP {status}, request id {request_id})");
    KmsError::new(kind(code, status), detail)
}

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
        | "RequestExpired" => KmsErrorKind::NoCredentials,
        "NotFoundException"
        | "DisabledException"
        | "KMSInvalidStateException"
        | "InvalidKeyUsageException" => KmsErrorKind::KeyUnusable,
        "IncorrectKeyException" => KmsErrorKind::IncorrectKey,
        // The request is made of the message's data key and context, and of an ARN that was checked.
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

/// What the error and its causes say, in one line; but none that prints a structure: it is the request, and that has the
/// encrypted data key.
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let texts = causes.map(ToString::to_string).filter(|text| !text.contains('{'));
    texts.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
