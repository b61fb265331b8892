//! The arguments of the subcommands that take one or two of them.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A `triggerSource`, a route, a key of `LambdaConfig`, the code of a rule or of a finding of `check`, or an error
    /// message; without one, all topics are listed
    #[arg(value_name = "TOPIC")]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Routes {
    /// The function: a binary of this workspace, which is built first, or the path of one [default: as for `replay`]
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) bin: Option<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: ShellName,
}

/// The shells that have completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellName {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which files the schema is for
    #[arg(value_enum, default_value_t)]
    pub(crate) name: SchemaName,
}

/// The files that have a schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// NAME.answer.json, the approved answer of a case
    #[default]
    Answer,
    /// NAME.flow.json, the calls of an app
    Flow,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The subcommand that the page is about; without it, the page is about the whole command
    pub(crate) command: Option<String>,
}
