//! `cargo cognito replay --watch`: runs again when a file changes.
//!
//! The files are polled twice a second, which costs a few milliseconds for a thousand files. Notifications of the operating
//! system would miss changes on network drives and in containers.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use tokio::time::sleep;
use walkdir::{DirEntry, WalkDir};

use super::once;
use crate::{
    args,
    blocking::blocking,
    error::CommandError,
    output,
    style::{self, Role},
};

/// The time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(500);

/// Directories without sources, which cargo and npm fill.
const SKIPPED: [&str; 2] = ["target", "node_modules"];

/// Runs the cases now and after every change of a watched file. Only a signal ends it.
///
/// # Errors
/// If a thread can't be started. An error of a run, such as a binary that doesn't compile, is printed, and the next
/// change starts another run.
pub(super) async fn run(args: &args::Replay) -> Result<u8, CommandError> {
    let roots = roots(args).await?;
    loop {
        let before = Files::find(&roots).await?;
        if let Err(problem) = once::run(args).await {
            output::error(problem);
        }
        say("watching for changes; press Ctrl-C to stop");
        let changed = before.wait_for_change(&roots).await?;
        say(&format!("{} changed; running again", changed.display()));
    }
}

/// Prints a line between two runs.
fn say(text: &str) {
    output::message(format_args!(
        "{}\n",
        style::paint(Role::Faint, &format!("─── {text}"))
    ));
}

/// The files and directories to watch: the cases, binaries that are given by their paths, and the workspace of binaries
/// that are built.
///
/// # Errors
/// If cargo can't be asked for the workspace.
async fn roots(args: &args::Replay) -> Result<Vec<PathBuf>, CommandError> {
    let mut roots = args.paths.clone();
    roots.extend(
        args.function
            .bin
            .iter()
            .map(PathBuf::from)
            .filter(|bin| bin.is_file()),
    );
    if args.function.url.is_none() {
        roots.extend(blocking(|| cognito_triggers_targets::cargo::workspace_root(None)).await?);
    }
    Ok(outermost(roots))
}

/// The paths without those below another one, so that no file is read twice.
fn outermost(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let full = |path: &PathBuf| path.canonicalize().unwrap_or(path.clone());
    paths.sort_by_cached_key(|path| full(path).components().count());
    let mut outermost: Vec<PathBuf> = Vec::new();
    for path in paths {
        if !outermost.iter().any(|outer| full(&path).starts_with(full(outer))) {
            outermost.push(path);
        }
    }
    outermost
}

/// The state of every watched file: when it was changed last, and its length in bytes.
///
/// The time alone would miss a second save within one tick of the file system's clock.
#[derive(PartialEq)]
struct Files(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl Files {
    /// Reads the state of every file below the roots. A file that can't be read, or is removed meanwhile, is left out until
    /// it can be read again.
    async fn find(roots: &[PathBuf]) -> Result<Self, CommandError> {
        let roots = roots.to_vec();
        blocking(move || {
            let files = roots.iter().flat_map(|root| {
                WalkDir::new(root)
                    .follow_links(true)
                    .into_iter()
                    .filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry))
                    .filter_map(Result::ok)
                    .filter(|entry| entry.file_type().is_file())
            });
            Self(
                files
                    .filter_map(|file| {
                        let metadata = file.metadata().ok()?;
                        Some((file.into_path(), (metadata.modified().ok(), metadata.len())))
                    })
                    .collect(),
            )
        })
        .await
    }

    /// Waits until a file differs from this state and no file changes any more. Returns one of the changed files.
    async fn wait_for_change(self, roots: &[PathBuf]) -> Result<PathBuf, CommandError> {
        loop {
            sleep(INTERVAL).await;
            let mut now = Self::find(roots).await?;
            let Some(changed) = self.first_difference(&now) else {
                continue;
            };
            // An editor or `git` may still be writing.
            loop {
                sleep(INTERVAL).await;
                let later = Self::find(roots).await?;
                if later == now {
                    return Ok(changed);
                }
                now = later;
            }
        }
    }

    /// A file that was changed, added or removed; `None` if there is none.
    fn first_difference(&self, other: &Self) -> Option<PathBuf> {
        let differs = |path: &&PathBuf| self.0.get(*path) != other.0.get(*path);
        self.0.keys().chain(other.0.keys()).find(differs).cloned()
    }
}

/// Whether a path below a root is left out: it is hidden, or a directory that tools fill.
fn is_skipped(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || entry.file_type().is_dir() && SKIPPED.contains(&name.as_ref())
}
