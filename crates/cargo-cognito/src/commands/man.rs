//! `cargo cognito man`: manual pages, as roff for `man -l -`.
//!
//! They come from the same definitions as `--help`.

use clap::CommandFactory;

use crate::{
    args::{self, Args},
    error::CommandError,
    exit_code, output,
};

/// Prints the page of one subcommand, or of the whole command.
///
/// # Errors
/// Fails if there is no such subcommand.
pub(super) fn run(args: &args::Man) -> Result<u8, CommandError> {
    let mut whole = Args::command();
    whole.build();
    let command = match &args.command {
        Some(name) => whole
            .find_subcommand(name)
            .ok_or_else(|| format!("there is no subcommand `{name}`; `cargo cognito --help` lists them"))?
            .clone(),
        None => whole,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    output::print(String::from_utf8_lossy(&page));
    Ok(exit_code::SUCCESS)
}
