// The README shows the default features.
#![cfg_attr(feature = "aws", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "aws"),
    doc = "Opens the codes of custom senders, with a KMS that the caller brings."
)]

#[cfg(feature = "aws")]
mod aws;
mod builder;
mod decryptor;
mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod key_arn;
mod kms;
#[cfg(feature = "testing")]
mod local;
mod message;
mod opener;
mod sender_event;
mod temporary_password;

#[cfg(feature = "aws")]
pub use aws::AwsKms;
pub use builder::Builder;
pub use decryptor::Decryptor;
pub use error::Error;
pub use kms::{DataKey, Decrypt, Kms, KmsError, KmsErrorKind};
#[cfg(feature = "testing")]
pub use local::LocalKey;
pub use sender_event::SenderEvent;
