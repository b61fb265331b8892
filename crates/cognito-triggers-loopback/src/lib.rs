#![doc = include_str!("../README.md")]
// docs.rs says at each item which feature it needs; the toolchain there has the feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

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
