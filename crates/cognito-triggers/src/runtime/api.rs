//! A client of Lambda's Runtime API: one HTTP/1.1 connection that is opened again when it breaks.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{error::Error as StdError, fmt, io, io::Write, sync::Arc, time::Duration};

use cognito_triggers_model::{answer::Answer, payload::Payload};
use lambda_runtime::{Config, Context, Diagnostic, LambdaEvent};
use tokio::net::TcpStream;

use super::{
    environment::ApiAddress,
    http::{Connection, Reply},
};
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

/// The header with the name of this library, as it is sent.
const USER_AGENT: &str = concat!("user-agent: cognito-triggers/", env!("CARGO_PKG_VERSION"), "\r\n");

/// How long the report of a failed start may take.
const REPORT: Duration = Duration::from_secs(1);

/// One connection to the Runtime API.
///
/// Several workers have one each. A request that is dropped before its reply is there takes its connection with it, so a
/// late reply is never taken for that of another request.
pub(super) struct RuntimeApi {
    address: Arc<ApiAddress>,
    connection: Option<Connection<TcpStream>>,
    /// The head of the request, kept for its allocation.
    head: Vec<u8>,
}

/// An event to answer.
pub(super) struct Invocation {
    pub(super) event: LambdaEvent<Payload>,
    invocation_id: Option<String>,
}

/// Why a call of the Runtime API failed.
#[derive(Debug)]
pub(super) enum ApiError {
    /// Nothing listens at the address any more.
    Refused(String),
    /// The connection broke.
    Broken(BoxError),
    /// The API answered with an error.
    Status(u16),
    /// An event came without the header that tells whose call it is, or with one that is no part of a URL.
    NoRequestId,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(address) => write!(f, "{address} refuses connections"),
            Self::Broken(_) => f.write_str("the connection broke"),
            Self::Status(status) => write!(f, "it answered {status}"),
            Self::NoRequestId => write!(f, "it sent an event without a usable header {REQUEST_ID}"),
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
            head: Vec::new(),
        }
    }

    /// Waits for the next event. `None` if the API has none and says so.
    pub(super) async fn next(&mut self, config: &Arc<Config>) -> Result<Option<Invocation>, ApiError> {
        let reply = self.get("invocation/next").await?;
        match reply.status {
            204 => return Ok(None),
            status if !is_success(status) => return Err(ApiError::Status(status)),
            _ => {}
        }
        let (context, invocation_id) = context(&reply, config).ok_or(ApiError::NoRequestId)?;
        Ok(Some(Invocation {
            event: LambdaEvent::new(Payload::from(reply.body), context),
            invocation_id,
        }))
    }

    /// Waits until the process has been restored from a snapshot. To be called once, before the first event, where SnapStart
    /// is on.
    pub(super) async fn restored(&mut self) -> Result<(), ApiError> {
        let reply = self.get("restore/next").await?;
        // A connection doesn't survive the snapshot.
        self.connection = None;
        success(reply.status)
    }

    /// Sends the outcome of a call. `meanwhile` runs once the outcome has been sent, and before the API's reply is awaited.
    pub(super) async fn post(
        &mut self,
        request_id: &str,
        invocation_id: Option<&str>,
        outcome: &Outcome,
        meanwhile: impl FnMut(),
    ) -> Result<(), ApiError> {
        let (what, body, error_type) = match outcome {
            Outcome::Answer(answer) => ("response", answer.as_bytes(), None),
            Outcome::Error(document) => ("error", document.as_slice(), Some((ERROR_TYPE, "unhandled"))),
        };
        let headers = [invocation_id.map(|id| (INVOCATION_ID, id)), error_type];
        self.write_head(
            "POST",
            format_args!("invocation/{request_id}/{what}"),
            headers,
            body.len(),
        )?;
        let reply = self.send(body, meanwhile).await?;
        success(reply.status)
    }

    /// Tells Lambda that the function can't start. The user may read the text, so it has no reason; that one is logged.
    pub(super) async fn report_failed_start(&mut self) {
        let document = error_document("InitError", "internal error");
        let headers = [Some((ERROR_TYPE, "Runtime.InitError")), None];
        let report = async {
            self.write_head("POST", format_args!("init/error"), headers, document.len())?;
            self.send(&document, || ()).await
        };
        // The process ends either way; this only lets Lambda know a little earlier.
        if !matches!(tokio::time::timeout(REPORT, report).await, Ok(Ok(_))) {
            tracing::warn!("the failed start couldn't be reported to the Runtime API");
        }
    }

    /// Sends a request without a body. The path is relative to `/2018-06-01/runtime/`.
    async fn get(&mut self, path: &str) -> Result<Reply, ApiError> {
        self.write_head("GET", format_args!("{path}"), [None; 2], 0)?;
        self.send(&[], || ()).await
    }

    /// Writes the head of the next request. The path is relative to `/2018-06-01/runtime/`.
    fn write_head(
        &mut self,
        method: &str,
        path: fmt::Arguments<'_>,
        headers: [Option<(&str, &str)>; 2],
        length: usize,
    ) -> Result<(), ApiError> {
        let (head, address) = (&mut self.head, &self.address);
        let mut write = || {
            head.clear();
            write!(
                head,
                "{method} {}/2018-06-01/runtime/{path} HTTP/1.1\r\nhost: {}\r\n{USER_AGENT}",
                address.base_path, address.authority,
            )?;
            for (name, value) in headers.iter().flatten() {
                write!(head, "{name}: {value}\r\n")?;
            }
            write!(head, "content-length: {length}\r\n\r\n")
        };
        write().map_err(broken)
    }

    /// Sends a request whose head is written, and receives the whole reply. A connection that was idle may have been
    /// closed, so a request that fails on one is sent once more on a new one.
    async fn send(&mut self, body: &[u8], mut meanwhile: impl FnMut()) -> Result<Reply, ApiError> {
        if let Some(connection) = self.connection.take()
            && let Ok(reply) = self.exchange(connection, body, &mut meanwhile).await
        {
            return Ok(reply);
        }
        let connection = self.connect().await?;
        self.exchange(connection, body, &mut meanwhile).await
    }

    /// Sends the request on this connection and receives the reply. The connection is kept for the next request if it can be.
    async fn exchange(
        &mut self,
        mut connection: Connection<TcpStream>,
        body: &[u8],
        meanwhile: &mut impl FnMut(),
    ) -> Result<Reply, ApiError> {
        let sent = connection.send(&self.head, body).await;
        meanwhile();
        // The API may refuse a long body before it has received all of it, so a reply counts although the sending failed.
        let reply = match (connection.receive().await, sent) {
            (Ok(reply), Ok(())) if reply.is_reusable => {
                self.connection = Some(connection);
                reply
            }
            (Ok(reply), _) => reply,
            (Err(_), Err(error)) | (Err(error), Ok(())) => return Err(broken(error)),
        };
        Ok(reply)
    }

    /// Opens a connection. The API is on the same machine, so a connection that is refused will be refused again.
    async fn connect(&self) -> Result<Connection<TcpStream>, ApiError> {
        let authority = &self.address.authority;
        let stream = TcpStream::connect(authority)
            .await
            .map_err(|error| match error.kind() {
                io::ErrorKind::ConnectionRefused => ApiError::Refused(authority.clone()),
                _ => broken(error),
            })?;
        stream.set_nodelay(true).map_err(broken)?;
        Ok(Connection::new(stream))
    }
}

