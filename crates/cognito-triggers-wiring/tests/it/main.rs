//! The wiring through its public API, in one binary: linking one for each topic would take most of the time that it takes to
//! compile them. The inputs are in the directories above.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod faults;
mod forms;
mod inputs;
mod keys;
mod names;
mod outcomes;
mod permission_open;
mod permissions;
mod plans;
mod pool_resources;
mod public;
mod reading;
mod reports;
mod round_trip;
mod snapshots;
mod statements;
mod template;
mod wire;
