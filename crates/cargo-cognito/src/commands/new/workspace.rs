//! The cargo workspace around a new project: the project becomes a member of it, as `cargo new` does it.
//!
//! Cargo looks for a workspace in every directory above a package, and refuses a package that its workspace doesn't name. The
//! search here is the same: the nearest manifest with `workspace` counts, and `exclude` is obeyed. A manifest keeps its comments
//! and its order.
//!
//! A project in the clone of this repository is refused: it would change the manifest and `Cargo.lock` of the clone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml_edit::{Array, Item, Value};

use super::{dependencies::is_clone, manifest_file::ManifestFile};

/// A workspace.
pub(super) struct Workspace {
    root: PathBuf,
    manifest: ManifestFile,
}

impl Workspace {
    /// The workspace in a directory above `directory`. `None` if there is none, or it excludes the directory.
    ///
    /// # Errors
    /// Fails if a manifest can't be read, or the directory would be in a clone of this repository.
    pub(super) fn around(directory: &Path) -> Result<Option<Self>, String> {
        let Some((existing, rest)) = directory.parent().and_then(existing) else {
            return Ok(None);
        };
        let rest = rest.join(directory.file_name().unwrap_or_default());
        for root in existing.ancestors() {
            let path = root.join("Cargo.toml");
            if !path.is_file() {
                continue;
            }
            if is_clone(root) {
                return Err(format!(
                    "{} is in the clone of cognito-triggers; use a path outside of it, such as {}",
                    directory.display(),
                    root.with_file_name(directory.file_name().unwrap_or_default())
                        .display()
                ));
            }
            let manifest = ManifestFile::read(path)?;
            let Some(workspace) = manifest.document().get("workspace") else {
                continue;
            };
            let inside = existing.strip_prefix(root).unwrap_or(Path::new("")).join(&rest);
            let is_excluded = strings(workspace.get("exclude")).any(|excluded| inside.starts_with(excluded));
            return Ok((!is_excluded).then(|| Self {
                root: root.to_owned(),
                manifest,
            }));
        }
        Ok(None)
    }

    /// The directory of the workspace.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether cargo takes a directory of the workspace for a member, if it exists.
    pub(super) fn covers(&self, inside: &str) -> bool {
        let workspace = self.manifest.document().get("workspace");
        let list = |name: &str| strings(workspace.and_then(|workspace| workspace.get(name)));
        let is_excluded = list("exclude").any(|excluded| Path::new(inside).starts_with(excluded));
        list("members").any(|pattern| covers(pattern, inside)) && !is_excluded
    }

    /// Adds a directory to the members, unless a pattern covers it.
    ///
    /// # Errors
    /// Fails if the path isn't UTF-8, or the manifest has changed since it was read, or can't be written.
    pub(super) fn add(&self, directory: &Path) -> Result<(), String> {
        let path = self.manifest.path();
        let directory = fs::canonicalize(directory).map_err(|error| error.to_string())?;
        let inside = directory.strip_prefix(&self.root).ok().and_then(Path::to_str);
        let inside = inside.ok_or_else(|| {
            format!(
                "{} can't be a member of {}: add it yourself",
                directory.display(),
                path.display()
            )
        })?;
        let mut manifest = self.manifest.document().clone();
        let Some(workspace) = manifest.get_mut("workspace").and_then(Item::as_table_like_mut) else {
            return Err(format!("{}: `workspace` isn't a table", path.display()));
        };
        if strings(workspace.get("members")).any(|pattern| covers(pattern, inside)) {
            return Ok(());
        }
        let members = workspace
            .entry("members")
            .or_insert(Item::Value(Value::Array(Array::new())));
        let members = members.as_array_mut();
        let members = members.ok_or_else(|| format!("{}: `members` isn't an array", path.display()))?;
        members.push(inside);
        self.manifest.replace(&manifest).map(drop)
    }
}

/// The nearest directory that exists, at or above a path, and the rest of the path. It is the real one behind links, because cargo
/// and git look above that one too. `None` if there is none.
pub(super) fn existing(directory: &Path) -> Option<(PathBuf, PathBuf)> {
    directory.ancestors().find_map(|above| {
        let rest = directory.strip_prefix(above).ok()?;
        Some((fs::canonicalize(above).ok()?, rest.to_owned()))
    })
}

/// The strings of an array.
fn strings(item: Option<&Item>) -> impl Iterator<Item = &str> {
    let values = item.and_then(Item::as_array).into_iter().flatten();
    values.filter_map(Value::as_str)
}

/// Whether a pattern of members, such as `functions/*`, covers a path. `*` stands for any part of one name.
fn covers(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (
        pattern.trim_end_matches('/').split('/').collect(),
        path.split('/').collect(),
    );
    let is_covered = |(pattern, name): (&&str, &&str)| match pattern.split_once('*') {
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
        None => pattern == name,
    };
    pattern.len() == path.len() && pattern.iter().zip(&path).all(is_covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_members_cover_whole_names() {
        for (pattern, path, covered) in [
            ("functions/*", "functions/a", true),
            ("functions/*", "functions/a/b", false),
            ("fn-*", "fn-a", true),
            ("fn-*", "a", false),
            ("a", "a", true),
            ("a/", "a", true),
        ] {
            assert_eq!(covers(pattern, path), covered, "{pattern} {path}");
        }
    }
}
