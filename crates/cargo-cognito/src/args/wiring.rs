//! Arguments of `check` and `wire`.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args as ClapArgs, ValueEnum};

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// Templates (CloudFormation or SAM, YAML or JSON), or what the AWS CLI prints for describe-user-pool,
    /// describe-user-pool-client, get-function-configuration and get-policy; all are seen together
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,
    /// The binary that the wiring is for, by its name in this workspace or its path; may be given several times.
    /// Without one, only what is wrong for every binary is found
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) bin: Vec<OsString>,
    /// The function that runs a binary, by logical id, name or ARN, where their names don't tell
    #[arg(long, value_name = "BIN=FUNCTION", value_parser = run_by)]
    pub(crate) run_by: Vec<(String, String)>,
    /// Leave out the findings of this code
    #[arg(long, value_name = "CODE")]
    pub(crate) allow: Vec<String>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Each finding with its place, what would happen, and the fix to paste
    #[default]
    Human,
    /// All findings as one JSON document
    Json,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Wire {
    /// The binary to wire, by its name in this workspace or its path
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) bin: OsString,
    /// What is printed
    #[arg(long, value_enum)]
    pub(crate) format: WireFormat,
    /// The pool as it is: what `aws cognito-idp describe-user-pool` printed
    #[arg(long, value_name = "FILE", required_if_eq("format", "update-user-pool"))]
    pub(crate) describe: Option<PathBuf>,
    /// The ARN of the function that runs the binary, or of an alias of it
    #[arg(long, value_name = "ARN")]
    pub(crate) function_arn: Option<String>,
    /// The ARN of the KMS key for codes; needed where the binary routes a custom sender
    #[arg(long, value_name = "ARN")]
    pub(crate) kms_key_arn: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WireFormat {
    /// The pool's and the function's parts of a SAM template, for exactly the routes that the binary has
    Sam,
    /// JSON for the option --lambda-config of the AWS CLI
    LambdaConfig,
    /// A complete input for update-user-pool --cli-input-json, which keeps every other setting of the pool
    UpdateUserPool,
}

fn run_by(text: &str) -> Result<(String, String), &'static str> {
    let (bin, function) = text.split_once('=').ok_or("write it as BIN=FUNCTION")?;
    Ok((bin.to_owned(), function.to_owned()))
}
