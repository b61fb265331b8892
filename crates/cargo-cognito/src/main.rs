//! The command `cargo cognito`: arguments, printing and exit codes. What it does is in `cognito-triggers-replay`.

mod args;
mod commands;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::{args::Args, output::exit};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse_from(args::as_subcommand(std::env::args_os()));
    let code = tokio::select! {
        // In this order: nothing is started before a signal would be heard.
        biased;
        // What runs is dropped with the other branch, and its processes end with it.
        () = output::interrupted() => None,
        code = commands::run(args) => Some(code),
    };
    // A thread may still wait for somebody to type.
    code.unwrap_or_else(|| std::process::exit(exit::INTERRUPTED.into()))
}
