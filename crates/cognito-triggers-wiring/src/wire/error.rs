//! Why nothing is written.

use std::fmt;

use crate::hcl::NO_INBOUND_FEDERATION;

/// Why nothing is written. The text says what is missing or wrong, and what to do.
///
/// ```
/// use cognito_triggers_wiring::{Binary, wire::{self, Arns, WireError}};
///
/// let sender = Binary::new("mails", ["custom_email_sender"]);
/// let function = "arn:aws:lambda:eu-west-1:111122223333:function:mails".to_owned();
/// let arns = Arns { function: Some(function), kms_key: None };
/// assert_eq!(wire::lambda_config(&sender, &arns), Err(WireError::NoKey));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// The binary has no route that a pool could call.
    NoRoutes,
    /// The binary has an unknown route: it is built with a newer library.
    UnknownRoute(String),
    /// The ARN of the function isn't known.
    NoFunction,
    /// The binary routes a custom sender, and no key is known.
    NoKey,
    /// The binary routes `inbound_federation`, which Terraform's AWS provider can't set.
    NotInTerraform,
    /// A value isn't the ARN that it should be.
    NotAnArn {
        /// What it should be the ARN of: a function, or a key.
        of: &'static str,
        /// The value.
        given: String,
    },
    /// The description isn't that of a user pool.
    NotADescription {
        /// The label of the source.
        label: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The description has unknown settings. They might be lost, so nothing is written.
    UnknownKeys {
        /// The label of the source.
        label: String,
        /// The settings.
        keys: Vec<String>,
    },
    /// The result would have faults that the check reports as errors.
    Refused {
        /// Each fault: what is wrong, and on further lines its consequence and what to do.
        problems: Vec<String>,
    },
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoutes => f.write_str("the binary has no routes, so there is nothing to wire"),
            Self::UnknownRoute(route) => write!(
                f,
                "no trigger has the route `{route}`; if the binary is built with a newer library, update this tool"
            ),
            Self::NoFunction => {
                f.write_str("which function runs the binary isn't known; name the ARN of the function or its alias")
            }
            Self::NoKey => f.write_str(
                "the binary routes a custom sender, and no key is known; name the ARN of the KMS key for codes",
            ),
            Self::NotInTerraform => f.write_str(NO_INBOUND_FEDERATION),
            Self::NotAnArn { of, given } => write!(f, "`{given}` isn't the ARN of a {of}"),
            Self::NotADescription { label, problem } => {
                write!(f, "{label}: {problem}; expected the output of `aws cognito-idp describe-user-pool`")
            }
            Self::UnknownKeys { label, keys } => write!(
                f,
                "{label}: the pool has settings that this tool doesn't know: {}; `update-user-pool` would reset them, so \
                 nothing is written; update this tool",
                keys.join(", ")
            ),
            Self::Refused { problems } => {
                f.write_str("nothing is written, because the result would have a fault:")?;
                problems.iter().flat_map(|problem| problem.lines()).try_for_each(|line| write!(f, "\n  {line}"))
            }
        }
    }
}

impl std::error::Error for WireError {}
