//! The behavior of `Once` with a store in memory.

mod callers;
mod faults;
mod interleavings;
mod keys;
mod support;
mod time;
