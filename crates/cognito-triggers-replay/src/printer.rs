//! Prints reports: as text for people, as lines of JSON, and as JUnit XML.

pub(crate) mod human;
mod json;
pub(crate) mod junit;
mod snippet;
