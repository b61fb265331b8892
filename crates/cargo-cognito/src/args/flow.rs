//! The arguments of `flow`.
//!
//! With `--print` nothing runs, so it excludes every option that is about running.

use std::path::PathBuf;

use clap::Args;

use super::{
    function::{Function, LogDetail, Running},
    replay::ReplayFormat,
};

#[derive(Debug, Args)]
pub(crate) struct Flow {
    /// Names of included flows, or files `NAME.flow.json`
    #[arg(value_name = "NAME|FILE", required_unless_present_any = ["list", "from_recording"])]
    pub(crate) flows: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) function: Function,
    #[command(flatten)]
    pub(crate) running: Running,
    /// Write a sequence diagram: as Mermaid if the name ends in .mmd, as an image if it ends in .svg
    #[arg(long, value_name = "FILE", value_parser = diagram)]
    pub(crate) diagram: Option<PathBuf>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReplayFormat,
    /// How much of the function's log to print: that of triggers that failed, or all of it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: LogDetail,
    /// Print the file of an included flow instead of running it, as a template for your own
    #[arg(
        long,
        conflicts_with_all = ["bin", "url", "diagram", "deadline", "cold_start", "with_aws", "concurrency", "format", "log"]
    )]
    pub(crate) print: bool,
    /// Print a flow with the calls of one person in a recording, which `cargo cognito pool --record` has written
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["flows", "print", "list", "bin", "url", "diagram", "deadline", "cold_start", "with_aws", "concurrency", "format", "log"]
    )]
    pub(crate) from_recording: Option<PathBuf>,
    /// The user name of the person, as the recording has it [default: the person of the first call]
    #[arg(long, value_name = "NAME", requires = "from_recording")]
    pub(crate) user: Option<String>,
    /// List the included flows and what they show
    #[arg(
        long,
        conflicts_with_all = ["flows", "print", "bin", "url", "diagram", "deadline", "cold_start", "with_aws", "concurrency", "format", "log"]
    )]
    pub(crate) list: bool,
}

/// Parses the file of a diagram, whose extension decides the format.
///
/// # Errors
/// Fails if the extension is neither of the two.
fn diagram(text: &str) -> Result<PathBuf, &'static str> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("mmd" | "svg") => Ok(path),
        _ => Err("the name has to end in .mmd or .svg"),
    }
}
