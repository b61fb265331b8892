//! The compiled function: many codes at once, events it must not send for, services that fail.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod at_once;
mod cases;
mod failures;
mod support;
