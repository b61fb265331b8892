//! The services on loopback through their public API. `descriptors.rs` is a binary of its own, since it changes a limit of the
//! whole process.

#[cfg(feature = "kms")]
mod kms;
#[cfg(feature = "kms")]
mod seal;
mod server;
#[cfg(feature = "tls")]
mod tls;
