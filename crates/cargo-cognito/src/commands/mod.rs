//! One file for each command.

mod event;
mod invoke;
mod replay;
mod routes;

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use cognito_triggers_replay::BuildError;

use crate::{
    args::{Args, Command, Target},
    output::{self, exit},
};

/// What keeps a command from its work, for the person who typed it.
type Unable = Box<dyn std::error::Error>;

pub(crate) async fn run(args: Args) -> ExitCode {
    let result = match args.command {
        Command::Replay(args) => replay::run(args).await,
        Command::Invoke(args) => invoke::run(args).await,
        Command::Event(args) => event::run(&args),
        Command::Routes(args) => routes::run(&args).await,
    };
    let code = result.unwrap_or_else(|problem| {
        output::error(problem);
        exit::UNABLE
    });
    code.into()
}

impl Target {
    /// The program, built first if it is named and not a path.
    fn program(&self) -> Result<PathBuf, BuildError> {
        match self.bin.to_str() {
            Some(name) if !is_path(&self.bin) => cognito_triggers_replay::build(name, None),
            _ => Ok(PathBuf::from(&self.bin)),
        }
    }
}

fn is_path(bin: &OsStr) -> bool {
    let path = Path::new(bin);
    path.components().count() > 1 || path.is_absolute() || path.starts_with(".")
}
