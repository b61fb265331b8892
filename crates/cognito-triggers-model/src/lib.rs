#![doc = include_str!("../README.md")]
// docs.rs says at each item which feature it needs; the toolchain there has the feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod answer;
pub mod app_data;
pub mod arn;
pub mod attributes;
pub mod challenge;
pub mod claims;
pub mod encoding;
pub mod envelope;
mod escape;
pub mod event;
pub mod explain;
pub mod flows;
pub mod json;
pub mod json_value;
pub mod lambda_config;
mod lenient;
pub mod malformed;
#[doc(hidden)]
pub mod non_exhaustive;
mod open_enum;
pub mod payload;
mod plain_value;
pub mod raw;
pub mod request_identity;
pub mod require;
pub mod route;
pub mod rules;
#[cfg(feature = "samples")]
pub mod samples;
pub mod secret;
pub mod secret_fields;
mod sorted_map;
mod surrogates;
mod syntax_problem;
pub mod text_map;
pub mod trigger;
pub mod triggers;
pub mod zeroizing;

pub use event::Event;
pub use route::Route;
pub use trigger::{Definition, Trigger};
