//! The arguments of `wire`.
//!
//! Which ARN a format needs depends on the routes of the binary, so the subcommand asks for it and not the parser.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Wire {
    /// The binary to wire, by its name in this workspace or its path [default: as for `replay`]
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) bin: Option<OsString>,
    /// What to print
    #[arg(long, value_enum)]
    pub(crate) format: WireFormat,
    /// The pool as it is now: the output of `aws cognito-idp describe-user-pool`
    #[arg(long, value_name = "FILE", required_if_eq("format", "update-user-pool"))]
    pub(crate) describe: Option<PathBuf>,
    /// The ARN of the function that runs the binary, or of an alias of it
    #[arg(long, value_name = "ARN")]
    pub(crate) function_arn: Option<String>,
    /// The ARN of the KMS key for codes; required if the binary routes a custom sender
    #[arg(long, value_name = "ARN")]
    pub(crate) kms_key_arn: Option<String>,
}

/// The formats of `wire --format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WireFormat {
    /// The pool and the function of a SAM template, with exactly the routes that the binary has
    Sam,
    /// A Terraform configuration with the pool, the function and what connects them; refused for inbound_federation, which the AWS
    /// provider can't set
    Terraform,
    /// A stack of the AWS CDK in TypeScript with the pool, the function and what connects them
    Cdk,
    /// JSON for the option --lambda-config of the AWS CLI
    LambdaConfig,
    /// A complete input for update-user-pool --cli-input-json, which keeps every other setting of the pool
    UpdateUserPool,
}
