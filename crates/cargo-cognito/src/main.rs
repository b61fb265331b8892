//! The command `cargo cognito`: arguments, printing and exit codes. The work is done in `cognito-triggers-replay`,
//! `cognito-triggers-wiring` and the crates below them.
//!
//! | module | what it is for |
//! |---|---|
//! | `args` | the command line, and the texts of `--help` |
//! | `commands` | one file for each subcommand |
//! | `binary`, `function`, `kms` | from `--bin` and `--url` to a function that takes events |
//! | `files`, `recording`, `blocking`, `watch` | reading what the arguments name, without missing a signal, and again when it changes |
//! | `projects` | the files that `new` and `init` write |
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
mod projects;
mod recording;
mod sealed_code;
mod shell;
mod signals;
mod sources;
mod style;
mod watch;
mod wrap;

use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::Builder;

use crate::args::Args;

/// Runs the command, and drops it at the first signal.
///
/// The exit code is that of the subcommand, 130 after a signal, and 2 if the signals can't be caught.
fn main() -> ExitCode {
    let args = Args::parse_from(args::without_subcommand_name(std::env::args_os()));
    let prepared = signals::catch().and_then(|interrupted| {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok((interrupted, runtime))
    });
    let (interrupted, runtime) = match prepared {
        Ok(prepared) => prepared,
        Err(problem) => {
            output::error(format_args!("the command can't start: {problem}"));
            return exit_code::ERROR.into();
        }
    };
    let code = runtime.block_on(async {
        tokio::select! {
            // In this order, nothing is started after a signal.
            biased;
            // The other branch is dropped, and its processes end with it.
            _ = interrupted => ExitCode::from(exit_code::INTERRUPTED),
            code = commands::run(args) => code,
        }
    });
    output::finish();
    // A thread may be blocked in a read, so nothing waits for it.
    runtime.shutdown_background();
    code
}