/// Whether a status says that the request was taken.
fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// The status as a result.
fn success(status: u16) -> Result<(), ApiError> {
    if is_success(status) {
        Ok(())
    } else {
        Err(ApiError::Status(status))
    }
}

fn broken(error: impl Into<BoxError>) -> ApiError {
    ApiError::Broken(error.into())
}

/// What a call came to, as the body of a request.
pub(super) enum Outcome {
    Answer(Answer),
    Error(Vec<u8>),
}

impl From<Result<Answer, Refusal>> for Outcome {
    fn from(result: Result<Answer, Refusal>) -> Self {
        match result {
            Ok(answer) => Self::Answer(answer),
            Err(refusal) => {
                let document = Diagnostic::from(refusal);
                Self::Error(error_document(&document.error_type, &document.error_message))
            }
        }
    }
}

/// The body of an error, as Lambda wants it.
fn error_document(error_type: &str, message: &str) -> Vec<u8> {
    let document = serde_json::json!({ "errorType": error_type, "errorMessage": message });
    document.to_string().into_bytes()
}

impl Invocation {
    pub(super) fn into_parts(self) -> (LambdaEvent<Payload>, Option<String>) {
        (self.event, self.invocation_id)
    }
}

/// What Lambda says about a call, and the id of the delivery. `None` without a request id: such an event can't be answered.
fn context(reply: &Reply, config: &Arc<Config>) -> Option<(Context, Option<String>)> {
    let mut context = Context::default();
    let mut invocation_id = None;
    for (name, value) in reply.headers().filter(|(_, value)| !value.is_empty()) {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is(REQUEST_ID) {
            context.request_id = value.to_owned();
        } else if is(DEADLINE_MS) {
            context.deadline = value.parse().unwrap_or_default();
        } else if is(FUNCTION_ARN) {
            context.invoked_function_arn = value.to_owned();
        } else if is(TRACE_ID) {
            context.xray_trace_id = Some(value.to_owned());
        } else if is(INVOCATION_ID) {
            invocation_id = Some(value.to_owned());
        } else if is(CLIENT_CONTEXT) {
            context.client_context = serde_json::from_str(value).ok();
        } else if is(COGNITO_IDENTITY) {
            context.identity = serde_json::from_str(value).ok();
        } else if is(TENANT_ID) {
            context.tenant_id = Some(value.to_owned());
        }
    }
    context.env_config = Arc::clone(config);
    // It becomes a part of a path.
    let is_plain =
        |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/');
    is_plain(&context.request_id).then_some((context, invocation_id))
}
