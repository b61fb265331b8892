//! Replays Cognito trigger events against a router, a compiled function or an endpoint, without AWS.

pub mod kms;
pub mod seal;
