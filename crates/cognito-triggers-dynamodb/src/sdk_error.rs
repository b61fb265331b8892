//! Conversion of the SDK's errors.

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use cognito_triggers::once::{StoreError, StoreErrorKind};

/// Copies from the SDK's error what may be logged: the code, the status and the request id.
///
/// The SDK's error itself is dropped: it can hold a whole request, with a stored answer.
pub(crate) fn to_store_error<E>(table: &str, error: &SdkError<E>) -> StoreError
where
    E: ProvideErrorMetadata + RequestId,
{
    let (kind, what) = match error {
        SdkError::ServiceError(response) => {
            let status = response.raw().status().as_u16();
            let code = response.err().code().unwrap_or("no error code");
            let id = response.err().request_id().unwrap_or("unknown");
            let kind = kind(code, status);
            let advice = advice(kind);
            (
                kind,
                format!("answered {code} (HTTP {status}, request id {id}){advice}"),
            )
        }
        SdkError::TimeoutError(_) => (StoreErrorKind::TimedOut, "didn't answer in time".to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            (StoreErrorKind::TimedOut, "can't be reached in time".to_owned())
        }
        SdkError::DispatchFailure(_) => (StoreErrorKind::Unavailable, "can't be reached".to_owned()),
        SdkError::ResponseError(_) => (StoreErrorKind::Unavailable, "sent a malformed answer".to_owned()),
        _ => (
            StoreErrorKind::Other,
            "wasn't called: the request can't be built".to_owned(),
        ),
    };
    StoreError::new(kind, format!("DynamoDB, asked for the table `{table}`, {what}"))
}

/// Maps an error code, or else the HTTP status, to a kind.
///
/// The codes are those of
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>.
fn kind(code: &str, status: u16) -> StoreErrorKind {
    match code {
        "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "ThrottlingException"
        | "ThrottlingError"
        | "LimitExceededException" => StoreErrorKind::Throttled,
        "InternalServerError"
        | "ServiceUnavailable"
        | "ReplicatedWriteConflictException"
        | "TransactionConflictException" => StoreErrorKind::Unavailable,
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "IncompleteSignatureException"
        | "InvalidSignatureException"
        | "MissingAuthenticationTokenException"
        | "ExpiredTokenException"
        | "InvalidClientTokenId" => StoreErrorKind::Denied,
        "ResourceNotFoundException" => StoreErrorKind::Missing,
        _ if status == 429 => StoreErrorKind::Throttled,
        _ if status >= 500 => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Other,
    }
}

fn advice(kind: StoreErrorKind) -> &'static str {
    match kind {
        StoreErrorKind::Denied => {
            ": the function's role needs dynamodb:PutItem, DeleteItem and GetItem on the table"
        }
        StoreErrorKind::Missing => {
            ": create it in the function's region, with the partition key `id` of type string"
        }
        _ => "",
    }
}
