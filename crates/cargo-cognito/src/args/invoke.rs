//! The arguments of `invoke`.
//!
//! It has no `--format`: standard output is always JSON, on one line or with `--pretty` on several.

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
    /// Print each answer on several lines, indented
    #[arg(long)]
    pub(crate) pretty: bool,
    /// How much of the function's log to print to standard error
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: LogDetail,
}
