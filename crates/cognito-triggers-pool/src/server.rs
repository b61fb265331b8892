//! The listener on loopback: AWS JSON 1.1.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::error::ApiError;
use crate::operations;
use crate::service::Service;

/// More than any request of the API needs.
const LONGEST_REQUEST: usize = 1024 * 1024;

/// How long a client may take to send the header of a request, or its body.
const SLOWEST_REQUEST: Duration = Duration::from_secs(30);

/// What the operations' names begin with in `X-Amz-Target`.
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";

pub(crate) type Answer = Response<Full<Bytes>>;

/// Accepts connections until the task is aborted, which ends them all.
pub(crate) async fn serve(listener: TcpListener, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: wait for some to come back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let service = service.clone();
        connections.spawn(async move {
            let answer = service_fn(|request| answer(request, &service));
            // A connection that the client breaks off needs no report.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(SLOWEST_REQUEST)
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

async fn answer(request: Request<Incoming>, service: &Arc<Service>) -> Result<Answer, Infallible> {
    let mut answer = match *request.method() {
        Method::OPTIONS => Response::new(Full::default()),
        Method::POST if request.uri().path() == "/" => api(request, service).await,
        _ => not_found(),
    };
    allow_any_origin(answer.headers_mut());
    Ok(answer)
}

async fn api(request: Request<Incoming>, service: &Arc<Service>) -> Answer {
    let target = request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .map(str::to_owned);
    let result = match read(request).await {
        Ok(body) => run(service, target.as_deref(), &body).await,
        Err(error) => Err(error),
    };
    let request_id = service.ids.uuid();
    match result {
        Ok(value) => json_answer(StatusCode::OK, &value, &request_id),
        Err(error) => {
            let body = json!({ "__type": error.class(), "message": error.message() });
            let mut answer = json_answer(StatusCode::BAD_REQUEST, &body, &request_id);
            insert(
                answer.headers_mut(),
                "x-amzn-errortype",
                &format!("{}:", error.class()),
            );
            insert(answer.headers_mut(), "x-amzn-errormessage", error.message());
            answer
        }
    }
}

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

async fn read(request: Request<Incoming>) -> Result<Bytes, ApiError> {
    let body = Limited::new(request.into_body(), LONGEST_REQUEST).collect();
    let problem = match tokio::time::timeout(SLOWEST_REQUEST, body).await {
        Ok(Ok(body)) => return Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            format!("the request is longer than {LONGEST_REQUEST} bytes")
        }
        Ok(Err(error)) => format!("the request can't be read: {error}"),
        Err(_) => "the request didn't arrive in time".to_owned(),
    };
    Err(ApiError::new("SerializationException", problem))
}

fn json_answer(status: StatusCode, body: &Value, request_id: &str) -> Answer {
    let mut answer = Response::new(Full::from(body.to_string()));
    *answer.status_mut() = status;
    insert(answer.headers_mut(), "content-type", "application/x-amz-json-1.1");
    insert(answer.headers_mut(), "x-amzn-requestid", request_id);
    answer
}

fn not_found() -> Answer {
    let body = json!({
        "__type": "UnknownOperationException",
        "message": "the API of the local user pool answers POST requests at /",
    });
    let mut answer = Response::new(Full::from(body.to_string()));
    *answer.status_mut() = StatusCode::NOT_FOUND;
    insert(answer.headers_mut(), "content-type", "application/json");
    answer
}

/// Lets pages of any origin call the API, as Cognito does.
fn allow_any_origin(headers: &mut header::HeaderMap) {
    insert(headers, "access-control-allow-origin", "*");
    insert(headers, "access-control-allow-headers", "*");
    insert(headers, "access-control-allow-methods", "GET, POST, OPTIONS");
    let exposed = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
    insert(headers, "access-control-expose-headers", exposed);
    insert(headers, "access-control-max-age", "172800");
}

/// Inserts a header. A value that a header can't carry, such as a line end, is left out: the body has it too.
fn insert(headers: &mut header::HeaderMap, name: &'static str, value: &str) {
    let value: String = value.chars().filter(|c| !c.is_control()).collect();
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
