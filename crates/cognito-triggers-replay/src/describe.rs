//! Asking a binary which triggers it answers.

use std::{collections::BTreeMap, fmt, io, path::Path, process::Stdio, time::Duration};

use serde::Deserialize;
use tokio::{process::Command, spawn, time::timeout};

use crate::{
    Log,
    exit::ended,
    process::{LAST_WORDS, aws::isolate, follow, group::Group},
};

/// How long a binary may take to print one line.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a binary answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Routes {
    /// The names of its routes, in the order of [`DEFINITIONS`](cognito_triggers::DEFINITIONS).
    pub routes: Vec<String>,
    /// Whether it lets events without a route through.
    pub otherwise: bool,
}

/// Asks a binary for its routes. It must end in `cognito_triggers::run`, and reach it. It gets none of our AWS
/// credentials, as under [`Process`](crate::Process).
///
/// # Errors
/// If the program can't be started, or doesn't answer the question.
pub async fn routes(program: &Path) -> Result<Routes, RoutesError> {
    let mut command = Command::new(program);
    isolate(&mut command, &BTreeMap::new());
    command
        .env(cognito_triggers::DESCRIBE, "1")
        .env("AWS_LAMBDA_FUNCTION_NAME", "describe")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        // Nobody listens on this port: a function that doesn't know the question fails at once.
        .env("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    Group::lead(&mut command);
    let mut child = command.spawn().map_err(RoutesError::NotStarted)?;
    let group = Group::of(&child);
    let (stdout, stderr) = (Log::default(), Log::default());
    let readers = [
        child.stdout.take().map(|pipe| spawn(follow(pipe, page(&stdout)))),
        child.stderr.take().map(|pipe| spawn(follow(pipe, page(&stderr)))),
    ];
    let status = timeout(PATIENCE, child.wait())
        .await
        .map_err(|_| RoutesError::NoAnswer("it still runs after 10 s".to_owned()))?
        .map_err(RoutesError::NotStarted)?;
    // What it has started would keep the pipes open.
    drop(group);
    for reader in readers.into_iter().flatten() {
        let _ = timeout(LAST_WORDS, reader).await;
    }
    let routes = stdout
        .text()
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str(line).ok());
    routes.ok_or_else(|| {
        let stderr = stderr.text();
        let last = stderr.lines().rev().find(|line| !line.trim().is_empty());
        let said = last.map_or_else(String::new, |line| format!(", saying `{}`", line.escape_debug()));
        RoutesError::NoAnswer(format!("it {}{said}", ended(status)))
    })
}

fn page(log: &Log) -> impl Fn() -> Log + Send + 'static {
    let log = log.clone();
    move || log.clone()
}

/// Why a binary's routes aren't known.
#[derive(Debug)]
#[non_exhaustive]
pub enum RoutesError {
    /// The program can't be started.
    NotStarted(io::Error),
    /// It doesn't print its routes: what it does instead.
    NoAnswer(String),
}

impl fmt::Display for RoutesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(error) => write!(f, "the function can't be started: {error}"),
            Self::NoAnswer(instead) => write!(
                f,
                "the function doesn't tell its routes: {instead}; does its `main` end in `cognito_triggers::run`?"
            ),
        }
    }
}

impl std::error::Error for RoutesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotStarted(error) => Some(error),
            Self::NoAnswer(_) => None,
        }
    }
}
