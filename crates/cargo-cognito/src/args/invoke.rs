//! The arguments of `invoke`.
//!
//! It has no `--format`: standard output is JSON in any case, in one line or with `--pretty` over several.

use std::path::PathBuf;

use clap::Args;

use super::function::{Function, LogDetail, Running};

#[derive(Debug, Args)]
pub(crate) struct Invoke {
    /// Event files; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) function: Function,
    #[command(flatten)]
    pub(crate) running: Running,
    /// Print each answer over several lines, indented
    #[arg(long)]
    pub(crate) pretty: bool,
    /// How much of the function's log is shown, on standard error
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: LogDetail,
}
