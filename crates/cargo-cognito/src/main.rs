//! The command `cargo cognito`: arguments, printing and exit codes. The work is done in `cognito-triggers-replay`,
//! `cognito-triggers-wiring` and the crates below them.
//!
//! | module | what it is for |
//! |---|---|
//! | `args` | the command line, and the texts of `--help` |
//! | `commands` | one file for each subcommand |
//! | `binary`, `function`, `kms` | from `--bin` and `--url` to a function that takes events |
//! | `files`, `blocking` | reading what the arguments name, without missing a signal |
//! | `output`, `progress`, `style`, `wrap` | everything that is printed: the one place for colors and widths |
//! | `sources`, `sealed_code`, `shell` | facts and helpers that several subcommands share |
//! | `error`, `exit_code`, `signals` | how the command ends |

mod args;
mod binary;
mod blocking;
mod commands;
mod error;
mod exit_code;
mod files;
mod function;
mod kms;
mod output;
mod progress;
mod sealed_code;
mod shell;
mod signals;
mod sources;
mod style;
mod wrap;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse_from(args::without_subcommand_name(std::env::args_os()));
    let code = tokio::select! {
        // In this order, nothing is started before signals are caught.
        biased;
        // The other branch is dropped, and its processes end with it.
        () = signals::interrupted() => None,
        code = commands::run(args) => Some(code),
    };
    // A thread may be blocked in a read, so nothing waits for the end of the runtime.
    code.unwrap_or_else(|| std::process::exit(exit_code::INTERRUPTED.into()))
}
