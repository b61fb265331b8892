//! The command line.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args as ClapArgs, Parser, Subcommand};

/// Try the Lambda triggers of an Amazon Cognito user pool without deploying them.
#[derive(Debug, Parser)]
#[command(name = "cargo-cognito", bin_name = "cargo cognito", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    every answer stands as approved; for the other commands: done
  1    an answer differs, is new, or didn't come
  2    the command can't do its work: wrong arguments, no such file, a binary that doesn't compile
  130  interrupted";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run cases and compare the answers with the approved ones
    Replay(Replay),
    /// Send events and print the answers
    Invoke(Invoke),
    /// Print a realistic event, or list every trigger source
    Event(Event),
    /// Print which triggers a binary answers
    Routes(Routes),
}

/// What the events are sent to.
#[derive(Debug, ClapArgs)]
pub(crate) struct Target {
    /// The function: a binary of this workspace, which is built first, or the path of one
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) bin: OsString,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Replay {
    /// Cases, or directories that hold some: `NAME.event.json` beside `NAME.answer.json`
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) places: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) target: Target,
    /// Approve every answer: write it to its answer file
    #[arg(long)]
    pub(crate) accept: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Invoke {
    /// Event files; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) target: Target,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Event {
    /// The `triggerSource`, such as PreSignUp_SignUp; without it, all of them are listed
    pub(crate) source: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Routes {
    #[command(flatten)]
    pub(crate) target: Target,
}

/// Cargo calls `cargo-cognito cognito …`; the alias of this workspace calls it without the word.
pub(crate) fn as_subcommand(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<_> = args.collect();
    if args.get(1).is_some_and(|word| word == "cognito") {
        args.remove(1);
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn cargo_says_the_name_of_the_subcommand() {
        let args = |words: &[&str]| as_subcommand(words.iter().map(OsString::from));
        assert_eq!(
            args(&["cargo-cognito", "cognito", "event"]),
            args(&["cargo-cognito", "event"])
        );
    }
}
