//! How a report is printed: for people, as JSON, and as JUnit XML.

pub(crate) mod human;
mod json;
mod junit;
mod snippet;
