//! Each case is a test: `cargo test unverified` runs those with this word in their names.

#![expect(clippy::expect_used, reason = "a test fails by it")]

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use passwordless::{App, triggers};

fn main() -> ExitCode {
    // The cases have links that this key signed. Nobody waits in a test.
    let variable = |name: &str| match name {
        "LINK_KEY" => Some("only for tests: 32 bytes or more".to_owned()),
        "SIGN_IN_URL" => Some("https://app.example.com/sign-in".to_owned()),
        "ANSWER_AFTER_MS" => Some("0".to_owned()),
        _ => None,
    };
    let app = App::from_variables(variable).expect("settings that can be read");
    each_case(Replay::dir("cases"), InProcess::new(triggers(), app))
}
