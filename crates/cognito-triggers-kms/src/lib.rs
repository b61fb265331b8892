// docs.rs says at each item which feature it needs; the toolchain there has the feature.
#![cfg_attr(docsrs, feature(doc_cfg))]
// The README shows the default features.
#![cfg_attr(feature = "aws", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "aws"),
    doc = "Opens the encrypted codes of Cognito's custom senders, with a KMS client that the caller supplies."
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
pub mod kms;
mod message;
mod opener;
mod pool_id;
mod sender_event;
mod temporary_password;
#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "aws")]
pub use aws::AwsKms;
pub use builder::DecryptorBuilder;
pub use decryptor::Decryptor;
pub use error::Error;
pub use sender_event::SenderEvent;
