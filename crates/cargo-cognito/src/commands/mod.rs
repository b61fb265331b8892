//! One file for each command.

mod check;
mod event;
mod explain;
mod flow;
mod help;
mod invoke;
mod kms;
mod replay;
mod review;
mod routes;
mod seal;
mod target;
mod wire;

use std::process::ExitCode;

use crate::{
    args::{Args, Command},
    output::{self, exit},
};

/// What keeps a command from its work, for the person who typed it.
type Unable = Box<dyn std::error::Error>;

pub(crate) async fn run(args: Args) -> ExitCode {
    let result = match args.command {
        Command::Replay(args) => replay::run(args).await,
        Command::Invoke(args) => invoke::run(args).await,
        Command::Flow(args) => flow::run(args).await,
        Command::Event(args) => event::run(args),
        Command::Explain(args) => explain::run(&args),
        Command::Routes(args) => routes::run(&args).await,
        Command::Check(args) => check::run(&args).await,
        Command::Wire(args) => wire::run(&args).await,
        Command::Completions(args) => Ok(help::completions(&args)),
        Command::Man(args) => help::man(&args),
    };
    let code = result.unwrap_or_else(|problem| {
        output::error(problem);
        exit::UNABLE
    });
    // What didn't reach its file can't be called done.
    let code = if output::is_lost() { exit::UNABLE } else { code };
    code.into()
}

/// Runs what waits for a person or another program on a thread of its own, so that Ctrl-C is heard meanwhile.
async fn waiting<T: Send + 'static>(wait: impl FnOnce() -> T + Send + 'static) -> Result<T, Unable> {
    Ok(tokio::task::spawn_blocking(wait).await?)
}
