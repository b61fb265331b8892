//! Each case of `cases/` as a test of its own.
#![expect(clippy::expect_used, reason = "a test that can't start fails")]

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use every_trigger::{App, triggers};

fn main() -> ExitCode {
    let app = App::from_env().expect("the example needs no settings");
    each_case(Replay::dir("cases"), InProcess::new(triggers(), app))
}
