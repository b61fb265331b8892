#![doc = include_str!("../README.md")]

mod answer;
mod attributes;
mod challenge;
mod claims;
pub mod encoding;
mod event;
pub mod explain;
pub mod json;
pub mod lambda_config;
mod lenient;
mod malformed;
mod payload;
pub mod raw;
pub mod route;
pub mod rules;
#[cfg(feature = "samples")]
pub mod samples;
mod scan;
mod secret;
mod surrogates;
mod text_map;
pub mod trigger;
pub mod triggers;
mod words;
pub mod zeroizing;

pub use answer::Answer;
pub use attributes::{Attributes, Identity, UserStatus};
pub use challenge::{ChallengeName, ChallengeResult, Session};
pub use claims::Claims;
pub use event::Event;
pub use malformed::Malformed;
pub use payload::Payload;
pub use raw::Raw;
pub use route::Route;
pub use secret::{Secret, SecretMap};
pub use text_map::TextMap;
pub use trigger::{Definition, Source, SourceDefinition, Trigger};
pub use triggers::*;
