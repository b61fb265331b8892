//! One file for each subcommand.
//!
//! Each has a function `run`, which takes the arguments, prints results and messages, and returns the exit code. It returns
//! an `Err` if the subcommand can't do its work at all; the error is printed here, and the exit code is 2. A bad outcome of
//! the work itself, such as a case that is not as approved, isn't an `Err`: the exit code is 1.
//!
//! | subcommand | crate that does the work |
//! |---|---|
//! | `new`, `init` | this one: the files are in `projects` |
//! | `replay`, `flow` | `cognito-triggers-replay` |
//! | `invoke`, `bench`, `routes` | `cognito-triggers-targets` |
//! | `pool` | `cognito-triggers-pool` |
//! | `check`, `wire` | `cognito-triggers-wiring` |
//! | `event`, `explain` | `cognito-triggers-model`, and `cognito-triggers-loopback` for encrypted codes |

mod bench;
mod check;
mod completions;
mod event;
mod explain;
mod flow;
mod invoke;
mod man;
mod new;
mod pool;
mod replay;
mod routes;
mod schema;
mod wire;

use std::process::ExitCode;

use crate::{
    args::{Args, Command},
    exit_code, output,
};

/// Runs the subcommand, prints its error if it fails, and returns the exit code of the process.
pub(crate) async fn run(args: Args) -> ExitCode {
    let result = match args.command {
        Command::New(args) => new::new(args).await,
        Command::Init(args) => new::init(args).await,
        Command::Replay(args) => replay::run(args).await,
        Command::Invoke(args) => invoke::run(args).await,
        Command::Flow(args) => flow::run(args).await,
        Command::Pool(args) => pool::run(args).await,
        Command::Event(args) => event::run(args).await,
        Command::Explain(args) => explain::run(&args),
        Command::Routes(args) => routes::run(&args).await,
        Command::Check(args) => check::run(args).await,
        Command::Wire(args) => wire::run(args).await,
        Command::Bench(args) => bench::run(args).await,
        Command::Schema(args) => Ok(schema::run(&args)),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    let code = result.unwrap_or_else(|problem| {
        output::error(problem);
        exit_code::ERROR
    });
    output::finish();
    // Results that couldn't be written, for example on a full disk, are never a success. Lines that a reader was too slow for
    // are counted in the output itself.
    let code = if output::is_incomplete() {
        exit_code::ERROR
    } else {
        code
    };
    code.into()
}
