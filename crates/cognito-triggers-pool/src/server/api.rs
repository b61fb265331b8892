//! The API of user pools: AWS JSON 1.1.

use std::sync::Arc;

use cognito_triggers_loopback::aws_json::{self, ServiceError, ServiceRequest};
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderMap};
use serde_json::Value;

use super::body::{Answer, MAX_REQUEST};
use crate::error::ApiError;
use crate::operations::{self, Caller};
use crate::recording::FUNCTION_APP_ID;
use crate::service::Service;

/// The prefix of the operation's name in `X-Amz-Target`.
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";

/// Answers a call. Only the region is read from the signature in its `Authorization` header.
///
/// Every error has status 400, or 500 for `InternalErrorException`, with the exception in the body and in two headers, as Cognito sends them.
pub(super) async fn answer(request: Request<Incoming>, service: &Arc<Service>) -> Answer {
    aws_json::response(run(request, service).await).map(BodyExt::boxed_unsync)
}

/// The answer to a call that the pool itself fails: status 500, which clients retry.
pub(super) fn internal(error: &ApiError) -> Answer {
    let error = ServiceError::internal(error.class(), error.message());
    aws_json::response(Err(error)).map(BodyExt::boxed_unsync)
}

/// Runs the operation that `X-Amz-Target` names.
async fn run(request: Request<Incoming>, service: &Arc<Service>) -> Result<Value, ServiceError> {
    let caller = Caller {
        region: signed_region(request.headers()),
        is_function: is_of_function(request.headers()),
    };
    let request = ServiceRequest::read(request, MAX_REQUEST).await?;
    let operation = request.target.strip_prefix(TARGET_PREFIX).ok_or_else(|| {
        let message = format!("the header X-Amz-Target must be {TARGET_PREFIX} and the name of an operation");
        ServiceError::unknown_operation(message)
    })?;
    let result = operations::serve(service, operation, &request.body, caller).await;
    result.map_err(|error| match error.class() {
        // The only exception of the service model that is the service's fault.
        "InternalErrorException" => ServiceError::internal(error.class(), error.message()),
        class => ServiceError::new(class, error.message()),
    })
}

/// Whether a function made the call. The SDKs of AWS name the application of `AWS_SDK_UA_APP_ID` in their user agent, and a
/// function that runs here has [`FUNCTION_APP_ID`] there.
fn is_of_function(headers: &HeaderMap) -> bool {
    let agents = ["user-agent", "x-amz-user-agent"];
    let agents = agents.iter().filter_map(|name| headers.get(*name)?.to_str().ok());
    let mut words = agents.flat_map(|agent| agent.split(' '));
    words.any(|word| word.strip_prefix("app/") == Some(FUNCTION_APP_ID))
}

/// The longest region that is read. Together with the rest of a pool's id it stays below AWS's limit of 55 characters.
const MAX_REGION: usize = 40;

/// The region in the scope of a signature, `Credential=KEY/DATE/REGION/cognito-idp/aws4_request`. The signature isn't verified.
///
/// `None` for an unsigned request, or if the scope's third part isn't lower-case letters, digits and hyphens.
fn signed_region(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (_, scope) = header.split_once("Credential=")?;
    let region = scope.split([',', ' ']).next()?.split('/').nth(2)?;
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_region = (1..=MAX_REGION).contains(&region.len()) && region.bytes().all(fits);
    is_region.then(|| region.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(header: &'static str) -> Option<String> {
        let value = hyper::header::HeaderValue::from_static(header);
        signed_region(&HeaderMap::from_iter([(AUTHORIZATION, value)]))
    }

    #[test]
    fn the_region_is_the_third_part_of_the_scope() {
        let signed = "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0";
        assert_eq!(region(signed).as_deref(), Some("eu-central-1"));
        assert_eq!(
            region("AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1,Signature=0").as_deref(),
            Some("eu-central-1")
        );
    }

    #[test]
    fn other_headers_have_no_region() {
        for header in [
            "",
            "Bearer abc",
            "AWS4-HMAC-SHA256 Credential=local",
            "AWS4-HMAC-SHA256 Credential=local/20260101//cognito-idp/aws4_request",
            "AWS4-HMAC-SHA256 Credential=local/20260101/a_b/cognito-idp/aws4_request",
            "AWS4-HMAC-SHA256 Credential=local/20260101/ab-cd-ef-gh-ij-kl-mn-op-qr-st-uv-wx-yz-01-23-45/x/aws4_request",
        ] {
            assert_eq!(region(header), None, "{header}");
        }
    }
}
