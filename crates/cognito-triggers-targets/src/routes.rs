//! Asks a binary which triggers it routes.

use std::{collections::BTreeMap, fmt, future::pending, io, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use cognito_triggers_loopback::server::Server;
use http_body_util::Empty;
use hyper::{Method, Request, Response, StatusCode, body::Incoming};
use serde::Deserialize;
use tokio::{
    process::Command,
    spawn,
    sync::Notify,
    time::{sleep, timeout},
};

use crate::{
    exit_status::describe_exit,
    log::Log,
    process::{
        group::ProcessGroup,
        isolation::isolate,
        output::{OUTPUT_GRACE, always, copy_to_log},
    },
};

/// How long a binary may take to print its routes.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Which triggers a function answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Routes {
    /// The names of its routes, in the order of [`DEFINITIONS`](cognito_triggers_model::triggers::DEFINITIONS).
    pub routes: Vec<String>,
    /// Whether it answers events without a route too, through `otherwise`.
    pub otherwise: bool,
}

impl Routes {
    /// Asks a binary for its routes. Its `main` must reach `cognito_triggers::run`.
    ///
    /// The binary runs for a moment, without this machine's AWS credentials, as under [`Process`](crate::Process).
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), cognito_triggers_targets::RoutesError> {
    /// use cognito_triggers_targets::Routes;
    ///
    /// let routes = Routes::of_binary("target/debug/my-function".as_ref()).await?;
    /// println!("{}", routes.routes.join(", "));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if the program can't be started, asks for an event, or doesn't print its routes within 10 seconds.
    pub async fn of_binary(program: &Path) -> Result<Self, RoutesError> {
        let asked_for_an_event = Arc::new(Notify::new());
        let asked = Arc::clone(&asked_for_an_event);
        let runtime_api = Server::start(move |request| note_request(request, Arc::clone(&asked)))
            .await
            .map_err(RoutesError::NotStarted)?;
        let mut command = Command::new(program);
        isolate(&mut command, &BTreeMap::new());
        command
            .env(cognito_triggers::runtime::DESCRIBE, "1")
            .env("AWS_LAMBDA_FUNCTION_NAME", "describe")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            // A function that doesn't know the question asks for an event here, and gets none.
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api.address().to_string());
        let mut group = ProcessGroup::new();
        let mut child = group.spawn(&mut command).map_err(RoutesError::NotStarted)?;
        let (stdout, stderr) = (Log::default(), Log::default());
        let readers = [
            child
                .stdout
                .take()
                .map(|pipe| spawn(copy_to_log(pipe, always(&stdout)))),
            child
                .stderr
                .take()
                .map(|pipe| spawn(copy_to_log(pipe, always(&stderr)))),
        ];
        let status = tokio::select! {
            biased;
            status = child.wait() => status.map_err(RoutesError::NotStarted)?,
            () = asked_for_an_event.notified() => return Err(RoutesError::AsksForEvents),
            () = sleep(TIME_LIMIT) => return Err(RoutesError::NoAnswer("it still runs after 10 s".to_owned())),
        };
        // Ends what the binary has started, which would keep the pipes open.
        drop(group);
        for reader in readers.into_iter().flatten() {
            let _ = timeout(OUTPUT_GRACE, reader).await;
        }
        let stdout = stdout.text();
        let routes = stdout
            .lines()
            .rev()
            .find_map(|line| serde_json::from_str(line).ok());
        routes.ok_or_else(|| {
            let last = stderr.last_line();
            let said = last.map_or_else(String::new, |line| format!(", saying `{line}`"));
            RoutesError::NoAnswer(format!("it {}{said}", describe_exit(status)))
        })
    }
}

/// Answers a request of the binary. One for an event is noted, and gets no answer; any other gets status 404.
async fn note_request(request: Request<Incoming>, asked: Arc<Notify>) -> Response<Empty<Bytes>> {
    if request.method() == Method::GET && request.uri().path().ends_with("/runtime/invocation/next") {
        asked.notify_one();
        pending::<()>().await;
    }
    let mut response = Response::new(Empty::new());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Why the routes of a binary aren't known.
///
/// `Display` says what the binary did instead, with the last line of its standard error.
#[derive(Debug)]
#[non_exhaustive]
pub enum RoutesError {
    /// The program can't be started.
    NotStarted(io::Error),
    /// It asks Lambda's Runtime API for an event. It is a function, but not one of `cognito_triggers`: one in another
    /// language, for instance.
    AsksForEvents,
    /// It doesn't print its routes. The string says what it does instead.
    NoAnswer(String),
}

/// What the `main` of a function has to do, so that it can be asked for its routes.
const HINT: &str = "its `main` has to reach `cognito_triggers::run` before anything fails, or to make its state in \
                    `cognito_triggers::run_with`";

impl fmt::Display for RoutesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(error) => write!(f, "the function can't be started: {error}"),
            Self::AsksForEvents => f.write_str(
                "the function doesn't report its routes: it asks for an event at once, so it doesn't run with \
                 `cognito_triggers::run`",
            ),
            Self::NoAnswer(instead) => write!(f, "the function doesn't report its routes: {instead}; {HINT}"),
        }
    }
}

impl std::error::Error for RoutesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotStarted(error) => Some(error),
            Self::AsksForEvents | Self::NoAnswer(_) => None,
        }
    }
}
