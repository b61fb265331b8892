#![doc = include_str!("../README.md")]

mod arn;
mod binary;
mod bindings;
mod document;
mod facts;
mod hcl;
mod lambda_config;
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
pub use lambda_config::{KEYS, LambdaConfig, LambdaVersion, Shape, VersionedFunction, shape};
pub use pool_resource::{ClientResource, Deployment, PoolResource, UnresolvedSetting};
pub use report::{Finding, Report, Severity, Step};
pub use rules::{RULES, Rule};
pub use source::{Location, ReadError, Source};
pub use wiring::Wiring;
