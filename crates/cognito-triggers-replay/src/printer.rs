//! Prints reports: as text for people, as lines of JSON, and as JUnit XML.

pub(crate) mod human;
mod json;
mod junit;
mod snippet;
