//! What a new project depends on: the crates of a clone by their paths, or published versions.
//!
//! | command | project |
//! |---|---|
//! | `cargo cognito` in a clone, or `cargo install --path` of it | paths to the clone, while it exists |
//! | with `--path DIR` | paths to that clone |
//! | installed from a registry | versions |
//!
//! The command knows the clone that it was built in. If that is gone, as it is for a command that was installed from a
//! registry, the project gets versions.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// Where the crates of this workspace come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Dependencies {
    /// A clone: the directory of its workspace.
    Clone(String),
    /// The registry.
    Versions,
}

impl Dependencies {
    /// The clone that `--path` names, or that this command was built in; otherwise versions.
    ///
    /// # Errors
    /// Fails if `--path` names no clone, or its path isn't UTF-8, which a manifest has to be.
    pub(super) fn find(given: Option<&Path>) -> Result<Self, String> {
        let Some(given) = given else {
            let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
            return Ok(
                match built_in.filter(|root| is_clone(root)).and_then(Path::to_str) {
                    Some(root) => Self::Clone(root.to_owned()),
                    None => Self::Versions,
                },
            );
        };
        let root = fs::canonicalize(given).map_err(|error| format!("--path {}: {error}", given.display()))?;
        if !is_clone(&root) {
            return Err(format!(
                "--path {}: no clone of cognito-triggers, it has no crates/cognito-triggers/Cargo.toml",
                given.display()
            ));
        }
        match root.to_str() {
            Some(root) => Ok(Self::Clone(root.to_owned())),
            None => Err(format!(
                "--path {}: the path isn't UTF-8, and a manifest has to be",
                given.display()
            )),
        }
    }

    /// A path in the clone. `None` for versions.
    pub(super) fn path(&self, inside: &str) -> Option<String> {
        match self {
            Self::Clone(root) => Some(format!("{root}/{inside}")),
            Self::Versions => None,
        }
    }

    /// The directory of the clone. `None` for versions.
    pub(super) fn root(&self) -> Option<PathBuf> {
        match self {
            Self::Clone(root) => Some(PathBuf::from(root)),
            Self::Versions => None,
        }
    }
}

/// Whether a directory is a clone of this workspace.
pub(super) fn is_clone(root: &Path) -> bool {
    root.join("crates/cognito-triggers/Cargo.toml").is_file()
        && root.join("crates/cargo-cognito/Cargo.toml").is_file()
}

impl fmt::Display for Dependencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clone(root) => write!(
                f,
                "the crates in {root}, which have to be there on other machines and in CI too"
            ),
            Self::Versions => f.write_str("the published crates"),
        }
    }
}
