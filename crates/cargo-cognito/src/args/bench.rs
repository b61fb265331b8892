//! The arguments of `bench`.
//!
//! A name is built in the profile `release`, unlike in the other subcommands, because a debug build says nothing about speed.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};

use super::values::at_least_one;

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// The function: a binary of this workspace, which is built first in the profile `release`, or the path of one
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) bin: OsString,
    /// A binary to compare it with; may be given several times
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) against: Vec<OsString>,
    /// The event to send [default: a sample of the first trigger that --bin routes]
    #[arg(long, value_name = "FILE")]
    pub(crate) event: Option<PathBuf>,
    /// The number of rounds; each starts every binary once
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = at_least_one)]
    pub(crate) rounds: usize,
    /// The number of calls in each round, after the one that starts the binary
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = at_least_one)]
    pub(crate) calls: usize,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: BenchFormat,
}

/// The formats of `bench --format`.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum BenchFormat {
    /// A table
    #[default]
    Human,
    /// One JSON document
    Json,
}
