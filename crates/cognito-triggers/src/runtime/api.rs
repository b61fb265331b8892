//! A client of Lambda's Runtime API: one HTTP/1.1 connection that is opened again when it breaks.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{error::Error as StdError, fmt, io, sync::Arc, time::Duration};

use bytes::Bytes;
use cognito_triggers_model::{answer::Answer, payload::Payload};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    client::conn::http1::{self, SendRequest},
    header::{HOST, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use lambda_runtime::{Config, Context, Diagnostic, LambdaEvent};
use tokio::net::TcpStream;

use super::environment::ApiAddress;
use crate::{error::BoxError, refusal::Refusal};

const REQUEST_ID: &str = "lambda-runtime-aws-request-id";
const DEADLINE_MS: &str = "lambda-runtime-deadline-ms";
const FUNCTION_ARN: &str = "lambda-runtime-invoked-function-arn";
const TRACE_ID: &str = "lambda-runtime-trace-id";
const CLIENT_CONTEXT: &str = "lambda-runtime-client-context";
const COGNITO_IDENTITY: &str = "lambda-runtime-cognito-identity";
const TENANT_ID: &str = "lambda-runtime-aws-tenant-id";
/// Managed Instances tell two deliveries of one request apart by it. An answer has to repeat it.
const INVOCATION_ID: &str = "lambda-runtime-invocation-id";
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

/// How long the report of a failed start may take.
const REPORT: Duration = Duration::from_secs(1);

/// One connection to the Runtime API.
pub(super) struct RuntimeApi {
    address: Arc<ApiAddress>,
    connection: Option<SendRequest<Full<Bytes>>>,
}

/// An event to answer.
pub(super) struct Invocation {
    pub(super) event: LambdaEvent<Payload>,
    invocation_id: Option<HeaderValue>,
}

/// Why a call of the Runtime API failed.
#[derive(Debug)]
pub(super) enum ApiError {
    /// Nothing listens at the address any more.
    Refused(String),
    /// The connection broke.
    Broken(BoxError),
    /// The API answered with an error.
    Status(StatusCode),
    /// An event came without the header that tells whose call it is.
    NoRequestId,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(address) => write!(f, "{address} refuses connections"),
            Self::Broken(_) => f.write_str("the connection broke"),
            Self::Status(status) => write!(f, "it answered {status}"),
            Self::NoRequestId => write!(f, "it sent an event without the header {REQUEST_ID}"),
        }
    }
}

impl StdError for ApiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Broken(error) => Some(&**error),
            _ => None,
        }
    }
}

impl RuntimeApi {
    pub(super) fn new(address: Arc<ApiAddress>) -> Self {
        Self {
            address,
            connection: None,
        }
    }

    /// Waits for the next event. `None` if the API has none and says so.
    pub(super) async fn next(&mut self, config: &Arc<Config>) -> Result<Option<Invocation>, ApiError> {
        let (status, headers, body) = self
            .send(Method::GET, "invocation/next", HeaderMap::new(), Bytes::new())
            .await?;
        match status {
            StatusCode::NO_CONTENT => return Ok(None),
            status if !status.is_success() => return Err(ApiError::Status(status)),
            _ => {}
        }
        let invocation_id = headers.get(INVOCATION_ID).cloned();
        let context = context(&headers, config).ok_or(ApiError::NoRequestId)?;
        Ok(Some(Invocation {
            event: LambdaEvent::new(Payload::from(body), context),
            invocation_id,
        }))
    }

    /// Waits until the process has been restored from a snapshot. To be called once, before the first event, where SnapStart
    /// is on.
    pub(super) async fn restored(&mut self) -> Result<(), ApiError> {
        let (status, ..) = self
            .send(Method::GET, "restore/next", HeaderMap::new(), Bytes::new())
            .await?;
        // A connection doesn't survive the snapshot.
        self.connection = None;
        if status.is_success() {
            Ok(())
        } else {
            Err(ApiError::Status(status))
        }
    }

    /// Sends the outcome of a call.
    pub(super) async fn post(
        &mut self,
        request_id: &str,
        invocation_id: Option<&HeaderValue>,
        outcome: &Outcome,
    ) -> Result<(), ApiError> {
        let mut headers = HeaderMap::new();
        if let Some(id) = invocation_id {
            headers.insert(INVOCATION_ID, id.clone());
        }
        let what = match outcome {
            Outcome::Answer(_) => "response",
            Outcome::Error(_) => {
                headers.insert(ERROR_TYPE, HeaderValue::from_static("unhandled"));
                "error"
            }
        };
        let path = format!("invocation/{request_id}/{what}");
        let (Outcome::Answer(body) | Outcome::Error(body)) = outcome;
        let (status, ..) = self.send(Method::POST, &path, headers, body.clone()).await?;
        if status.is_success() {
            Ok(())
        } else {
            Err(ApiError::Status(status))
        }
    }

