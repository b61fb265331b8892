//! Writes a new directory as a whole: under another name first, so that a failure leaves nothing behind.
//!
//! The other name is in the same directory, because a rename works only within a file system. It begins with a dot and has the
//! id of the process, so two commands at the same time don't meet. A manifest is replaced in the same way, so that a full disk
//! leaves the old one.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
};

/// Writes a directory that doesn't exist, with these files.
///
/// # Errors
/// Fails with the path if something can't be written. Nothing is left then but directories above `directory`.
pub(super) fn create(directory: &Path, files: &[(String, String)]) -> Result<(), String> {
    let parent = directory.parent().unwrap_or(Path::new("/"));
    let named = |path: &Path, error: io::Error| format!("{} can't be written: {error}", path.display());
    fs::create_dir_all(parent).map_err(|error| named(parent, error))?;
    let mut name = std::ffi::OsString::from(format!(".{}.", process::id()));
    name.push(directory.file_name().unwrap_or_default());
    let half = Half(parent.join(name));
    fs::create_dir(&half.0).map_err(|error| named(&half.0, error))?;
    for (path, text) in files {
        let path = half.0.join(path);
        let above = path.parent().unwrap_or(&half.0);
        fs::create_dir_all(above).map_err(|error| named(above, error))?;
        fs::write(&path, text).map_err(|error| named(&path, error))?;
    }
    // On Unix a rename would replace an empty directory that somebody has created meanwhile, which loses nothing.
    fs::rename(&half.0, directory).map_err(|error| named(directory, error))
}

/// A directory that is removed, unless it was renamed.
struct Half(PathBuf);

impl Drop for Half {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Replaces a file as a whole.
///
/// # Errors
/// Fails with the path if the file can't be written. It is as it was then.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), String> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", process::id()));
    let half = path.with_file_name(name);
    let written = fs::write(&half, text).and_then(|()| fs::rename(&half, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&half);
        format!("{} can't be written: {error}", path.display())
    })
}

/// Creates a file and the directories above it. Returns `false`, and changes nothing, if there is something of that name.
///
/// # Errors
/// Fails with the path if the file can't be written.
pub(super) fn add(path: &Path, text: &str) -> Result<bool, String> {
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let named = |error: io::Error| format!("{} can't be written: {error}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(named)?;
    }
    fs::write(path, text).map_err(|error| {
        // Otherwise the next run would keep half a file.
        let _ = fs::remove_file(path);
        named(error)
    })?;
    Ok(true)
}
