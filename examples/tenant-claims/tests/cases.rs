//! Each case is a test: `cargo test machine` runs those with this word in their names.

#![expect(clippy::expect_used, reason = "a test fails by it")]

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use tenant_claims::{App, triggers};

fn main() -> ExitCode {
    let variable = |name: &str| (name == "TENANTS").then(|| include_str!("tenants.json").to_owned());
    let app = App::from_variables(variable).expect("settings that can be read");
    each_case(Replay::dir("cases"), InProcess::new(triggers(), app))
}
