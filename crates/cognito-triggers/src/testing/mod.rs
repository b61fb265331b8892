//! What unit tests of handlers need: realistic events, and the means to change them.

pub mod builder;
pub mod edit;
pub mod json;
pub mod path;
pub mod samples;
