//! The arguments that say which function runs, and how.
//!
//! `replay`, `invoke` and `flow` share them. The other subcommands only ask a binary for its routes, and define their own
//! `--bin`.

use std::{ffi::OsString, time::Duration};

use clap::{Args, ValueEnum};
use cognito_triggers_replay::Style;

use super::values::{at_least_one, duration};

/// The function that events are sent to.
#[derive(Debug, Args)]
pub(crate) struct Function {
    /// The function: a binary of this workspace, which is built first, or the path of one. If it is given several
    /// times, the binaries act like several functions of a pool: an event goes to the one that routes it [default: the
    /// binary of this package or workspace that calls `cognito_triggers::run`, if there is only one]
    #[arg(long, value_name = "NAME|PATH", conflicts_with = "url")]
    pub(crate) bin: Vec<OsString>,
    /// An endpoint instead of a binary: `cargo lambda watch` (http://localhost:9000/NAME), the runtime interface
    /// emulator, or the local endpoint of SAM
    #[arg(long)]
    pub(crate) url: Option<String>,
}

/// How the function is run.
#[derive(Debug, Args)]
pub(crate) struct Running {
    /// The time limit for an answer, such as 5s or 300ms [default: 5s, the limit of Cognito; 30s for custom senders]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// Start a new process for each event
    #[arg(long, conflicts_with_all = ["url", "concurrency"])]
    pub(crate) cold_start: bool,
    /// Pass the AWS credentials of this shell to the function, which then calls AWS for real
    #[arg(long, conflicts_with = "url")]
    pub(crate) with_aws: bool,
    /// Run one process that takes N events at a time, as on Lambda Managed Instances
    #[arg(long, value_name = "N", conflicts_with = "url", value_parser = at_least_one)]
    pub(crate) concurrency: Option<usize>,
}

/// The values of `--log`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogDetail {
    /// One line for each record, the errors first, without fields that repeat the answer
    #[default]
    Folded,
    /// Every line as the function wrote it
    Full,
}

impl LogDetail {
    /// The style of a report that shows this much of the log. Colors are always on; [`output`](crate::output) removes them
    /// from files and pipes.
    pub(crate) fn style(self) -> Style {
        Style {
            color: true,
            full_log: self == Self::Full,
        }
    }
}
