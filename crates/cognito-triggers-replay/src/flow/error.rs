//! Why a file isn't a flow.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use cognito_triggers_model::json::Location;
use cognito_triggers_targets::sanitize;

/// Why a file isn't a flow.
///
/// `Display` writes `FILE:LINE:COLUMN: PATH: PROBLEM`, without the parts that are unknown.
///
/// ```
/// use cognito_triggers_replay::flow::Flow;
///
/// let error = Flow::parse("mine", r#"{"calls": [{"call": "Signup"}]}"#).unwrap_err();
/// assert_eq!((error.path.as_str(), error.position), ("calls[0].call", Some((1, 21))));
/// assert_eq!(error.problem, "there is no call `Signup`; did you mean `SignUp`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlowError {
    /// The file. `None` for a text.
    pub file: Option<PathBuf>,
    /// The line and the column, from 1. `None` if the file can't be read.
    pub position: Option<(usize, usize)>,
    /// Where in the flow, such as `calls[0].expect`. Empty for the whole file.
    pub path: String,
    /// What is wrong, and what to do.
    pub problem: String,
}

impl FlowError {
    /// An error of the whole file.
    pub(super) fn of_file(problem: impl Into<String>) -> Self {
        Self {
            file: None,
            position: None,
            path: String::new(),
            problem: problem.into(),
        }
    }

    /// An error at a location in the file.
    pub(super) fn at(location: Location, path: &str, problem: impl Into<String>) -> Self {
        Self {
            position: Some((location.line, location.column)),
            path: path.to_owned(),
            ..Self::of_file(problem)
        }
    }

    /// The same error, in this file.
    pub(super) fn in_file(self, file: &Path) -> Self {
        Self {
            file: Some(file.to_owned()),
            ..self
        }
    }
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.position) {
            (Some(file), Some((line, column))) => {
                write!(f, "{}:{line}:{column}: ", sanitize(file.display()))?;
            }
            (Some(file), None) => write!(f, "{}: ", sanitize(file.display()))?,
            (None, Some((line, column))) => write!(f, "line {line}, column {column}: ")?,
            (None, None) => {}
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", sanitize(&self.path))?;
        }
        sanitize(&self.problem).fmt(f)
    }
}

impl std::error::Error for FlowError {}
