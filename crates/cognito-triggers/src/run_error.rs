//! Why a function doesn't run.

use std::{error::Error as StdError, fmt};

use crate::error::{BoxError, Chain};

/// Why a function doesn't run, or stopped.
///
/// `Debug` prints the same line as `Display`, because that is what a `main` that returns an error shows.
pub struct RunError(pub(crate) Kind);

pub(crate) enum Kind {
    /// These variables are missing or empty: this is no Lambda environment.
    NotLambda(Vec<&'static str>),
    /// A variable has an invalid value.
    Variable {
        name: &'static str,
        value: String,
        expected: &'static str,
    },
    /// The state can't be made.
    State(BoxError),
    /// The Runtime API doesn't work.
    Api(BoxError),
    /// The routes can't be printed.
    Describe(std::io::Error),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NotLambda(missing) => write!(
                f,
                "this is a Lambda function, and it isn't running on Lambda: {} not set. Try it with `cargo cognito invoke \
                 EVENT --bin NAME` or under `cargo lambda watch`",
                missing.join(", ")
            ),
            Kind::Variable {
                name,
                value,
                expected,
            } => write!(
                f,
                "the environment variable {name} is {value:?}; it should be {expected}"
            ),
            Kind::State(error) => write!(f, "the function can't start: {}", Chain(&**error)),
            Kind::Api(error) => write!(f, "the Lambda Runtime API doesn't work: {}", Chain(&**error)),
            Kind::Describe(error) => write!(f, "the routes can't be printed: {error}"),
        }
    }
}

impl fmt::Debug for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for RunError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Kind::NotLambda(_) | Kind::Variable { .. } => None,
            Kind::State(error) | Kind::Api(error) => error.source(),
            Kind::Describe(error) => Some(error),
        }
    }
}
