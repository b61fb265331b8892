//! Writes what a binary needs: parts of a template, a `LambdaConfig`, or a complete input of `update-user-pool`.
//!
//! Nothing here calls AWS: the result is text or JSON, for a person or a command to use.

mod lambda_config;
mod sam;
mod settings;
mod update_user_pool;

use std::fmt;

pub use self::{
    lambda_config::lambda_config,
    sam::sam,
    settings::{READ_ONLY, SETTABLE},
    update_user_pool::{Change, LeftOut, Update, update_user_pool},
};
use crate::routes;

/// The ARNs that a `LambdaConfig` is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arns {
    /// The function that runs the binary, or an alias of it.
    pub function: Option<String>,
    /// The key for codes. Needed where the binary routes a custom sender.
    pub kms_key: Option<String>,
}

/// Why nothing is written. Its text says what to hand in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// The binary has no route that a pool could call.
    NoRoutes,
    /// A route that isn't known here.
    UnknownRoute(String),
    /// The ARN of the function isn't known.
    NoFunction,
    /// The binary routes a custom sender, and no key is known.
    NoKey,
    /// What was handed in as the ARN of a function or key isn't one.
    NotAnArn {
        /// What it should be the ARN of: a function, or a key.
        of: &'static str,
        /// What was handed in.
        given: String,
    },
    /// The description isn't the JSON of a user pool.
    NotADescription {
        /// The label of the source.
        label: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The description has keys that aren't known here. Their settings might be lost, so nothing is written.
    UnknownKeys {
        /// The label of the source.
        label: String,
        /// The keys.
        keys: Vec<String>,
    },
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoutes => f.write_str("the binary has no routes, so there is nothing to wire"),
            Self::UnknownRoute(route) => write!(f, "no trigger has the route `{route}`"),
            Self::NoFunction => f.write_str("say which function runs the binary, by the ARN of the function or its alias"),
            Self::NoKey => f.write_str(
                "the binary routes a custom sender: name the KMS key under which Cognito shall encrypt the codes, by its ARN",
            ),
            Self::NotAnArn { of, given } => write!(f, "`{given}` isn't the ARN of a {of}"),
            Self::NotADescription { label, problem } => {
                write!(f, "{label}: {problem}; expected the output of `aws cognito-idp describe-user-pool`")
            }
            Self::UnknownKeys { label, keys } => write!(
                f,
                "{label}: the pool has settings that aren't known here: {}; `update-user-pool` would reset what its input \
                 doesn't name, so nothing is written",
                keys.join(", ")
            ),
        }
    }
}

impl std::error::Error for WireError {}

/// What `LambdaConfig` needs for some routes: each key with the version it takes.
fn hooks(routes: &[String]) -> Result<Vec<(&'static str, Option<&'static str>)>, WireError> {
    let mut hooks: Vec<(&str, Option<&str>)> = Vec::new();
    for route in routes {
        let definition = routes::of_route(route).ok_or_else(|| WireError::UnknownRoute(route.clone()))?;
        let of_tokens = definition.hook == "PreTokenGeneration";
        match hooks.iter_mut().find(|(hook, _)| *hook == definition.hook) {
            // A binary may answer several versions while a pool moves on: the newest is what it moves to.
            Some((_, version)) if of_tokens => *version = (*version).max(definition.lambda_version),
            Some(_) => {}
            None => hooks.push((definition.hook, definition.lambda_version)),
        }
    }
    if hooks.is_empty() {
        Err(WireError::NoRoutes)
    } else {
        Ok(hooks)
    }
}

/// The ARN, if it is one of that service and kind.
fn arn<'a>(of: &'static str, infix: &str, given: &'a str) -> Result<&'a str, WireError> {
    if given.starts_with("arn:") && given.contains(infix) {
        Ok(given)
    } else {
        Err(WireError::NotAnArn {
            of,
            given: given.to_owned(),
        })
    }
}
