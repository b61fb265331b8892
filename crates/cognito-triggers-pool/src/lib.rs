#![doc = include_str!("../README.md")]

mod activity;
mod answers;
mod attributes;
mod auth;
mod call;
mod clock;
mod error;
mod functions;
mod ids;
mod jwt;
mod keys;
mod local_pool;
mod messages;
mod model;
mod operations;
mod password;
mod patterns;
mod secret_hash;
mod server;
mod service;
mod source;
pub mod srp;
mod state;
mod target_functions;
mod tokens;
mod triggers;
mod unused;
mod validate;

pub use activity::{Activities, Activity, CallRecord};
pub use clock::{Clock, Timestamp};
pub use error::ApiError;
pub use functions::{FunctionHandler, Functions, LambdaError, NoFunctions, handler_fn};
pub use local_pool::{Builder, Events, LocalPool, Messages, StartError};
pub use messages::OutboxMessage;
pub use target_functions::TargetFunctions;
pub use triggers::{Basis, TriggerRecord, fires};
