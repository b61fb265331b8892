//! `cargo cognito completions`

use clap::CommandFactory;
use clap_complete::Shell as Generator;

use crate::{
    args::{self, Args, Shell},
    error::CommandError,
    exit_code, output,
};

/// Prints the script of a shell.
///
/// clap's script completes the program `cargo-cognito`. What is typed is `cargo cognito`, which belongs to cargo's own
/// completions, so a few lines for each shell pass those words on.
pub(super) fn run(args: &args::Completions) -> Result<u8, CommandError> {
    let (generator, for_cargo) = match args.shell {
        Shell::Bash => (Generator::Bash, include_str!("completions/cargo.bash")),
        Shell::Fish => (Generator::Fish, include_str!("completions/cargo.fish")),
        Shell::Zsh => (Generator::Zsh, include_str!("completions/cargo.zsh")),
        Shell::Elvish => (Generator::Elvish, ""),
        Shell::PowerShell => (Generator::PowerShell, ""),
    };
    let mut script = Vec::new();
    // In bash, clap_complete 4.6 offers no options for the subcommands of a program with a hyphen in its name.
    let name = match args.shell {
        Shell::Bash => "cargo_cognito",
        _ => "cargo-cognito",
    };
    clap_complete::generate(generator, &mut Args::command(), name, &mut script);
    output::print(String::from_utf8(script)? + for_cargo);
    Ok(exit_code::SUCCESS)
}
