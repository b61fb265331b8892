//! The arguments of `replay`.
//!
//! `--accept`, `--review` and `--watch` exclude each other: approving writes files, which would start the next run.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    function::{Function, LogDetail, Running},
    values::at_least_one,
};

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// Event files, or directories of cases
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) function: Function,
    /// Approve every answer: write it to its answer file. `Unhandled` and `Malformed` are not approved
    #[arg(long, conflicts_with = "review")]
    pub(crate) accept: bool,
    /// With --accept, approve `Unhandled` and `Malformed` too
    #[arg(long, requires = "accept")]
    pub(crate) accept_unhandled: bool,
    /// Show each new or different answer, and ask whether to approve it
    #[arg(long)]
    pub(crate) review: bool,
    /// Build and run again whenever a file of the workspace or a case changes, until you press Ctrl-C
    #[arg(long, conflicts_with_all = ["accept", "review"])]
    pub(crate) watch: bool,
    /// What of an answer to compare with the approved one
    #[arg(long, value_enum, default_value_t)]
    pub(crate) compare: Compare,
    /// Run only the cases whose name contains TEXT; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Vec<String>,
    /// Stop after the first case that is not as approved
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Send each event N times and expect equal answers, since Cognito may repeat a call
    #[arg(long, value_name = "N", default_value = "1", value_parser = at_least_one)]
    pub(crate) attempts: usize,
    #[command(flatten)]
    pub(crate) running: Running,
    /// Run N cases at a time [default: the value of --concurrency, otherwise the number of processors]
    #[arg(long, short, value_name = "N", value_parser = at_least_one)]
    pub(crate) jobs: Option<usize>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReplayFormat,
    /// How much of the function's log to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: LogDetail,
    /// Print only the cases that are not as approved, and the summary
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// The values of `--compare`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compare {
    /// All of it, as received
    #[default]
    Answer,
    /// What `response` does: its members that are null, {} or [] count as absent, but for `groupOverrideDetails`
    Response,
}

/// The formats of `replay --format` and `flow --format`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReplayFormat {
    /// Text to read
    #[default]
    Human,
    /// A line of JSON for each case or flow, then one for the summary
    Json,
    /// JUnit XML, for a test service
    Junit,
}
