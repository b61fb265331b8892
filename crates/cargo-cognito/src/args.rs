//! The command line: one type for each subcommand, and the texts of `--help`.
//!
//! The doc comments of fields and variants are the help texts, so they address the user of the command. clap prints them
//! without a period at the end and wraps them to the width of the terminal, at most 100 columns.
//!
//! Subcommands and options are what scripts hold on to: they may be added, but keep their names and meanings.

mod bench;
mod check;
mod event;
mod flow;
mod function;
mod invoke;
mod new;
mod others;
mod pool;
mod replay;
mod texts;
mod values;
mod wire;

use std::ffi::{OsStr, OsString};

use clap::{Parser, Subcommand};

pub(crate) use self::{
    bench::{Bench, BenchFormat},
    check::{Check, CheckFormat},
    event::Event,
    flow::Flow,
    function::{Function, Running},
    invoke::Invoke,
    new::{Contents, Init, New},
    others::{Completions, Explain, Man, Routes, Schema, SchemaName, ShellName},
    pool::{Issuer, Logs, Pool, PoolFormat},
    replay::{Compare, Replay, ReplayFormat},
    wire::{Wire, WireFormat},
};

/// Try the Lambda triggers of an Amazon Cognito user pool without deploying them.
#[derive(Debug, Parser)]
#[command(name = "cargo-cognito", bin_name = "cargo cognito", version, max_term_width = 100, after_help = texts::EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands, in the order of `--help`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a new function with its tests, cases, flows, template and README
    #[command(after_help = texts::NEW)]
    New(New),
    /// Add to an existing package what it lacks of the same
    #[command(after_help = texts::INIT)]
    Init(Init),
    /// Run cases and compare the answers with the approved ones
    #[command(after_help = texts::CASES)]
    Replay(Replay),
    /// Send events and print the answers, one line of JSON for each
    #[command(after_help = texts::LINES)]
    Invoke(Invoke),
    /// Play the API calls of an app on a local user pool, which fires the triggers
    #[command(after_help = texts::FLOWS)]
    Flow(Flow),
    /// Serve a local user pool to real clients; it fires the triggers and never calls AWS
    #[command(after_help = texts::POOL)]
    Pool(Pool),
    /// Print a realistic event, list every trigger source, or write cases for a binary
    Event(Event),
    /// Explain a trigger, a rule for answers, a finding of `check`, or an error message
    Explain(Explain),
    /// Print the triggers that a binary routes
    Routes(Routes),
    /// Check templates and descriptions of user pools against the routes of binaries
    #[command(after_help = texts::CHECKED)]
    Check(Check),
    /// Print the settings that a user pool needs to call a binary; AWS is never called
    Wire(Wire),
    /// Measure the start, the calls, the memory and the size of a binary; Linux only
    #[command(after_help = texts::BENCH)]
    Bench(Bench),
    /// Print the JSON Schema of answer files or of flows
    #[command(after_help = texts::SCHEMA)]
    Schema(Schema),
    /// Print a completion script for a shell
    #[command(after_help = texts::COMPLETIONS)]
    Completions(Completions),
    /// Print a manual page, as roff
    Man(Man),
}

/// Removes the word `cognito`, which cargo passes on: cargo runs `cargo-cognito cognito …`, and the alias of this
/// workspace runs the command without the word.
pub(crate) fn without_subcommand_name(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<_> = args.collect();
    if args.get(1).map(OsString::as_os_str) == Some(OsStr::new("cognito")) {
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
    fn the_name_that_cargo_passes_on_is_removed() {
        let args = |words: &[&str]| without_subcommand_name(words.iter().map(OsString::from));
        assert_eq!(
            args(&["cargo-cognito", "cognito", "event"]),
            args(&["cargo-cognito", "event"])
        );
    }
}
