//! Tools for tests. They protect nothing, so enable the feature `testing` under `[dev-dependencies]` only.
//!
//! [`LocalKey`] stands in for a KMS key, and [`Decryptor::fixed`](crate::Decryptor::fixed) returns the same code
//! for every event.

mod local_key;

pub use local_key::LocalKey;
