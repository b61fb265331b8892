//! Replays against the router in this process and against compiled functions, good and bad ones.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod agreement;
#[cfg(unix)]
mod answers_of_others;
#[cfg(feature = "harness")]
mod each_case;
#[cfg(unix)]
mod faults;
#[path = "../../examples/function.rs"]
#[expect(dead_code, unreachable_pub, reason = "its main is for the binary")]
mod function;
#[cfg(target_os = "linux")]
mod killed;
#[cfg(feature = "flow")]
mod recording;
#[cfg(unix)]
mod report;
mod support;
