//! Writes files so that a failure leaves nothing behind, and never through a link inside of the package.
//!
//! A new project is written under another name first, and renamed when it is complete. The other name is in the same directory,
//! because a rename works only within a file system, and has the id of the process, so that two commands don't meet. Whatever
//! was created is in [`Created`], which removes it again unless everything has succeeded.
//!
//! | after a failure | what happens to it |
//! |---|---|
//! | a file that was created | it is removed |
//! | a directory that was created | it is removed, unless somebody else has put something in |
//! | a file or a directory that was there before | it is as it was |
//!
//! After SIGKILL or a crash of the machine, files may stay; a project is then under its other name, which begins with a dot.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    process,
};

/// What was created. It is removed when this is dropped, unless it is kept.
#[derive(Debug, Default)]
pub(super) struct Created {
    /// Files, each of which didn't exist.
    files: Vec<PathBuf>,
    /// A project, which nobody else has written into.
    project: Option<PathBuf>,
    /// The directories above, from top to bottom. Only empty ones are removed.
    directories: Vec<PathBuf>,
}

impl Created {
    /// Everything has succeeded: what was created stays.
    pub(super) fn keep(mut self) {
        self.files.clear();
        self.project = None;
        self.directories.clear();
    }

    /// Creates a directory and those above it, as far as they don't exist.
    ///
    /// # Errors
    /// Fails with the path if it can't be created, or something in it isn't a directory.
    fn directory(&mut self, directory: &Path) -> Result<(), String> {
        let is_missing = |path: &&Path| !path.as_os_str().is_empty() && path.symlink_metadata().is_err();
        let missing: Vec<_> = directory.ancestors().take_while(is_missing).collect();
        if let Some(existing) = directory.ancestors().nth(missing.len())
            && !existing.as_os_str().is_empty()
            && !existing.is_dir()
        {
            return Err(format!("{} isn't a directory", existing.display()));
        }
        for path in missing.into_iter().rev() {
            match fs::create_dir(path) {
                Ok(()) => self.directories.push(path.to_owned()),
                // Somebody else has created it meanwhile.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => {}
                Err(error) => return Err(problem(path, &error)),
            }
        }
        Ok(())
    }

    /// Creates a file below `root`, and the directories above it. Returns `false`, and changes nothing, if there is something of
    /// that name.
    ///
    /// # Errors
    /// Fails with the path if the file can't be written, or [`check`] refuses it.
    pub(super) fn file(&mut self, root: &Path, inside: &str, text: &str) -> Result<bool, String> {
        check(root, inside)?;
        let path = root.join(inside);
        self.directory(path.parent().unwrap_or(root))?;
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(problem(&path, &error)),
        };
        self.files.push(path.clone());
        file.write_all(text.as_bytes())
            .map_err(|error| problem(&path, &error))?;
        Ok(true)
    }

    /// Writes a directory that doesn't exist, with these files.
    ///
    /// # Errors
    /// Fails with the path if something can't be written.
    pub(super) fn project(&mut self, directory: &Path, files: &[(String, String)]) -> Result<(), String> {
        let parent = directory.parent().unwrap_or(Path::new("/"));
        self.directory(parent)?;
        // A short name: `directory` may be as long as names can be.
        let half = parent.join(format!(".cargo-cognito.{}", process::id()));
        fs::create_dir(&half).map_err(|error| problem(directory, &error))?;
        self.project = Some(half.clone());
        for (path, text) in files {
            let write = || {
                let half = half.join(path);
                fs::create_dir_all(half.parent().unwrap_or(&half))?;
                fs::write(half, text)
            };
            write().map_err(|error| problem(&directory.join(path), &error))?;
        }
        // On Unix a rename would replace an empty directory that somebody has created meanwhile, which loses nothing.
        fs::rename(&half, directory).map_err(|error| problem(directory, &error))?;
        self.project = Some(directory.to_owned());
        Ok(())
    }
}

impl Drop for Created {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        if let Some(project) = &self.project {
            let _ = fs::remove_dir_all(project);
        }
        for directory in self.directories.iter().rev() {
            let _ = fs::remove_dir(directory);
        }
    }
}

/// Checks that a file below `root` is in directories of `root`, and not behind a link that leads elsewhere. The last name may be a
/// link: nothing is written there.
///
/// # Errors
/// Fails if the path leads out of `root`, and with the first name that is a link, or is no directory.
pub(super) fn check(root: &Path, inside: &str) -> Result<(), String> {
    if inside.split('/').any(|name| matches!(name, "" | "." | "..")) {
        return Err(format!(
            "{inside:?} isn't the path of a file below {}, so nothing is written there",
            root.display()
        ));
    }
    let Some((directories, _)) = inside.rsplit_once('/') else {
        return Ok(());
    };
    let mut above = root.to_owned();
    for name in directories.split('/') {
        above.push(name);
        match above.symlink_metadata() {
            Ok(found) if found.is_symlink() => {
                return Err(format!(
                    "{} is a link, and nothing is written through links: put a directory there while you run the command",
                    above.display()
                ));
            }
            Ok(found) if !found.is_dir() => return Err(format!("{} isn't a directory", above.display())),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(problem(&above, &error)),
        }
    }
    Ok(())
}

/// Replaces a file as a whole, so that a full disk leaves the old one. It keeps its permissions.
///
/// # Errors
/// Fails with the path if the file is a link, or can't be written. It is as it was then.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), String> {
    let found = path.symlink_metadata().map_err(|error| problem(path, &error))?;
    if found.is_symlink() {
        return Err(format!(
            "{} is a link, and nothing is written through links: put the file in its place while you run the command",
            path.display()
        ));
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", process::id()));
    let half = path.with_file_name(name);
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&half)?;
        file.set_permissions(found.permissions())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&half, path)
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&half);
        problem(path, &error)
    })
}

/// What can't be written, why, and what to do.
fn problem(path: &Path, error: &io::Error) -> String {
    let advice = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "; choose a place where you may write",
        _ => "",
    };
    format!("{} can't be written: {error}{advice}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_removed() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("old"), "old").unwrap();
        let mut created = Created::default();
        assert_eq!(created.file(place.path(), "a/b/new", "new"), Ok(true));
        assert_eq!(created.file(place.path(), "old", "new"), Ok(false));
        assert!(place.path().join("a/b/new").is_file());
        drop(created);
        assert!(!place.path().join("a").exists());
        assert_eq!(fs::read_to_string(place.path().join("old")).unwrap(), "old");
    }

    #[test]
    fn a_directory_that_others_use_stays() {
        let place = tempfile::tempdir().unwrap();
        let mut created = Created::default();
        assert_eq!(created.file(place.path(), "a/new", "new"), Ok(true));
        fs::write(place.path().join("a/theirs"), "").unwrap();
        drop(created);
        assert!(!place.path().join("a/new").exists());
        assert!(place.path().join("a/theirs").exists());
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("root");
        for inside in ["../evil", "a/../../evil", "/evil", "a//b", "./a", ""] {
            let error = Created::default().file(&root, inside, "new").unwrap_err();
            assert!(error.contains("isn't the path of a file below"), "{error}");
        }
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_kept_stays() {
        let place = tempfile::tempdir().unwrap();
        let mut created = Created::default();
        let files = [("deep/file".to_owned(), "text".to_owned())];
        created
            .project(&place.path().join("above/project"), &files)
            .unwrap();
        created.keep();
        let file = place.path().join("above/project/deep/file");
        assert_eq!(fs::read_to_string(file).unwrap(), "text");
        assert_eq!(fs::read_dir(place.path().join("above")).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("Cargo.toml");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
