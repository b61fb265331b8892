//! The Lambda Runtime API, from the server's side: the function fetches events and posts answers.
//!
//! It has four paths below `/2018-06-01/runtime/`: `invocation/next` waits for an event, `invocation/ID/response` and
//! `invocation/ID/error` take its outcome, and `init/error` takes the reason if the function can't start. Any other request
//! gets status 404. Extensions aren't served.
//!
//! Nobody but the function may take an event or answer it. So a request from another process is refused where the system
//! says whose it is, one from a web page everywhere, and the ids of events can't be guessed.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use cognito_triggers_loopback::{
    origin,
    server::{Connection, Server},
};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{Method, Request, Response, StatusCode, body::Incoming};
use tokio::{
    net::TcpListener,
    sync::{Mutex as AsyncMutex, mpsc, oneshot, watch},
};

use super::peer::{Peer, identify};
use crate::{
    invoke_error::InvokeError,
    lambda::{MAX_RESPONSE, TRACE_ID, function_arn},
    outcome::Outcome,
    request_id::RequestId,
};

/// An event that waits until the function fetches it.
pub(super) struct PendingEvent {
    /// Its random part is sent as the header `lambda-runtime-aws-request-id`.
    pub(super) request_id: RequestId,
    /// The body of the response.
    pub(super) event: Bytes,
    /// The end of the time limit, in milliseconds since 1970-01-01 UTC.
    pub(super) deadline_ms: u64,
    /// Gets what the function posts for this event.
    pub(super) outcome: oneshot::Sender<Outcome>,
}

/// How far the start of the function has come.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum StartState {
    /// Nothing has been heard from the function.
    #[default]
    Starting,
    /// The function has asked for an event.
    Ready,
    /// The function has reported that it can't start. The string is its error.
    InitFailed(String),
}

/// The Runtime API of one process.
pub(super) struct RuntimeApi {
    /// Takes events for the function.
    pub(super) events: mpsc::UnboundedSender<PendingEvent>,
    /// Changes when the function asks for its first event, or reports that it can't start.
    pub(super) start_state: watch::Receiver<StartState>,
    function: watch::Sender<Option<u32>>,
    server: Server,
}

impl RuntimeApi {
    /// Listens on a free port of 127.0.0.1.
    pub(super) async fn start(function: &str) -> io::Result<Self> {
        let (events, queue) = mpsc::unbounded_channel();
        let (state_sender, start_state) = watch::channel(StartState::Starting);
        let (function_sender, function_process) = watch::channel(None);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let state = Arc::new(State {
            queue: AsyncMutex::new(queue),
            waiting: Mutex::default(),
            start_state: state_sender,
            function: function_process,
            server: listener.local_addr()?,
            function_arn: function_arn(function),
        });
        let server = Server::builder().serve(listener, move |request| handle(Arc::clone(&state), request))?;
        Ok(Self {
            events,
            start_state,
            function: function_sender,
            server,
        })
    }

    /// Sets the process of the function. Requests wait until it is known.
    pub(super) fn set_function(&self, process: Option<u32>) {
        self.function.send_replace(process);
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(super) fn address(&self) -> SocketAddr {
        self.server.address()
    }
}

/// What the requests of one process share.
struct State {
    /// Events that the function hasn't fetched. It is locked while a request waits for one.
    queue: AsyncMutex<mpsc::UnboundedReceiver<PendingEvent>>,
    /// By random request id: who waits for the answers to the events that the function has fetched.
    waiting: Mutex<HashMap<String, (RequestId, oneshot::Sender<Outcome>)>>,
    start_state: watch::Sender<StartState>,
    /// The process of the function, as soon as it runs.
    function: watch::Receiver<Option<u32>>,
    server: SocketAddr,
    function_arn: String,
}

/// Answers one request of the function. A web page must not answer for it.
async fn handle(state: Arc<State>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    if !origin::is_program(request.headers()) {
        return status(StatusCode::FORBIDDEN);
    }
    let path = request.uri().path().to_owned();
    let Some(path) = path.strip_prefix("/2018-06-01/runtime/") else {
        return status(StatusCode::NOT_FOUND);
    };
    let segments: Vec<_> = path.split('/').collect();
    let peer = state.peer(&request).await;
    if peer == Peer::Other {
        return status(StatusCode::FORBIDDEN);
    }
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => state.next().await,
        (&Method::POST, ["invocation", id, "response"]) => {
            let body = read(request).await;
            state.settle(id, body, Outcome::from_response)
        }
        (&Method::POST, ["invocation", id, "error"]) => {
            let body = read(request).await;
            state.settle(id, body, Outcome::from_error)
        }
        // No id proves that it is the function's.
        (&Method::POST, ["init", "error"]) if peer == Peer::Gone => status(StatusCode::FORBIDDEN),
        (&Method::POST, ["init", "error"]) => {
            let body = read(request).await.unwrap_or_default();
            state.init_failed(&body);
            status(StatusCode::ACCEPTED)
        }
        _ => status(StatusCode::NOT_FOUND),
    }
}