    /// Tells Lambda that the function can't start. A person may read the text, so it has no reason; that one is logged.
    pub(super) async fn report_failed_start(&mut self) {
        let body = error_document("InitError", "internal error");
        let mut headers = HeaderMap::new();
        headers.insert(ERROR_TYPE, HeaderValue::from_static("Runtime.InitError"));
        let report = self.send(Method::POST, "init/error", headers, body);
        // The process ends either way; this only lets Lambda know a little earlier.
        if !matches!(tokio::time::timeout(REPORT, report).await, Ok(Ok(_))) {
            tracing::warn!("the failed start couldn't be reported to the Runtime API");
        }
    }

    /// Sends a request and receives the whole answer. A connection that was idle may have been closed, so a request that
    /// fails on one is sent once more on a new one.
    async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<(StatusCode, HeaderMap, Bytes), ApiError> {
        let uri = format!("{}/2018-06-01/runtime/{path}", self.address.base_path);
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri.parse().map_err(broken)?;
        *request.headers_mut() = headers;
        let host = HeaderValue::from_str(&self.address.authority).map_err(broken)?;
        request.headers_mut().insert(HOST, host);
        let agent = HeaderValue::from_static(concat!("cognito-triggers/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(USER_AGENT, agent);

        if let Some(connection) = self.connection.take()
            && let Ok(reply) = self.exchange(connection, request.clone()).await
        {
            return Ok(reply);
        }
        let connection = self.connect().await?;
        self.exchange(connection, request).await
    }

    async fn exchange(
        &mut self,
        mut connection: SendRequest<Full<Bytes>>,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, HeaderMap, Bytes), ApiError> {
        connection.ready().await.map_err(broken)?;
        let (parts, body) = connection
            .send_request(request)
            .await
            .map_err(broken)?
            .into_parts();
        let body = body.collect().await.map_err(broken)?.to_bytes();
        self.connection = Some(connection);
        Ok((parts.status, parts.headers, body))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, ApiError> {
        let authority = &self.address.authority;
        let stream = TcpStream::connect(authority)
            .await
            .map_err(|error| match error.kind() {
                io::ErrorKind::ConnectionRefused => ApiError::Refused(authority.clone()),
                _ => broken(error),
            })?;
        stream.set_nodelay(true).map_err(broken)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        // Whoever sends the next request hears of its end.
        tokio::spawn(async move { connection.await.ok() });
        Ok(sender)
    }
}

fn broken(error: impl Into<BoxError>) -> ApiError {
    ApiError::Broken(error.into())
}

/// What a call came to, as the body of a request.
#[derive(Clone)]
pub(super) enum Outcome {
    Answer(Bytes),
    Error(Bytes),
}

impl From<Result<Answer, Refusal>> for Outcome {
    fn from(result: Result<Answer, Refusal>) -> Self {
        match result {
            Ok(answer) => Self::Answer(answer.into()),
            Err(refusal) => {
                let document = Diagnostic::from(refusal);
                Self::Error(error_document(&document.error_type, &document.error_message))
            }
        }
    }
}

fn error_document(error_type: &str, message: &str) -> Bytes {
    let document = serde_json::json!({ "errorType": error_type, "errorMessage": message });
    document.to_string().into()
}

impl Invocation {
    pub(super) fn into_parts(self) -> (LambdaEvent<Payload>, Option<HeaderValue>) {
        (self.event, self.invocation_id)
    }
}

/// What Lambda says about a call. `None` without a request id, because nothing can be answered then.
fn context(headers: &HeaderMap, config: &Arc<Config>) -> Option<Context> {
    let text = |name| Some(headers.get(name)?.to_str().ok()?.to_owned()).filter(|text| !text.is_empty());
    let mut context = Context::default();
    context.request_id = text(REQUEST_ID)?;
    context.deadline = text(DEADLINE_MS)
        .and_then(|ms| ms.parse().ok())
        .unwrap_or_default();
    context.invoked_function_arn = text(FUNCTION_ARN).unwrap_or_default();
    context.xray_trace_id = text(TRACE_ID);
    context.client_context = text(CLIENT_CONTEXT).and_then(|json| serde_json::from_str(&json).ok());
    context.identity = text(COGNITO_IDENTITY).and_then(|json| serde_json::from_str(&json).ok());
    context.tenant_id = text(TENANT_ID);
    context.env_config = Arc::clone(config);
    Some(context)
}
