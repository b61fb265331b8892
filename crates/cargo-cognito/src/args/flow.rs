//! Arguments of `flow`.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use cognito_triggers_replay::flow::Flow as Calls;

use super::{Running, Target};

#[derive(Debug, ClapArgs)]
pub(crate) struct Flow {
    /// Flows by their names, or files `NAME.flow.json`
    #[arg(value_name = "NAME|FILE", required = true)]
    pub(crate) flows: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) running: Running,
    /// Write the sequence as a drawing: Mermaid to a file that ends in .mmd, a picture to one that ends in .svg
    #[arg(long, value_name = "FILE", value_parser = drawing)]
    pub(crate) diagram: Option<PathBuf>,
    /// Print the file of a flow that ships instead of running it, to start one of your own from
    #[arg(
        long,
        group = "function",
        conflicts_with_all = ["bin", "url", "diagram", "deadline", "cold_start", "with_aws", "concurrency"]
    )]
    pub(crate) print: bool,
}

pub(crate) fn after_help() -> String {
    let names: Vec<_> = Calls::names().collect();
    format!(
        "These flows ship: {}.\n\n\
         The exit code is 1 if a call ends in another way than the flow expects, an event gets no answer, or an answer \
         breaks a rule of Cognito for certain. Of events and answers, names are shown and no values.",
        names.join(", ")
    )
}

fn drawing(text: &str) -> Result<PathBuf, &'static str> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("mmd" | "svg") => Ok(path),
        _ => Err("its name has to end in .mmd or .svg"),
    }
}
