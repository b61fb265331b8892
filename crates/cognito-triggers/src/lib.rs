#![doc = include_str!("../README.md")]

// The code in the project's README is compiled too.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct ReadmeOfTheProject;

#[cfg(feature = "aws_lambda_events")]
mod adapt;
mod attributes;
mod challenge;
mod claims;
mod cold_start;
mod cx;
mod error;
mod event;
pub mod explain;
mod function;
mod lenient;
mod logging;
mod malformed;
mod raw;
mod router;
pub mod rules;
mod runtime;
mod scan;
mod secret;
mod shield;
mod surrogates;
#[cfg(feature = "testing")]
pub mod testing;
mod text_map;
mod trigger;
mod triggers;
mod wiped;
mod words;

#[cfg(feature = "aws_lambda_events")]
pub use adapt::{Adapted, Peer, adapt};
pub use attributes::{Attributes, Identity, UserStatus};
pub use challenge::{ChallengeName, ChallengeResult, Session};
pub use claims::Claims;
pub use cx::Cx;
pub use error::{Error, ErrorType, OrReject, Refusal, Result, reject};
pub use event::Event;
pub use function::{Answer, Function, Payload};
pub use malformed::Malformed;
pub use otherwise::pass_through;
pub use raw::Raw;
pub use router::{Clash, Lines, Route, Router, on};
pub use runtime::{DESCRIBE, RunError, run, run_with};
pub use secret::{Secret, SecretMap};
pub use text_map::TextMap;
pub use trigger::{Definition, Source, SourceDefinition, Trigger};
pub use triggers::*;
