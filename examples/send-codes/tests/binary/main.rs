//! The compiled function: concurrent codes, events without a message, services that fail, and a whole sign-up.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod at_once;
mod cases;
mod failures;
mod flow;
mod support;
