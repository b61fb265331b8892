//! The function that `--bin` or `--url` names, ready to take events.
//!
//! | arguments | target |
//! |---|---|
//! | `--url` | an endpoint that speaks Lambda's Invoke API |
//! | one `--bin`, or none | one process of the binary for each event at a time, against a Runtime API on 127.0.0.1 |
//! | several `--bin` | the same for each of them; an event goes to the binary that routes it |
//!
//! A binary gets a KMS on 127.0.0.1, see [`kms`](crate::kms). An endpoint doesn't, because its environment can't be set here.

use std::{collections::BTreeSet, ffi::OsString, path::PathBuf};

use cognito_triggers_targets::{
    BoxFuture, HttpTarget, Invocation, InvokeError, MultiTarget, Outcome, Process, Reply, Routes, Target,
};

use crate::{
    args::{Function, Running},
    binary,
    error::CommandError,
    kms::Kms,
};

/// One function or several, and the KMS that runs as long as they do.
pub(crate) struct OpenFunction {
    target: Box<dyn Target>,
    _kms: Option<Kms>,
}

impl Target for OpenFunction {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Reply> {
        self.target.invoke(invocation)
    }

    fn routes(&self) -> BoxFuture<'_, Option<Routes>> {
        self.target.routes()
    }
}

/// Opens the function: builds the binaries, and starts a KMS that opens the codes of `pools`.
///
/// # Errors
/// Fails if a binary is missing or doesn't compile, the URL can't be used, or two binaries have the same route.
pub(crate) async fn open(
    function: &Function,
    running: &Running,
    pools: &BTreeSet<String>,
) -> Result<OpenFunction, CommandError> {
    if let Some(url) = &function.url {
        return Ok(OpenFunction {
            target: Box::new(HttpTarget::new(url)?),
            _kms: None,
        });
    }
    let kms = Kms::start(pools, running.with_aws).await?;
    let start = |binary| {
        let process = process(binary, running);
        match &kms {
            Some(kms) => kms.configure(process),
            None => process,
        }
    };
    let target: Box<dyn Target> = match function.bin.as_slice() {
        [] => Box::new(start(binary::resolve(None).await?)),
        [bin] => Box::new(start(binary::resolve(Some(bin)).await?)),
        bins => Box::new(several(bins, start).await?),
    };
    Ok(OpenFunction { target, _kms: kms })
}

/// Several binaries as one target. Each binary is run once to list its routes, which decide which one gets an event.
///
/// # Errors
/// Fails if a binary is missing, doesn't say what it routes, or has a route that another one has.
async fn several(bins: &[OsString], start: impl Fn(PathBuf) -> Process) -> Result<MultiTarget, CommandError> {
    let mut several = MultiTarget::new();
    for bin in bins {
        let path = binary::resolve(Some(bin)).await?;
        let routes = Routes::of_binary(&path)
            .await
            .map_err(|error| format!("{}: {error}", bin.display()))?;
        several.add(&bin.to_string_lossy(), routes, start(path))?;
    }
    Ok(several)
}

/// A binary with the options that say how it runs. Nothing is started yet.
fn process(binary: PathBuf, running: &Running) -> Process {
    let process = Process::new(binary)
        .cold_start(running.cold_start)
        .with_aws(running.with_aws);
    match running.concurrency {
        Some(calls) => process.concurrency(calls),
        None => process,
    }
}

/// The error of a binary that the system can't start, for example one for another processor; `None` for other outcomes.
///
/// It is an error of the command and not of one event, because it would be the same for every event.
pub(crate) fn start_error(outcome: &Outcome) -> Option<&InvokeError> {
    match outcome {
        Outcome::InvokeError(error @ InvokeError::NotStarted { .. }) => Some(error),
        _ => None,
    }
}
