//! Each case is a test: `cargo test saml` runs those with this word in their names.

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use federated::{App, groups::Groups, memory::InMemory, providers::Providers, triggers};

fn main() -> Result<ExitCode, String> {
    let providers: Providers =
        "Google=*; SignInWithApple=*; ExampleIdP=example.org; ExampleSaml=example.org".parse()?;
    let app = App::<InMemory> {
        groups: Groups::read("ExampleIdP=editors, readers; ExampleSaml=editors", &providers)?,
        providers,
        directory: None,
    };
    Ok(each_case(Replay::dir("cases"), InProcess::new(triggers(), app)))
}
