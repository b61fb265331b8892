//! Each case is a test: `cargo test another-tenant` runs those with these words in their names.

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use machine_tokens::{App, machines::MachinesError, triggers};

fn main() -> Result<ExitCode, MachinesError> {
    let machines = include_str!("machines.json").parse()?;
    Ok(each_case(
        Replay::dir("cases"),
        InProcess::new(triggers(), App { machines }),
    ))
}
