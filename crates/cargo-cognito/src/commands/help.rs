//! `cargo cognito completions` and `cargo cognito man`

use clap::CommandFactory;

use super::Unable;
use crate::{
    args::{self, Args},
    output::{self, exit},
};

/// The script completes `cargo-cognito`; cargo has its own completions, which don't know subcommands.
pub(super) fn completions(args: &args::Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "cargo-cognito", &mut script);
    output::data(String::from_utf8_lossy(&script));
    exit::GOOD
}

/// The page of one subcommand, or of the whole.
pub(super) fn man(args: &args::Man) -> Result<u8, Unable> {
    let mut whole = Args::command();
    whole.build();
    let command = match &args.command {
        Some(name) => whole
            .find_subcommand(name)
            .ok_or_else(|| format!("no command `{name}`"))?
            .clone(),
        None => whole,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    output::data(String::from_utf8_lossy(&page));
    Ok(exit::GOOD)
}
