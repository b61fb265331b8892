//! The behavior of `Once` with a store in memory.

mod callers;
mod interleavings;
mod keys;
mod support;
