//! Runs each case of this directory as a test of its own.

use std::process::ExitCode;

use cognito_triggers::{Router, pass_through, router};
use cognito_triggers_replay::{InProcess, Replay, each_case};

fn triggers() -> Router<()> {
    router! { otherwise => pass_through }
}

fn main() -> ExitCode {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    each_case(Replay::dir(cases), InProcess::new(triggers(), ()))
}
