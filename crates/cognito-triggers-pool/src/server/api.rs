//! The API of user pools: AWS JSON 1.1.

use std::sync::Arc;

use cognito_triggers_loopback::aws_json::{self, ServiceError, ServiceRequest};
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use serde_json::Value;

use super::body::{Answer, MAX_REQUEST};
use crate::operations;
use crate::service::Service;

/// The prefix of the operation's name in `X-Amz-Target`.
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";

/// Answers a call. The signature in its `Authorization` header is ignored.
///
/// Every error has status 400, with the exception in the body and in two headers, as Cognito sends them.
pub(super) async fn answer(request: Request<Incoming>, service: &Arc<Service>) -> Answer {
    aws_json::response(run(request, service).await).map(BodyExt::boxed_unsync)
}

/// Runs the operation that `X-Amz-Target` names.
async fn run(request: Request<Incoming>, service: &Arc<Service>) -> Result<Value, ServiceError> {
    let request = ServiceRequest::read(request, MAX_REQUEST).await?;
    let operation = request.target.strip_prefix(TARGET_PREFIX).ok_or_else(|| {
        let message = format!("the header X-Amz-Target must be {TARGET_PREFIX} and the name of an operation");
        ServiceError::unknown_operation(message)
    })?;
    let result = operations::serve(service, operation, &request.body).await;
    result.map_err(|error| ServiceError::new(error.class(), error.message()))
}
