//! Holds the wiring of an Amazon Cognito user pool against the triggers that a binary really routes.
//!
//! Much of what goes wrong with Lambda triggers is outside the code: a hook with the wrong `LambdaVersion`, a
//! function that Cognito may not call, a key that the function may not use. Nothing of it shows before somebody
//! signs in. This crate reads what wires a pool ([`Wiring::read`]) and says what would happen ([`Wiring::check`]).
//!
//! ```
//! use cognito_triggers_wiring::{Program, Source, Wiring};
//!
//! let template = "
//! Resources:
//!   UserPool:
//!     Type: AWS::Cognito::UserPool
//!     Properties:
//!       LambdaConfig:
//!         CustomMessage: !GetAtt Triggers.Arn
//!   Triggers:
//!     Type: AWS::Serverless::Function
//!     Properties:
//!       Runtime: provided.al2023
//!       CodeUri: target/lambda/triggers/
//! ";
//! let wiring = Wiring::read([Source::new("template.yaml", template)])?;
//! let report = wiring.check(&[Program::new("triggers", ["pre_sign_up"])]);
//!
//! let codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
//! assert_eq!(codes, ["route-not-wired", "hook-not-routed", "permission-missing"]);
//! # Ok::<(), cognito_triggers_wiring::ReadError>(())
//! ```
//!
//! In a unit test, hand in the routes of your own router, and assert that the report [is clean](Report::is_clean).
//!
//! A source is text with a label: a CloudFormation or SAM template (YAML or JSON), or what the AWS CLI prints
//! for `describe-user-pool`, `describe-user-pool-client`, `get-function-configuration` and `get-policy`. Several
//! are seen together. Nothing here reads files or calls AWS.
//!
//! The other way round, [`wire`] writes what a binary needs: parts of a template, a `LambdaConfig`, or a complete
//! input of `update-user-pool`.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod key_arn;
mod lambda_config;
mod model;
mod node;
mod parts;
mod paste;
mod program;
mod read;
mod render;
mod report;
mod routes;
mod rules;
mod source;
mod text;
pub mod wire;

pub use crate::{
    lambda_config::{KEYS, LambdaConfig, LambdaVersion, Shape, VersionedFunction, shape},
    program::Program,
    report::{Finding, Report, Severity, Step},
    rules::{RULES, Rule},
    source::{Place, ReadError, Source},
};

/// What some sources say about pools, functions, permissions and app clients.
#[derive(Debug)]
pub struct Wiring {
    sources: Vec<Source>,
    facts: model::Facts,
}

impl Wiring {
    /// Reads sources, to be seen together.
    ///
    /// # Errors
    /// When one is neither a template nor a description that is known, or isn't YAML or JSON at all.
    pub fn read(sources: impl IntoIterator<Item = Source>) -> Result<Self, ReadError> {
        let sources: Vec<Source> = sources.into_iter().collect();
        let facts = read::read(&sources)?;
        Ok(Self { sources, facts })
    }

    /// Holds the wiring against what binaries route. Without any, only what is wrong for every binary is found.
    pub fn check(&self, programs: &[Program]) -> Report {
        Report::new(&self.sources, rules::check(&self.facts, programs))
    }
}
