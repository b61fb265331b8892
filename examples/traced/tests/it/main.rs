//! The spans of calls, in memory and as a collector gets them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod in_memory;
mod order;
