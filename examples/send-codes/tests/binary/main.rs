//! The compiled function: concurrent codes, events without a message, and services that fail.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod at_once;
mod cases;
mod failures;
mod support;
