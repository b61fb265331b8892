//! Asks a binary which triggers it routes.

use std::{collections::BTreeMap, fmt, io, net::Ipv4Addr, path::Path, time::Duration};

use serde::Deserialize;
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    process::Command,
    spawn,
    task::JoinSet,
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
        let runtime_api = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(RoutesError::NotStarted)?;
        let address = runtime_api.local_addr().map_err(RoutesError::NotStarted)?;
        let mut command = Command::new(program);
        isolate(&mut command, &BTreeMap::new());
        command
            .env(cognito_triggers::runtime::DESCRIBE, "1")
            .env("AWS_LAMBDA_FUNCTION_NAME", "describe")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            // A function that doesn't know the question asks for an event here, and gets none.
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string());
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
            () = asked_for_an_event(&runtime_api) => return Err(RoutesError::AsksForEvents),
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

/// Waits until a request for an event comes on any connection. Other requests are hung up on.
async fn asked_for_an_event(runtime_api: &TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = runtime_api.accept() => match accepted {
                Ok((mut connection, _)) => {
                    connections.spawn(async move { asks_for_an_event(&mut connection).await });
                }
                // It may be out of file descriptors for a moment.
                Err(_) => sleep(Duration::from_millis(10)).await,
            },
            Some(ended) = connections.join_next() => {
                if matches!(ended, Ok(true)) {
                    return;
                }
            }
        }
    }
}

/// Whether the first request of a connection is one for an event.
async fn asks_for_an_event(connection: &mut TcpStream) -> bool {
    let mut line = Vec::new();
    while line.len() < 200 && !line.contains(&b'\n') {
        match connection.read_buf(&mut line).await {
            Ok(1..) => {}
            _ => break,
        }
    }
    String::from_utf8_lossy(&line)
        .lines()
        .next()
        .is_some_and(|line| line.starts_with("GET ") && line.contains("/runtime/invocation/next"))
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
                "the function doesn't tell its routes: it asks for an event at once, so it doesn't run with \
                 `cognito_triggers::run`",
            ),
            Self::NoAnswer(instead) => write!(f, "the function doesn't tell its routes: {instead}; {HINT}"),
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
