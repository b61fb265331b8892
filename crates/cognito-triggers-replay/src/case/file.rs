//! Reads and writes the files of a case.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use cognito_triggers_model::{encoding, json::Json};

use super::{error::CaseError, search::ANSWER};

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

/// Writes a file so that it holds either its old or its new content at any time, even if the process is killed, the disk is
/// full, or another process writes it too.
///
/// The new content goes into a hidden file beside it, which then takes its place. A link is kept: the file that it leads
/// to is replaced. Permissions stay those of the old file.
///
/// # Errors
/// Fails if the new file can't be created, written or renamed. The old file is then unchanged.
pub(crate) fn write_beside_and_rename(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // The file stays open, and so locked, until it has its final name.
    let (beside, mut file) = create_beside(&path)?;
    let written = fill(&mut file, text.as_bytes(), &path).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Removes the hidden files that killed processes have left beside answers. A file that is being written stays.
pub(crate) fn remove_leftovers<'a>(answers: impl Iterator<Item = &'a Path>) {
    let directories: BTreeSet<PathBuf> = answers
        .filter_map(|answer| {
            let file = answer.canonicalize().unwrap_or_else(|_| answer.to_owned());
            file.parent().map(Path::to_owned)
        })
        .collect();
    let files = directories
        .iter()
        .filter_map(|directory| fs::read_dir(directory).ok())
        .flatten()
        .filter_map(Result::ok);
    for file in files.filter(|file| is_beside(&file.file_name())) {
        let path = file.path();
        // The system removes the lock of a process that ends, however it ends. The lock is held until the file is removed: a
        // process that has just created the file finds it locked, and takes another name.
        if let Ok(file) = fs::File::open(&path)
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(&path);
        }
    }
}

/// The end of the hidden file's name, after the name of the answer and a number.
const TEMPORARY_SUFFIX: &str = ".new";

/// Creates a hidden file that no other process has, and locks it. It is hidden so that it isn't read as a case if the process
/// is killed.
fn create_beside(path: &Path) -> io::Result<(PathBuf, fs::File)> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let process = std::process::id();
    for _ in 0..MAX_NAMES {
        // Another process may have this id, in another container, but no two threads of this one have the same number.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{process}-{number}{TEMPORARY_SUFFIX}"));
        let beside = path.with_file_name(name);
        let file = match fs::File::create_new(&beside) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        };
        // Without the lock, another process would remove it as a leftover. On a file system without locks, no leftovers are
        // removed.
        let is_locked = !matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock));
        if is_locked && beside.exists() {
            return Ok((beside, file));
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// How many names of hidden files are tried.
const MAX_NAMES: usize = 1000;

/// Whether a name is that of a hidden file beside an answer.
fn is_beside(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        name.starts_with('.') && name.contains(&format!("{ANSWER}.")) && name.ends_with(TEMPORARY_SUFFIX)
    })
}

/// Writes a new file with the permissions of `like`, if that exists, and waits until the disk has it.
fn fill(file: &mut fs::File, content: &[u8], like: &Path) -> io::Result<()> {
    use io::Write;

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
    fn what_a_killed_process_left_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let others = [
            "a.answer.json",
            ".a.answer.json",
            ".new",
            ".a.event.json.1-0.new",
            "a.answer.json.1-0.new",
        ];
        for name in others {
            fs::write(path(name), "whole").unwrap();
        }
        let left = [".a.answer.json.1-0.new", ".gone.answer.json.4194305-17.new"];
        for name in left {
            fs::write(path(name), "ha").unwrap();
        }
        let (written, _file) = create_beside(&path("a.answer.json")).unwrap();
        remove_leftovers([path("a.answer.json").as_path()].into_iter());
        for name in left {
            assert!(!path(name).exists(), "{name}");
        }
        for name in others {
            assert!(path(name).exists(), "{name}");
        }
        assert!(written.exists());
    }

    #[test]
    fn writers_at_the_same_time_leave_one_whole_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.answer.json");
        let texts: Vec<_> = (0..4).map(|writer| writer.to_string().repeat(100_000)).collect();
        std::thread::scope(|scope| {
            for text in &texts {
                scope.spawn(|| (0..20).for_each(|_| write_beside_and_rename(&path, text).unwrap()));
            }
            scope.spawn(|| {
                for _ in 0..200 {
                    remove_leftovers([path.as_path()].into_iter());
                    if let Ok(text) = fs::read_to_string(&path) {
                        assert!(texts.contains(&text), "{} bytes", text.len());
                    }
                }
            });
        });
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
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

    #[cfg(target_os = "linux")]
    #[test]
    fn a_failed_write_leaves_the_old_file_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.answer.json");
        fs::write(&path, "old").unwrap();
        // A name that the hidden file, which is longer, can't have.
        let long = directory.path().join(format!("{}.answer.json", "a".repeat(240)));
        fs::write(&long, "old").unwrap();
        assert!(write_beside_and_rename(&long, "new").is_err());
        assert_eq!(fs::read_to_string(&long).unwrap(), "old");
        assert!(write_beside_and_rename(&directory.path().join("none/a.answer.json"), "new").is_err());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
    }
}
