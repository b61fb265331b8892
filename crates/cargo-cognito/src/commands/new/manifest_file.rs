//! A manifest of somebody else: read, and later replaced, unless it was changed in between.
//!
//! The command may wait for an answer between the two, and an editor or another cargo command may write meanwhile. What those
//! wrote is never overwritten.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml_edit::DocumentMut;

use super::place;

/// A manifest as it was read.
#[derive(Debug)]
pub(super) struct ManifestFile {
    path: PathBuf,
    text: String,
    document: DocumentMut,
}

impl ManifestFile {
    /// Reads a manifest.
    ///
    /// # Errors
    /// Fails with the path if it can't be read or isn't TOML.
    pub(super) fn read(path: PathBuf) -> Result<Self, String> {
        let text = read(&path)?;
        let document = text
            .parse()
            .map_err(|error: toml_edit::TomlError| format!("{}: {error}", path.display()))?;
        Ok(Self { path, text, document })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What it says.
    pub(super) fn document(&self) -> &DocumentMut {
        &self.document
    }

    /// Replaces the manifest as a whole. The same text writes nothing. Returns whether it was written.
    ///
    /// # Errors
    /// Fails with the path if it has changed since it was read, or can't be written. It is as it was then.
    pub(super) fn replace(&self, document: &DocumentMut) -> Result<bool, String> {
        let text = document.to_string();
        if text == self.text {
            return Ok(false);
        }
        if read(&self.path)? != self.text {
            return Err(format!(
                "{} has changed since this command read it, so nothing was written; run the command again",
                self.path.display()
            ));
        }
        place::replace(&self.path, &text)?;
        Ok(true)
    }
}

/// The text of a manifest.
fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_that_has_changed_stays() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("Cargo.toml");
        fs::write(&path, "[workspace]\nmembers = []\n").unwrap();
        let file = ManifestFile::read(path.clone()).unwrap();
        let new: DocumentMut = "[workspace]\nmembers = [\"a\"]\n".parse().unwrap();
        for theirs in ["[workspace]\nmembers = [\"theirs\"]\n", "[workspace"] {
            fs::write(&path, theirs).unwrap();
            assert!(file.replace(&new).unwrap_err().contains("has changed"));
            assert_eq!(fs::read_to_string(&path).unwrap(), theirs);
        }
        fs::write(&path, "[workspace]\nmembers = []\n").unwrap();
        assert_eq!(file.replace(&new), Ok(true));
        assert_eq!(fs::read_to_string(&path).unwrap(), new.to_string());
    }

    #[test]
    fn an_unchanged_manifest_is_not_written() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("Cargo.toml");
        fs::write(&path, "# ours\n").unwrap();
        let file = ManifestFile::read(path.clone()).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(file.replace(file.document()), Ok(false));
    }
}
