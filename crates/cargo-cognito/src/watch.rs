//! Waiting for changes of files, for `replay --watch` and `pool --watch`.
//!
//! The files are polled twice a second, which costs a few milliseconds for a thousand files. Notifications of the operating
//! system would miss changes on network drives and in containers.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use tokio::time::sleep;
use walkdir::{DirEntry, WalkDir};

use crate::{args, blocking::blocking, error::CommandError};

/// The time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(500);

/// Directories without sources, which cargo, npm and Python fill.
const SKIPPED: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// Extensions of files that programs write while they run.
const WRITTEN: [&str; 3] = ["log", "pid", "tmp"];

/// The files and directories to watch: `paths`, binaries that are given by their paths, and the workspace of binaries that
/// are built. Where there is no workspace, also the directories of scripts, which may read other files there.
///
/// # Errors
/// Fails if cargo can't be asked for the workspace.
pub(crate) async fn roots(
    paths: &[PathBuf],
    function: &args::Function,
) -> Result<Vec<PathBuf>, CommandError> {
    let mut roots = paths.to_vec();
    let bins: Vec<_> = function.bin.iter().map(PathBuf::from).collect();
    roots.extend(bins.iter().filter(|bin| bin.is_file()).cloned());
    if function.url.is_none() {
        roots.extend(
            blocking(
                move || match cognito_triggers_targets::cargo::workspace_root(None) {
                    Some(root) => vec![root],
                    None => bins.iter().filter_map(|bin| directory_of_script(bin)).collect(),
                },
            )
            .await?,
        );
    }
    Ok(outermost(roots))
}

/// The directory of a file that an interpreter runs; `None` for another file.
fn directory_of_script(path: &Path) -> Option<PathBuf> {
    let mut start = [0; 2];
    File::open(path).ok()?.read_exact(&mut start).ok()?;
    path.parent().filter(|_| &start == b"#!").map(Path::to_owned)
}

/// The paths without directories below another one, so that no directory is read twice. A file stays: it may be one that
/// isn't watched as a part of its directory, such as a binary in `target`.
fn outermost(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let full = |path: &PathBuf| path.canonicalize().unwrap_or(path.clone());
    paths.sort_by_cached_key(|path| full(path).components().count());
    let mut outermost: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_file() || !outermost.iter().any(|outer| full(&path).starts_with(full(outer))) {
            outermost.push(path);
        }
    }
    outermost
}

/// The state of every watched file: when it was changed last, and its length in bytes.
///
/// The time alone would miss a second save within one tick of the file system's clock.
#[derive(PartialEq)]
pub(crate) struct Files(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl Files {
    /// Reads the state of every source below the roots. A file that can't be read, or is removed meanwhile, is left out until
    /// it can be read again.
    ///
    /// # Errors
    /// Fails if a thread can't be started.
    pub(crate) async fn find(roots: &[PathBuf]) -> Result<Self, CommandError> {
        let roots = roots.to_vec();
        blocking(move || {
            let files = roots.iter().flat_map(|root| {
                WalkDir::new(root)
                    .follow_links(true)
                    .into_iter()
                    .filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry))
                    .filter_map(Result::ok)
                    .filter(|entry| entry.file_type().is_file() && (entry.depth() == 0 || is_source(entry)))
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
    ///
    /// # Errors
    /// Fails if a thread can't be started.
    pub(crate) async fn wait_for_change(&self, roots: &[PathBuf]) -> Result<PathBuf, CommandError> {
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

    /// Whether this file was changed, added or removed.
    pub(crate) fn differs_in(&self, other: &Self, path: &Path) -> bool {
        self.0.get(path) != other.0.get(path)
    }

    /// A file that was changed, added or removed; `None` if there is none.
    fn first_difference(&self, other: &Self) -> Option<PathBuf> {
        let differs = |path: &&PathBuf| self.differs_in(other, path);
        self.0.keys().chain(other.0.keys()).find(differs).cloned()
    }
}

/// Whether a file below a root may be a source. The output of a command that is redirected into the workspace isn't: it
/// would change with every run, and start the next one.
fn is_source(entry: &DirEntry) -> bool {
    let extension = entry.path().extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| !WRITTEN.contains(&extension))
}

/// Whether a path below a root is left out: it is hidden, or a directory that tools fill.
fn is_skipped(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || entry.file_type().is_dir() && SKIPPED.contains(&name.as_ref())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[tokio::test]
    async fn a_binary_is_watched_where_directories_are_skipped() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().to_owned();
        let binary = root.join("target/debug/function");
        fs::create_dir_all(root.join("target/debug")).unwrap();
        fs::create_dir(root.join("src")).unwrap();
        fs::write(&binary, "one").unwrap();
        let roots = outermost(vec![root.join("src"), binary.clone(), root.clone()]);
        assert_eq!(roots, [root, binary.clone()]);

        let before = Files::find(&roots).await.unwrap();
        fs::write(&binary, "another").unwrap();
        let after = Files::find(&roots).await.unwrap();
        assert_eq!(before.first_difference(&after), Some(binary));
    }

    #[test]
    fn only_a_script_has_a_directory_to_watch() {
        let directory = tempfile::tempdir().unwrap();
        let script = directory.path().join("script");
        fs::write(&script, "#!/bin/sh\n").unwrap();
        assert_eq!(directory_of_script(&script).as_deref(), Some(directory.path()));
        fs::write(&script, "#").unwrap();
        assert_eq!(directory_of_script(&script), None);
    }
}
