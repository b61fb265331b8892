#![doc = include_str!("../README.md")]

pub mod aws_json;
#[cfg(feature = "kms")]
pub mod kms;
#[cfg(feature = "kms")]
pub mod seal;
pub mod server;
