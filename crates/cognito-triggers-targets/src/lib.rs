#![doc = include_str!("../README.md")]
// docs.rs says at each item which feature it needs; the toolchain there has the feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod api_outcome;
pub mod cargo;
mod definition;
mod exit_status;
mod http;
mod in_process;
mod invoke_error;
mod lambda;
mod log;
pub mod measure;
mod multi;
mod outcome;
mod process;
mod request_id;
mod routes;
mod sanitize;
mod target;

pub use api_outcome::{ApiOutcome, api_outcome};
pub use definition::definition_of;
pub use http::{HttpTarget, ParseUrlError};
pub use in_process::InProcess;
pub use invoke_error::InvokeError;
pub use log::Log;
pub use multi::{DuplicateRouteError, MultiTarget};
pub use outcome::Outcome;
pub use process::{Process, command_group::CommandGroup, isolation::leads_to_credentials};
pub use routes::{Routes, RoutesError};
pub use sanitize::{Sanitized, is_unprintable, sanitize};
pub use target::{BoxFuture, Invocation, Reply, Target, default_timeout};
