//! What unit tests of handlers need.

pub mod json;
pub mod samples;
