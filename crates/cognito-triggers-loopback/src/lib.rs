#![doc = include_str!("../README.md")]

pub mod aws_json;
pub mod body;
#[cfg(feature = "tls")]
pub mod certificate;
#[cfg(feature = "kms")]
pub mod kms;
pub mod origin;
#[cfg(feature = "kms")]
pub mod seal;
pub mod server;
#[cfg(feature = "tls")]
mod tls;
