//! Each case is a test: `cargo test admin-create-user` runs those with this word in their names.

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use localized_messages::{App, StartError, triggers};

fn main() -> Result<ExitCode, StartError> {
    let app = App::from_settings(|name| (name == "PRODUCT").then(|| "Harbor".to_owned()))?;
    Ok(each_case(Replay::dir("cases"), InProcess::new(triggers(), app)))
}
