//! The protocol AWS JSON 1.1 as a service sees it.
//!
//! A request names its operation in the header `X-Amz-Target`, such as `TrentService.Decrypt`, and has its input as a
//! JSON body. An error is a JSON object with `__type` and `message`. Signatures of requests are ignored.
//!
//! Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::body;

/// The number of the next request of this process, from which its id is made.
static NEXT_REQUEST: AtomicU64 = AtomicU64::new(1);

/// The characters of an error's message that go into a header. Clients refuse long headers; the body has the whole
/// message.
const MAX_HEADER: usize = 1024;

/// A request to a service.
///
/// ```
/// use cognito_triggers_loopback::aws_json::ServiceRequest;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct DescribeKey {
///     key_id: String,
/// }
///
/// let request = ServiceRequest {
///     target: "TrentService.DescribeKey".to_owned(),
///     body: r#"{"KeyId": "1234"}"#.into(),
/// };
/// assert_eq!(request.input::<DescribeKey>().unwrap().key_id, "1234");
/// assert_eq!(request.input::<u8>().unwrap_err().code(), "SerializationException");
/// ```
#[derive(Debug, Clone)]
pub struct ServiceRequest {
    /// The header `X-Amz-Target`: the service's prefix, a dot, and the name of the operation.
    pub target: String,
    /// The input as it was sent. It isn't JSON if the client is faulty.
    pub body: Bytes,
}

impl ServiceRequest {
    /// Reads a request whose body has at most `limit` bytes.
    ///
    /// ```
    /// use cognito_triggers_loopback::{aws_json::{self, ServiceError, ServiceRequest}, server::Server};
    /// use serde_json::{Value, json};
    ///
    /// fn list(request: &ServiceRequest) -> Result<Value, ServiceError> {
    ///     match request.target.as_str() {
    ///         "TrentService.ListKeys" => Ok(json!({ "Keys": [] })),
    ///         other => Err(ServiceError::unknown_operation(format!("there is no {other}"))),
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let server = Server::start(|request| async {
    ///     let request = ServiceRequest::read(request, 4096).await;
    ///     aws_json::response(request.and_then(|request| list(&request)))
    /// })
    /// .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails with `UnknownOperationException` if the header `X-Amz-Target` is missing or isn't ASCII, and with
    /// `SerializationException` if the body is too long, takes more than 30 seconds, or the connection breaks.
    pub async fn read(request: Request<Incoming>, limit: usize) -> Result<Self, ServiceError> {
        let target = request
            .headers()
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok())
            .map(str::to_owned)
            .ok_or_else(|| {
                ServiceError::unknown_operation(
                    "the header X-Amz-Target is missing; requests of AWS JSON 1.1 have it",
                )
            })?;
        let body = body::read(request, limit)
            .await
            .map_err(|error| ServiceError::serialization(error.to_string()))?;
        Ok(Self { target, body })
    }

    /// Parses the body as the input of an operation. Members that `T` doesn't have are ignored.
    ///
    /// # Errors
    /// Fails with `SerializationException` if the body isn't JSON, or if a member is missing or has another type.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, ServiceError> {
        serde_json::from_slice(&self.body).map_err(|error| ServiceError::serialization(error.to_string()))
    }
}

/// An error that a service returns to its client.
///
/// `Display` is the code, a colon and the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    code: &'static str,
    message: String,
    status: StatusCode,
}

impl ServiceError {
    /// An error that the request caused: HTTP status 400. `code` is the exception's name, such as `NotFoundException`.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            status: StatusCode::BAD_REQUEST,
        }
    }

    /// An error of the service itself: HTTP status 500.
    pub fn internal(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            ..Self::new(code, message)
        }
    }

    /// `UnknownOperationException`: the service doesn't have the operation.
    pub fn unknown_operation(message: impl Into<String>) -> Self {
        Self::new("UnknownOperationException", message)
    }

    /// `SerializationException`: the input can't be parsed.
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }

    /// The exception's name, which the wire calls `__type`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The text for the developer who called the service.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The HTTP status: 400 or 500.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ServiceError {}

/// The response to a request: the output of the operation, or the error. It carries a request id of its own.
///
/// An error is in the body and in the headers `x-amzn-errortype` and `x-amzn-errormessage`.
pub fn response(result: Result<Value, ServiceError>) -> Response<Full<Bytes>> {
    let mut headers = HeaderMap::new();
    let (status, body) = match result {
        Ok(output) => (StatusCode::OK, output),
        Err(error) => {
            insert(&mut headers, "x-amzn-errortype", &format!("{}:", error.code));
            let start: String = error.message.chars().take(MAX_HEADER).collect();
            insert(&mut headers, "x-amzn-errormessage", &start);
            let body = json!({ "__type": error.code, "message": error.message });
            (error.status, body)
        }
    };
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-amz-json-1.1"),
    );
    let number = NEXT_REQUEST.fetch_add(1, Ordering::Relaxed);
    let id = format!("00000000-0000-4000-8000-{number:012x}");
    insert(&mut headers, "x-amzn-requestid", &id);
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Adds a header, without the characters that no header can have.
fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let value: String = value.chars().filter(|c| !c.is_control()).collect();
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_in_the_body_and_in_headers() {
        let message = format!("two\nlines, é, {}", "x".repeat(2_000));
        let response = response(Err(ServiceError::new("NotFoundException", message.clone())));
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let headers = response.headers();
        assert_eq!(headers["x-amzn-errortype"], "NotFoundException:");
        let sent = headers["x-amzn-errormessage"].as_bytes();
        assert!(sent.starts_with("twolines, é, xxx".as_bytes()));
        assert_eq!(String::from_utf8_lossy(sent).chars().count(), MAX_HEADER - 1);
    }

    #[test]
    fn each_response_has_its_own_id() {
        let id = |result| response(result).headers()["x-amzn-requestid"].clone();
        assert_ne!(id(Ok(json!({}))), id(Ok(json!({}))));
    }
}
