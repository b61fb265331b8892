//! The arguments of `event`.
//!
//! Changes are made in this order, whatever the order on the command line: the pool, client, region and user name, then
//! `--set`, then `--unset`, and the code last, since it is encrypted for the pool.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;
use cognito_triggers::model::json::{Json, Path};

use super::values::assignment;

#[derive(Debug, Args)]
pub(crate) struct Event {
    /// The `triggerSource`, such as PreSignUp_SignUp; without it, all trigger sources are listed
    pub(crate) source: Option<String>,
    /// The `LambdaVersion` of the event, for the sources that have several [default: the lowest]
    #[arg(long, value_name = "V1_0|V2_0|V3_0", requires = "source")]
    pub(crate) lambda_version: Option<String>,
    /// A variant of the event; `--variants` lists them
    #[arg(long, requires = "source", conflicts_with = "variants")]
    pub(crate) variant: Option<String>,
    /// List the variants of the event and what each of them shows
    #[arg(long)]
    pub(crate) variants: bool,
    /// Set a value: `request.userAttributes.email='"a@b.test"'`
    #[arg(long, value_name = "PATH=JSON", value_parser = assignment, requires = "source")]
    pub(crate) set: Vec<(Path, Json)>,
    /// Remove a value: `request.clientMetadata`
    #[arg(long, value_name = "PATH", requires = "source")]
    pub(crate) unset: Vec<Path>,
    /// Set the pool's id
    #[arg(long, value_name = "ID", requires = "source")]
    pub(crate) user_pool_id: Option<String>,
    /// Set the app client's id
    #[arg(long, value_name = "ID", requires = "source")]
    pub(crate) client_id: Option<String>,
    /// Set the region, also in the pool's id unless --user-pool-id is given
    #[arg(long, requires = "source")]
    pub(crate) region: Option<String>,
    /// Set the user name
    #[arg(long, value_name = "NAME", requires = "source")]
    pub(crate) user: Option<String>,
    /// Put CODE into an event of a custom sender, encrypted as Cognito does. For a user whom an administrator creates,
    /// CODE is the temporary password
    #[arg(long, requires = "source")]
    pub(crate) code: Option<String>,
    /// The ARN of the local key that encrypts the code [default: the key of the KMS that `replay` and `invoke` serve]
    #[arg(long, value_name = "ARN", requires = "code")]
    pub(crate) key_arn: Option<String>,
    /// Write an event file to DIR for every source and variant that the binary routes; existing files are kept
    #[arg(long, value_name = "DIR", conflicts_with_all = ["source", "variants"])]
    pub(crate) all_routed: Option<PathBuf>,
    /// The binary for --all-routed, by its name in this workspace or its path [default: as for `replay`]
    #[arg(long, value_name = "NAME|PATH", requires = "all_routed", conflicts_with_all = ["source", "variants"])]
    pub(crate) bin: Option<OsString>,
}
