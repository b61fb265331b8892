//! What unit tests of handlers need.

pub mod samples;
