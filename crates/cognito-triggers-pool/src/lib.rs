#![doc = include_str!("../README.md")]
// docs.rs says at each item which feature it needs; the toolchain there has the feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod activity;
mod answers;
mod attributes;
mod auth;
mod background;
mod call;
mod calls;
mod catalog;
mod clock;
mod current;
pub mod diagram;
mod drills;
mod error;
mod export;
mod federation;
mod form;
mod functions;
mod ids;
mod jwt;
mod keys;
mod local_pool;
mod managed_login;
mod member_names;
mod messages;
mod model;
mod oauth;
mod operations;
mod password;
mod patterns;
mod recorded_flow;
pub mod recording;
mod redact;
mod secret_hash;
mod server;
mod service;
mod simulated;
mod source;
mod spelling;
pub mod srp;
mod state;
mod store;
mod target_functions;
mod template;
#[cfg(test)]
mod tests;
mod tokens;
mod triggers;
mod unique;
mod unused;
mod validate;
mod webauthn;
mod weight;

pub use activity::{Activities, Activity};
pub use calls::CallRecord;
pub use catalog::{challenge_names, exceptions, input_members, operations};
pub use clock::{Clock, Timestamp};
#[cfg(feature = "tls")]
pub use cognito_triggers_loopback::certificate::{Certificate, CertificateError};
pub use drills::{Drill, DrillError, Fault};
pub use error::ApiError;
pub use functions::{FunctionHandler, Functions, Invoked, LambdaError, NoFunctions, handler_fn};
pub use local_pool::{Builder, Events, LocalPool, Messages, StartError};
pub use messages::OutboxMessage;
pub use recorded_flow::flow_of_recording;
pub use source::ResourceKind;
pub use store::DataError;
pub use target_functions::TargetFunctions;
pub use template::{PoolTemplate, TemplateError};
pub use triggers::{Basis, TriggerRecord, fires};
