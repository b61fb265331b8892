//! Each case is a test: `cargo test saml` runs those with this word in their names.

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use federated::{App, app::groups, memory::InMemory, triggers};

fn main() -> Result<ExitCode, String> {
    let app = App::<InMemory> {
        providers: "Google=*; ExampleIdP=example.org; ExampleSaml=example.org".parse()?,
        groups: groups("editors, readers"),
        directory: None,
    };
    Ok(each_case(Replay::dir("cases"), InProcess::new(triggers(), app)))
}
