//! Runs the command after `--` against the pool.
//!
//! ```text
//! cargo cognito pool template.yaml --bin sign_up -- npm test
//! ```

use std::{ffi::OsString, process::ExitStatus};

use cognito_triggers_pool::LocalPool;
use cognito_triggers_targets::CommandGroup;
use serde_json::Value;
use tokio::process::Command;

use super::tls::Tls;
use crate::{error::CommandError, exit_code};

/// Variables of this shell that take precedence over those of the pool. With them the command would call AWS.
const MISLEADING: [&str; 6] = [
    "AWS_DEFAULT_PROFILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
];

/// Runs the command with variables that point its AWS clients to the pool, and returns its exit code. The command is killed
/// with its children if this future is dropped.
///
/// # Errors
/// If the command can't be started, or the certificates that it should trust can't be read.
pub(super) async fn run(
    command: &[OsString],
    pool: &LocalPool,
    first_ids: &(String, String),
    tls: Option<&Tls>,
) -> Result<u8, CommandError> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(exit_code::SUCCESS);
    };
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    for name in MISLEADING {
        command.env_remove(name);
    }
    command.envs(environment(pool, first_ids));
    if let Some(tls) = tls {
        command.envs(tls.environment()?);
    }
    let group = CommandGroup::new();
    group.add(&mut command);
    match command.status().await {
        Ok(status) => {
            group.finish(status);
            Ok(code(status))
        }
        Err(error) => {
            group.cancel();
            Err(format!("{} can't be started: {error}", program.display()).into())
        }
    }
}

/// The variables for the command: the endpoint, the IDs of the first pool and its first app client, its Region, and
/// placeholder credentials. An ID that doesn't exist is an empty string.
///
/// `first_ids` are those of the sources. If there is no such pool or app client any more, the first ID in the alphabet stands for it.
fn environment(pool: &LocalPool, first_ids: &(String, String)) -> Vec<(&'static str, String)> {
    let (endpoint, pools) = (pool.endpoint(), pool.user_pools());
    let pool = with_id(Some(&pools), &first_ids.0);
    let client = with_id(pool.and_then(|pool| pool.get("clients")), &first_ids.1);
    let id = |value: Option<&Value>| {
        value
            .and_then(|value| value.get("id")?.as_str())
            .map(str::to_owned)
    };
    let pool_id = id(pool).unwrap_or_default();
    let region = pool_id.split('_').next().unwrap_or_default().to_owned();
    vec![
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", endpoint),
        ("COGNITO_USER_POOL_ID", pool_id),
        ("COGNITO_CLIENT_ID", id(client).unwrap_or_default()),
        ("AWS_REGION", region.clone()),
        ("AWS_DEFAULT_REGION", region),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
    ]
}

/// The object with this `id` in a list, or the first one if there is none.
fn with_id<'a>(list: Option<&'a Value>, id: &str) -> Option<&'a Value> {
    let list = list?.as_array()?;
    let found = list
        .iter()
        .find(|value| value.get("id").and_then(Value::as_str) == Some(id));
    found.or(list.first())
}

/// The exit code of a command. If a signal ended it, the code is 128 plus the number of the signal, as in shells.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(exit_code::FAILURE);
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.unwrap_or(exit_code::FAILURE)
}
