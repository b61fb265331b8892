//! Each case is a test: `cargo test leaked` runs those with this word in their names.

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use migrate_users::triggers;

#[path = "it/support.rs"]
mod support;

fn main() -> ExitCode {
    each_case(Replay::dir("cases"), InProcess::new(triggers(), support::app()))
}
