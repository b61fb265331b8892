//! The arguments of `new` and `init`.
//!
//! Routes and examples are possible values, so the parser refuses others, suggests similar ones, and shells complete them.

use std::path::PathBuf;

use clap::{Args, builder::PossibleValuesParser};
use cognito_triggers::model::Route;

use crate::projects;

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The directory to create; its last part is the name of the package, unless --name has another one
    #[arg(value_name = "NAME|PATH")]
    pub(crate) directory: PathBuf,
    /// The name of the package
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Write a template for `cargo lambda new NAME --template PATH`, which fills in the name, instead of a project
    #[arg(long, conflicts_with = "name")]
    pub(crate) for_cargo_lambda: bool,
    #[command(flatten)]
    pub(crate) contents: Contents,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The directory of the package [default: this directory]
    #[arg(value_name = "PATH")]
    pub(crate) directory: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) contents: Contents,
}

/// What is written, for `new` and `init`.
#[derive(Debug, Args)]
pub(crate) struct Contents {
    /// The triggers to answer; the three routes of custom sign-in come together
    #[arg(long, value_name = "ROUTE", num_args = 1.., value_delimiter = ',', hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Route::ALL.iter().map(|route| route.as_str())))]
    pub(crate) route: Vec<String>,
    /// An example to begin with, instead of --route
    #[arg(long, value_name = "EXAMPLE", conflicts_with = "route",
        value_parser = PossibleValuesParser::new(projects::example_names()))]
    pub(crate) example: Option<String>,
    /// The clone of cognito-triggers to depend on [default: the clone that this command was built in, otherwise the
    /// published versions]
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
}
