//! The arguments of `pool`.

use std::{ffi::OsString, net::IpAddr, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use super::{
    function::Function,
    values::{duration, run_by},
};

#[derive(Debug, Args)]
pub(crate) struct Pool {
    /// A CloudFormation or SAM template with a user pool, or what the AWS CLI prints for describe-user-pool,
    /// describe-user-pool-client, describe-user-pool-domain, describe-resource-server, describe-identity-provider and
    /// list-users. Their ids stay; those of a template are derived from its logical ids
    /// [default: a pool us-east-1_localpool with an app client localclient]
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) function: Function,
    /// The function that runs a binary, by logical id, name or ARN, where several functions have different binaries
    #[arg(long, value_name = "BIN=FUNCTION", value_parser = run_by, conflicts_with = "url")]
    pub(crate) run_by: Vec<(String, String)>,
    /// Serve without a function: no trigger fires
    #[arg(long, conflicts_with_all = ["bin", "url", "with_aws", "run_by"])]
    pub(crate) no_function: bool,
    /// The port to listen at; 0 chooses a free one
    #[arg(long, default_value_t = 9229)]
    pub(crate) port: u16,
    /// The address to listen at. Everyone who reaches it can use the pools [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) host: Option<IpAddr>,
    /// Answer requests for this host name too, such as the one that a reverse proxy or a container has for the pool. IP
    /// addresses, localhost, *.localhost and host.docker.internal are always answered. The name also opens the API to web
    /// pages of that name
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    pub(crate) allow_host: Vec<String>,
    /// Serve HTTPS, with a new certificate for localhost, 127.0.0.1, ::1 and the names of --host and --allow-host. The first
    /// lines say how clients trust it
    #[arg(long)]
    pub(crate) tls: bool,
    /// Keep the certificate and its private key in this folder, and use what is there: cert.pem and key.pem, which may be those
    /// of another tool, and ca.pem, which clients trust
    #[arg(long, value_name = "DIR", requires = "tls")]
    pub(crate) tls_dir: Option<PathBuf>,
    /// Keep users and everything else that is stored in this directory, and go on there at the next start. It is created if it
    /// doesn't exist [default: only in memory]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Write every call with its triggers and messages to this file, which must not exist yet: a line of JSON for each, with
    /// placeholders for secrets
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Save what the functions are sent and answer as cases for replay, in folders for each route of this directory. Secrets are
    /// replaced, an event like one that is there is not saved again, and files that exist stay
    #[arg(long, value_name = "DIR", conflicts_with = "no_function")]
    pub(crate) save_cases: Option<PathBuf>,
    /// Serve nothing: make the calls of a recording again, in pools in memory, with the functions that are given here, and show
    /// the first thing that they do differently
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "sources", "record", "save_cases", "port", "host", "allow_host", "tls", "data", "issuer", "code", "seed", "watch", "command",
    ])]
    pub(crate) replay: Option<PathBuf>,
    /// What a placeholder of the recording stands for, such as the password of a user whom a function migrates:
    /// password-1=PASSWORD
    #[arg(long, value_name = "NAME=VALUE", value_parser = named_value, requires = "replay")]
    pub(crate) value: Vec<(String, String)>,
    /// Who issues the tokens: this server, or AWS's URL of the pool, which other services expect
    #[arg(long, value_enum, default_value_t)]
    pub(crate) issuer: Issuer,
    /// Send this code in every message, instead of a random one
    #[arg(long, value_name = "DIGITS", value_parser = digits)]
    pub(crate) code: Option<String>,
    /// Make the same ids, codes and temporary passwords in every run
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How long a trigger may take, such as 10m for a debugger [default: 5s, the limit of Cognito]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// Pass the AWS credentials of this shell to the function, which then calls AWS for real
    #[arg(long, conflicts_with = "url")]
    pub(crate) with_aws: bool,
    /// Build the function again and run it whenever a file of the workspace changes; the pools keep their state
    #[arg(long, conflicts_with_all = ["url", "no_function"])]
    pub(crate) watch: bool,
    /// How calls, triggers and messages are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: PoolFormat,
    /// Of which triggers the log of the function is printed below the line, which may have values of events
    #[arg(long, value_enum, default_value_t, conflicts_with_all = ["no_function", "url", "replay"])]
    pub(crate) log: Logs,
    /// Run a command against the pool and end with its exit code
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Issuer {
    /// The URL of this server and the id of the pool
    #[default]
    Local,
    /// `https://cognito-idp.REGION.amazonaws.com` and the id of the pool
    Aws,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PoolFormat {
    /// A line for each call, trigger and message
    #[default]
    Human,
    /// A line of JSON with the endpoint and the pools, then one for each call, trigger and message
    Json,
}

/// The values of `--log`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Logs {
    /// Of triggers that fail
    #[default]
    Failed,
    /// Of every trigger. Each trigger takes 20 ms longer, to wait for the last lines
    All,
}

/// Parses a host name as it stands in a URL, without scheme and port.
///
/// # Errors
/// Fails if nothing is left without the dot of a full name at the end, or it has a character that no host name has.
fn host_name(text: &str) -> Result<String, &'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let name = text.trim_end_matches('.');
    if name.is_empty() || !name.bytes().all(fits) {
        return Err("write a host name without scheme and port, such as pool.test");
    }
    Ok(name.to_owned())
}

/// Parses the name of a placeholder, with or without its braces, and its value.
///
/// # Errors
/// Fails if there is no `=`.
fn named_value(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text
        .split_once('=')
        .ok_or("write NAME=VALUE, such as password-1=PASSWORD")?;
    Ok((name.trim_matches(['{', '}']).to_owned(), value.to_owned()))
}

fn digits(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("write digits, such as 123456");
    }
    Ok(text.to_owned())
}
