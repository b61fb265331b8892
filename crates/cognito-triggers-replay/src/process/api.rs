//! The Lambda Runtime API, as a function sees it: events to fetch on loopback, answers to post back.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    collections::HashMap,
    convert::Infallible,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{Method, Request, Response, StatusCode, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    sync::{Mutex as AsyncMutex, mpsc, oneshot, watch},
    task::{JoinHandle, JoinSet},
};

use crate::{Outcome, Trouble, outcome::LARGEST};

const FUNCTION_ARN: &str = "arn:aws:lambda:eu-central-1:123456789012:function:";

/// One event for the function.
pub(super) struct Invocation {
    pub(super) request_id: String,
    pub(super) event: Bytes,
    pub(super) deadline_ms: u64,
    /// Where what becomes of it goes.
    pub(super) outcome: oneshot::Sender<Outcome>,
}

/// What the function has told so far, besides answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Progress {
    #[default]
    Starting,
    /// It has asked for an event.
    Ready,
    /// It has reported that it can't start.
    InitFailed(String),
}

/// A server for one process.
pub(super) struct Api {
    pub(super) address: SocketAddr,
    pub(super) invocations: mpsc::UnboundedSender<Invocation>,
    pub(super) progress: watch::Receiver<Progress>,
    server: JoinHandle<()>,
}

impl Api {
    /// Listens on a free port of loopback.
    pub(super) async fn start(function: &str) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (invocations, queue) = mpsc::unbounded_channel();
        let (progress_sender, progress) = watch::channel(Progress::Starting);
        let state = Arc::new(State {
            queue: AsyncMutex::new(queue),
            pending: Mutex::default(),
            progress: progress_sender,
            function_arn: format!("{FUNCTION_ARN}{function}"),
        });
        let server = tokio::spawn(serve(listener, state));
        Ok(Self {
            address,
            invocations,
            progress,
            server,
        })
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct State {
    queue: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    /// The events that the function has and hasn't answered.
    pending: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    progress: watch::Sender<Progress>,
    function_arn: String,
}

/// Serves until it is aborted; the connections end with it.
async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                // Small answers mustn't wait for more to send.
                let _ = stream.set_nodelay(true);
                let state = Arc::clone(&state);
                let service = service_fn(move |request| handle(Arc::clone(&state), request));
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service);
                connections.spawn(connection);
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

type Answer = Response<Full<Bytes>>;

async fn handle(state: Arc<State>, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let path = request.uri().path().to_owned();
    let Some(path) = path.strip_prefix("/2018-06-01/runtime/") else {
        return Ok(status(StatusCode::NOT_FOUND));
    };
    let steps: Vec<_> = path.split('/').collect();
    Ok(match (request.method(), steps.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => state.next().await,
        (&Method::POST, ["invocation", id, "response"]) => {
            let body = read(request).await;
            state.settle(
                id,
                body.map_or_else(Outcome::Broken, |body| Outcome::answer(&body)),
            )
        }
        (&Method::POST, ["invocation", id, "error"]) => {
            let body = read(request).await;
            state.settle(
                id,
                body.map_or_else(Outcome::Broken, |body| Outcome::refusal(&body)),
            )
        }
        (&Method::POST, ["init", "error"]) => {
            let body = read(request).await.unwrap_or_default();
            state.init_failed(&body);
            status(StatusCode::ACCEPTED)
        }
        _ => status(StatusCode::NOT_FOUND),
    })
}

impl State {
    /// Waits for an event and hands it out.
    async fn next(&self) -> Answer {
        self.progress.send_replace(Progress::Ready);
        let Some(invocation) = self.queue.lock().await.recv().await else {
            return status(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let Invocation {
            request_id,
            event,
            deadline_ms,
            outcome,
        } = invocation;
        let response = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", &request_id)
            .header("lambda-runtime-deadline-ms", deadline_ms)
            .header("lambda-runtime-invoked-function-arn", &self.function_arn)
            .header(
                "lambda-runtime-trace-id",
                "Root=1-00000000-000000000000000000000000;Sampled=0",
            )
            .body(Full::new(event));
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.insert(request_id, outcome);
        response.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
    }

    fn settle(&self, request_id: &str, outcome: Outcome) -> Answer {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        match pending.remove(request_id) {
            Some(waiting) => {
                // Nobody waits any more after the deadline.
                let _ = waiting.send(outcome);
                status(StatusCode::ACCEPTED)
            }
            None => status(StatusCode::BAD_REQUEST),
        }
    }

    fn init_failed(&self, body: &[u8]) {
        let problem = match Outcome::refusal(body) {
            Outcome::Refused { error_type, message } => format!("{error_type}: {message}"),
            _ => "without saying why".to_owned(),
        };
        self.progress.send_replace(Progress::InitFailed(problem));
    }
}

async fn read(request: Request<Incoming>) -> Result<Bytes, Trouble> {
    match Limited::new(request.into_body(), LARGEST).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Trouble::TooLarge),
        Err(error) => Err(Trouble::Unreachable {
            problem: format!("the connection to the function broke while it answered: {error}"),
        }),
    }
}

fn status(status: StatusCode) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
    *response.status_mut() = status;
    response
}