impl State {
    /// Who sends a request. It is looked up once for each connection.
    async fn peer(&self, request: &Request<Incoming>) -> Peer {
        let Some(connection) = request.extensions().get::<Connection>() else {
            return Peer::Unknown;
        };
        if connection.is_trusted() {
            return Peer::Function;
        }
        let mut function = self.function.clone();
        let process = match function.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(process)) => *process,
            _ => return Peer::Other,
        };
        let (peer, server) = (connection.peer, self.server);
        let identify = move || identify(process, peer, server);
        let peer = tokio::task::spawn_blocking(identify)
            .await
            .unwrap_or(Peer::Unknown);
        if peer == Peer::Function {
            connection.trust();
        }
        peer
    }

    /// Waits for an event and sends it to the function.
    async fn next(&self) -> Response<Full<Bytes>> {
        self.start_state.send_replace(StartState::Ready);
        let Some(event) = self.queue.lock().await.recv().await else {
            return status(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let PendingEvent {
            request_id,
            event,
            deadline_ms,
            outcome,
        } = event;
        let response = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", &request_id.secret)
            .header("lambda-runtime-deadline-ms", deadline_ms)
            .header("lambda-runtime-invoked-function-arn", &self.function_arn)
            .header("lambda-runtime-trace-id", TRACE_ID)
            .body(Full::new(event));
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(request_id.secret.clone(), (request_id, outcome));
        response.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
    }

    /// Hands what the function posted to the call that waits for it.
    fn settle(
        &self,
        secret: &str,
        body: Result<Bytes, InvokeError>,
        parse: fn(&[u8]) -> Outcome,
    ) -> Response<Full<Bytes>> {
        let call = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(secret);
        let Some((id, call)) = call else {
            return status(StatusCode::BAD_REQUEST);
        };
        let outcome = match &body {
            Ok(body) => match std::str::from_utf8(body) {
                Ok(text) => parse(id.stabilize(text).as_bytes()),
                Err(_) => parse(body),
            },
            Err(error) => Outcome::InvokeError(error.clone()),
        };
        // It fails if the call has run into its time limit.
        let _ = call.send(outcome);
        status(StatusCode::ACCEPTED)
    }

    /// Records why the function can't start.
    fn init_failed(&self, body: &[u8]) {
        let problem = match Outcome::from_error(body) {
            Outcome::FunctionError { error_type, message } => format!("{error_type}: {message}"),
            _ => "without saying why".to_owned(),
        };
        self.start_state.send_replace(StartState::InitFailed(problem));
    }
}

/// Reads what the function posts, up to the length that Lambda allows.
async fn read(request: Request<Incoming>) -> Result<Bytes, InvokeError> {
    match Limited::new(request.into_body(), MAX_RESPONSE).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(InvokeError::TooLarge),
        Err(error) => Err(InvokeError::Unreachable {
            problem: format!("the connection to the function broke while it answered: {error}"),
        }),
    }
}

/// A response that says nothing but its status.
fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;

    #[tokio::test]
    async fn web_pages_cannot_answer_for_a_function() {
        let api = RuntimeApi::start("sign-up").await.unwrap();
        api.set_function(Some(std::process::id()));
        for (headers, status) in [
            ("host: rebound.example:4000\r\n", "403 Forbidden"),
            (
                "host: 127.0.0.1:4000\r\norigin: https://page.example\r\n",
                "403 Forbidden",
            ),
            ("host: 127.0.0.1:4000\r\n", "202 Accepted"),
        ] {
            let mut client = TcpStream::connect(api.address()).await.unwrap();
            let request =
                format!("POST /2018-06-01/runtime/init/error HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
            client.write_all(request.as_bytes()).await.unwrap();
            let mut response = String::new();
            client.read_to_string(&mut response).await.unwrap();
            assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{response}");
            let failed = *api.start_state.borrow() != StartState::Starting;
            assert_eq!(failed, status.starts_with("202"), "{headers}");
        }
    }
}
