//! A local Amazon Cognito user pool, for development and tests.

mod jwt;
mod keys;
mod secret_hash;
pub mod srp;
