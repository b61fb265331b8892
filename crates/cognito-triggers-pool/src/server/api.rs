//! The API of user pools: AWS JSON 1.1.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use serde_json::{Value, json};

use super::body::{self, Answer, insert};
use crate::error::ApiError;
use crate::operations;
use crate::service::Service;

/// What the operations' names begin with in `X-Amz-Target`.
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";

/// How many characters of an error's text go into a header.
const LONGEST_HEADER: usize = 1024;

/// Answers a call. The signature in its `Authorization` header isn't looked at.
///
/// Every error is a 400 with the exception in the body and in two headers, as Cognito sends them.
pub(super) async fn answer(request: Request<Incoming>, service: &Arc<Service>) -> Answer {
    let target = request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .map(str::to_owned);
    let result = match body::read(request).await {
        Ok(body) => run(service, target.as_deref(), &body).await,
        Err(problem) => Err(ApiError::new("SerializationException", problem)),
    };
    let mut answer = match result {
        Ok(value) => body::json_answer(StatusCode::OK, &value),
        Err(error) => {
            let content = json!({ "__type": error.class(), "message": error.message() });
            let mut answer = body::json_answer(StatusCode::BAD_REQUEST, &content);
            insert(
                answer.headers_mut(),
                "x-amzn-errortype",
                &format!("{}:", error.class()),
            );
            // Clients refuse long headers; the body has the whole text.
            let text: String = error.message().chars().take(LONGEST_HEADER).collect();
            insert(answer.headers_mut(), "x-amzn-errormessage", &text);
            answer
        }
    };
    insert(answer.headers_mut(), "content-type", "application/x-amz-json-1.1");
    insert(answer.headers_mut(), "x-amzn-requestid", &service.ids.uuid());
    answer
}

/// Runs the operation that the target names.
async fn run(service: &Arc<Service>, target: Option<&str>, body: &[u8]) -> Result<Value, ApiError> {
    let operation = target
        .and_then(|target| target.strip_prefix(TARGET_PREFIX))
        .ok_or_else(|| {
            let message =
                format!("the header X-Amz-Target must be {TARGET_PREFIX} and the name of an operation");
            ApiError::new("UnknownOperationException", message)
        })?;
    operations::serve(service, operation, body).await
}
