//! `cargo cognito completions`: completion scripts for shells.

use clap::CommandFactory;
use clap_complete::Shell as Generator;

use crate::{
    args::{self, Args, ShellName},
    error::CommandError,
    exit_code, output,
};

/// Prints the script of a shell.
///
/// clap's script completes the program `cargo-cognito`. Users type `cargo cognito`, which cargo's own
/// completions handle, so a few lines for each shell pass those words on. Elvish and PowerShell have only clap's script.
///
/// # Errors
/// Never in practice: clap writes UTF-8.
pub(super) fn run(args: &args::Completions) -> Result<u8, CommandError> {
    let (generator, for_cargo) = match args.shell {
        ShellName::Bash => (Generator::Bash, include_str!("completions/cargo.bash")),
        ShellName::Fish => (Generator::Fish, include_str!("completions/cargo.fish")),
        ShellName::Zsh => (Generator::Zsh, include_str!("completions/cargo.zsh")),
        ShellName::Elvish => (Generator::Elvish, ""),
        ShellName::PowerShell => (Generator::PowerShell, ""),
    };
    let mut script = Vec::new();
    // In bash, clap_complete 4.6 offers no options for the subcommands of a program with a hyphen in its name.
    let name = match args.shell {
        ShellName::Bash => "cargo_cognito",
        _ => "cargo-cognito",
    };
    clap_complete::generate(generator, &mut Args::command(), name, &mut script);
    output::print(String::from_utf8(script)? + for_cargo);
    Ok(exit_code::SUCCESS)
}
