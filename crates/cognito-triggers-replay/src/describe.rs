//! Asking a binary which triggers it answers.

use std::{fmt, io, path::Path, process::Stdio, time::Duration};

use serde::Deserialize;
use tokio::{process::Command, time::timeout};

use crate::outcome::ended;

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

/// Asks a binary for its routes. It must end in `cognito_triggers::run`, and reach it.
///
/// # Errors
/// If the program can't be started, or doesn't answer the question.
pub async fn routes(program: &Path) -> Result<Routes, RoutesError> {
    let child = Command::new(program)
        .env(cognito_triggers::DESCRIBE, "1")
        .env("AWS_LAMBDA_FUNCTION_NAME", "describe")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        // Nobody listens on this port: a function that doesn't know the question fails at once.
        .env("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(RoutesError::NotStarted)?;
    let output = timeout(PATIENCE, child.wait_with_output())
        .await
        .map_err(|_| RoutesError::NoAnswer("it still runs after 10 s".to_owned()))?
        .map_err(RoutesError::NotStarted)?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let routes = stdout
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str(line).ok());
    routes.ok_or_else(|| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let said = if last.is_empty() {
            String::new()
        } else {
            format!(", saying `{}`", last.escape_debug())
        };
        RoutesError::NoAnswer(format!("it {}{said}", ended(output.status)))
    })
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
