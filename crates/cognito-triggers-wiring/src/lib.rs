//! Checks the wiring of an Amazon Cognito user pool against the triggers that a binary routes.
//!
//! Much of what goes wrong with Lambda triggers is outside the code: a hook with the wrong `LambdaVersion`, a function that
//! Cognito may not call, a key that the function may not use. Such faults show only when a user signs in. This crate reads
//! templates and descriptions of pools ([`Wiring::read`]) and reports what would happen ([`Wiring::check`]).
//!
//! ```
//! use cognito_triggers_wiring::{Binary, Source, Wiring};
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
//! let report = wiring.check(&[Binary::new("triggers", ["pre_sign_up"])]);
//!
//! let codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
//! assert_eq!(codes, ["route-not-wired", "hook-not-routed", "permission-missing"]);
//! # Ok::<(), cognito_triggers_wiring::ReadError>(())
//! ```
//!
//! In a unit test, pass the routes of your own router, and assert that the report [is clean](Report::is_clean). The README
//! lists the [`RULES`] and the sources that are read. In the other direction, [`wire`] writes what a binary needs.
//!
//! This crate reads no files and makes no calls: a [`Source`] is a text with a label.
//!
//! # Inside
//!
//! | module | what it does | uses |
//! |---|---|---|
//! | `source` | texts and locations in them | the model's encodings |
//! | `document` | text to document, from YAML or JSON | the model's JSON |
//! | `read` | documents to facts | `document`, `facts` |
//! | `facts` | what the sources say about pools, functions, permissions, app clients | `template_string`, `arn` |
//! | `rules` | facts to findings, one file for each rule | `facts`, `bindings`, `report` |
//! | `report`, `render` | findings as data, and for people | `source` |
//! | `wire` | templates and settings for a binary | `snippets`, `hcl`, and the check |

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod arn;
mod binary;
mod bindings;
mod document;
mod facts;
mod hcl;
mod pool_arn;
mod pool_resource;
mod read;
mod render;
mod report;
mod routes;
mod rules;
mod snippets;
mod source;
mod spelling;
mod suggested_fix;
mod template_string;
pub mod wire;
mod wiring;

pub use binary::Binary;
pub use cognito_triggers_model::lambda_config::{LambdaConfig, LambdaVersion, VersionedFunction};
pub use pool_resource::{ClientResource, Deployment, PoolPart, PoolResource, UNKNOWN, UnresolvedSetting};
pub use report::{Finding, Report, Severity, Step};
pub use rules::{RULES, Rule};
pub use source::{Location, ReadError, Source};
pub use wiring::Wiring;
