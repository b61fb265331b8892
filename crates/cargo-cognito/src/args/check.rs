//! The arguments of `check`.
//!
//! `--bin` is a list, since the functions of one template may run several binaries.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};

use super::values::run_by;

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Templates (CloudFormation or SAM, YAML or JSON), or the output of the AWS CLI for describe-user-pool,
    /// describe-user-pool-client, get-function-configuration and get-policy; all of them are read together
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,
    /// A binary to compare with the sources, by its name in this workspace or its path; may be given several times
    /// [default: as for `replay`, or none if that finds none or several]
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) bin: Vec<OsString>,
    /// Compare no binary, and find only the faults that don't depend on one
    #[arg(long, conflicts_with_all = ["bin", "run_by"])]
    pub(crate) no_bin: bool,
    /// The function that runs a binary, by its logical id, name or ARN; needed if their names differ
    #[arg(long, value_name = "BIN=FUNCTION", value_parser = run_by)]
    pub(crate) run_by: Vec<(String, String)>,
    /// Ignore the findings with this code; may be given several times
    #[arg(long, value_name = "CODE")]
    pub(crate) allow: Vec<String>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,
}

/// The formats of `check --format`.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Each finding with its location, its consequence and a fix to paste
    #[default]
    Human,
    /// All findings as one JSON document
    Json,
}
