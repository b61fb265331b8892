//! What `--bin` and `--url` name.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use cognito_triggers_targets::{HttpTarget, MultiTarget, Process, Routes, Target, cargo::build_bin};
use cognito_triggers_wiring::Program;

use super::{
    Unable,
    kms::{Kms, Served},
    waiting,
};
use crate::args;

/// The function or functions to send events to, built and ready to start. Custom senders among them are to open the
/// codes of `pools`.
pub(super) async fn open(
    target: &args::Target,
    running: &args::Running,
    pools: &BTreeSet<String>,
) -> Result<Box<dyn Target>, Unable> {
    if let Some(url) = &target.url {
        return Ok(Box::new(HttpTarget::new(url)?));
    }
    let kms = Kms::start(pools, running.with_aws).await?;
    let start = |program| match &kms {
        Some(kms) => kms.lead(process(program, running)),
        None => process(program, running),
    };
    let functions: Box<dyn Target> = match target.bin.as_slice() {
        [bin] => Box::new(start(program(bin).await?)),
        bins => Box::new(several(bins, start).await?),
    };
    Ok(Box::new(Served { functions, _kms: kms }))
}

async fn several(bins: &[OsString], start: impl Fn(PathBuf) -> Process) -> Result<MultiTarget, Unable> {
    let mut several = MultiTarget::new();
    for bin in bins {
        let program = program(bin).await?;
        let routes = Routes::of_binary(&program)
            .await
            .map_err(|error| format!("{}: {error}", bin.display()))?;
        several.add(&bin.to_string_lossy(), routes, start(program))?;
    }
    Ok(several)
}

/// A program as the wiring sees it: its name and what it routes.
pub(super) async fn routed(bin: &OsStr) -> Result<Program, Unable> {
    let path = program(bin).await?;
    let routes = Routes::of_binary(&path).await;
    let routes = routes.map_err(|error| format!("{}: {error}", bin.display()))?;
    Ok(Program::new(name(&path), routes.routes).otherwise(routes.otherwise))
}

/// What a program is called: `cargo lambda build` puts each as `bootstrap` into a folder of its name.
fn name(path: &Path) -> Cow<'_, str> {
    let stem = path.file_stem().unwrap_or(path.as_os_str());
    let folder = path.parent().and_then(Path::file_name);
    folder
        .filter(|_| stem == "bootstrap")
        .unwrap_or(stem)
        .to_string_lossy()
}

/// A program by its path, or built by its name.
pub(super) async fn program(bin: &OsStr) -> Result<PathBuf, Unable> {
    match bin.to_str() {
        Some(name) if !is_path(bin) => {
            let name = name.to_owned();
            Ok(waiting(move || build_bin(&name, None)).await??)
        }
        _ => Ok(PathBuf::from(bin)),
    }
}

fn process(program: PathBuf, running: &args::Running) -> Process {
    let process = Process::new(program)
        .cold_start(running.cold_start)
        .with_aws(running.with_aws);
    match running.concurrency {
        Some(calls) => process.concurrency(calls),
        None => process,
    }
}

fn is_path(bin: &OsStr) -> bool {
    let path = Path::new(bin);
    path.components().count() > 1 || path.is_absolute() || path.starts_with(".")
}
