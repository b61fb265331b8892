//! What crosses crates, in one binary: linking one for each topic would take most of the time that it takes to compile them.
//! `soak.rs` and `tidy.rs` are binaries of their own, since each is run alone, and `cold_start.rs`, since a machine that is busy
//! with other tests gets events to a new process too late. In `cases.rs` each case is a test.

mod compose;
mod flows;
mod function;
mod guide;
mod ports;
mod runtime;
mod same_answer;
mod secrets;
mod wire;
