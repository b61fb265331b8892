//! Reads and writes the files of a case.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use cognito_triggers_model::{encoding, json::Json};

use super::error::CaseError;

/// Reads a JSON file: its text, and the text parsed.
///
/// # Errors
/// Fails if the file isn't a regular one, can't be read, or isn't JSON. A FIFO or a device could block forever or never
/// end, so it isn't opened.
pub(super) fn read(path: &Path) -> Result<(String, Json), CaseError> {
    let error = |problem: String| CaseError::new(path.to_owned(), problem);
    let metadata = fs::metadata(path).map_err(|problem| error(problem.to_string()))?;
    if !metadata.is_file() {
        return Err(error("not a regular file".to_owned()));
    }
    let bytes = fs::read(path).map_err(|problem| error(problem.to_string()))?;
    let text = encoding::decode(bytes).map_err(|problem| error(problem.to_string()))?;
    let json = Json::parse(&text).map_err(|problem| error(format!("not JSON: {problem}")))?;
    Ok((text, json))
}

/// Writes a file so that it holds either its old or its new content at any time, also if the process is killed or the
/// disk is full.
///
/// The new content goes into a hidden file beside it, which then takes its place. A link is kept: the file that it leads
/// to is replaced. Permissions stay those of the old file.
///
/// # Errors
/// Fails if the directory or the disk doesn't take the new file. The old file is untouched then.
pub(crate) fn write_beside_and_rename(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let beside = beside(&path);
    let written = write_new(&beside, text.as_bytes(), &path).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// The name of the new file while it is written. It is hidden, so that a case isn't made of it if the process is killed.
/// It is always the same for one file, so that the next write replaces what a killed process left behind.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    path.with_file_name(name)
}

/// Writes a new file with the permissions of `like`, if that exists, and waits until the disk has it.
fn write_new(path: &Path, content: &[u8], like: &Path) -> io::Result<()> {
    use io::Write;

    // Whatever has this name may be a link to somewhere else.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::File::create_new(path)?;
    if let Ok(metadata) = fs::metadata(like) {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_replaces_the_whole_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.answer.json");
        write_beside_and_rename(&path, "a longer text").unwrap();
        write_beside_and_rename(&path, "short").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "short");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_process_left_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.answer.json");
        fs::write(beside(&path), "ha").unwrap();
        write_beside_and_rename(&path, "whole").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert!(!beside(&path).exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_are_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        let link = directory.path().join("a.answer.json");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        write_beside_and_rename(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.answer.json");
        fs::write(&path, "old").unwrap();
        // A directory in the way of the new file.
        fs::create_dir_all(beside(&path).join("full")).unwrap();
        assert!(write_beside_and_rename(&path, "new").is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    }
}
