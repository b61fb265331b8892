//! The state of the watched files, and which files those are.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::SystemTime,
};

use walkdir::{DirEntry, WalkDir};

use crate::{blocking::blocking, error::CommandError};

/// Directories without sources, which cargo, npm and Python fill.
const SKIPPED: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// Extensions of files that programs write while they run.
const WRITTEN: [&str; 3] = ["log", "pid", "tmp"];

/// The state of every watched file: when it was changed last, and its length in bytes.
///
/// The time alone would miss a second save within one tick of the file system's clock.
#[derive(PartialEq)]
pub(super) struct Files(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl Files {
    /// Reads the state of every source below the roots. A file that can't be read, or is removed meanwhile, is left out until
    /// it can be read again.
    ///
    /// # Errors
    /// Fails if a thread can't be started.
    pub(super) async fn find(roots: &[PathBuf]) -> Result<Self, CommandError> {
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

    /// The files that were changed or removed, then those that were added.
    pub(super) fn differences(&self, other: &Self) -> Vec<PathBuf> {
        let changed = self
            .0
            .iter()
            .filter(|(path, state)| other.0.get(*path) != Some(*state));
        let added = other.0.iter().filter(|(path, _)| !self.0.contains_key(*path));
        changed.chain(added).map(|(path, _)| path.clone()).collect()
    }

    /// Takes the state of a file from `other`.
    pub(super) fn take(&mut self, path: &Path, other: &Self) {
        match other.0.get(path) {
            Some(state) => self.0.insert(path.to_owned(), *state),
            None => self.0.remove(path),
        };
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
