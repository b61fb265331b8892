//! The workflow for CI, where GitHub runs it: in the root of a repository.
//!
//! | the project | its workflow |
//! |---|---|
//! | is in no repository and no workspace, or is the root of its repository | `.github/workflows/test.yml` of the project |
//! | is a member of a workspace that has no workflows, and no repository is around it, or the workspace is its root | `.github/workflows/NAME.yml` of the workspace |
//! | is anywhere else in a repository or a workspace | none; the steps for one are printed |
//! | is a member of a workspace with a pattern in `members` that covers `.github` | the same: cargo would miss a manifest there |
//!
//! A workflow that GitHub doesn't run would only look as if there were tests. Files of a repository that isn't a workspace are left
//! alone: it may be somebody's home directory.

use std::path::{Path, PathBuf};

use super::{
    contents::{Contents, WORKFLOW},
    place::Created,
    workspace::{self, Workspace},
};

/// Where the directories of workflows are in a repository.
const DIRECTORY: &str = ".github/workflows";

/// Where the workflow goes.
#[derive(Debug, PartialEq)]
pub(super) enum Home {
    /// Into the project.
    Project,
    /// Into the workspace around it.
    Workspace(Around),
    /// Nowhere: GitHub wouldn't run it.
    Nowhere(Around),
    /// Nowhere: cargo would take its directory for a member of the workspace.
    Member(Around),
}

/// The repository or workspace around a project.
#[derive(Debug, PartialEq)]
pub(super) struct Around {
    /// Its directory, without links.
    root: PathBuf,
    /// The path of the project in there, with slashes.
    inside: String,
}

impl Home {
    /// Looks around a directory, which needn't exist yet. `workspace` is the one of which it is a member.
    pub(super) fn find(directory: &Path, workspace: Option<&Workspace>) -> Self {
        let covers = workspace.is_some_and(|workspace| workspace.covers(".github"));
        Self::around(directory, workspace.map(Workspace::root), covers)
    }

    /// `covers` says whether cargo takes `.github` for a member of the workspace.
    fn around(directory: &Path, workspace: Option<&Path>, covers: bool) -> Self {
        let Some((existing, rest)) = workspace::existing(directory) else {
            return Self::Project;
        };
        let project = existing.join(&rest);
        // A file in a worktree and in a submodule.
        let is_repository = |above: &&Path| above.join(".git").symlink_metadata().is_ok();
        let repository = project.ancestors().find(is_repository);
        let Some(root) = repository.or(workspace).filter(|root| *root != project) else {
            return Self::Project;
        };
        let inside = project.strip_prefix(root).unwrap_or(&project);
        let names: Vec<_> = inside.iter().map(|name| name.to_string_lossy()).collect();
        let around = Around {
            root: root.to_owned(),
            inside: names.join("/"),
        };
        let has_workflows = root.join(DIRECTORY).symlink_metadata().is_ok();
        match workspace == Some(root) && !has_workflows {
            true if covers => Self::Member(around),
            true => Self::Workspace(around),
            false => Self::Nowhere(around),
        }
    }

    /// Moves the workflow out of the files of the project, unless it belongs there, and writes it where it belongs.
    ///
    /// # Errors
    /// Fails with the path if it can't be written.
    pub(super) fn write(
        &self,
        contents: &mut Contents,
        name: &str,
        created: &mut Created,
    ) -> Result<Written, String> {
        let (Self::Workspace(around) | Self::Nowhere(around) | Self::Member(around)) = self else {
            return Ok(Written::default());
        };
        let Some(text) = contents.take(WORKFLOW) else {
            return Ok(Written::default());
        };
        let Around { root, inside } = around;
        let path = format!("{DIRECTORY}/{name}.yml");
        if root.join(&path).is_file() {
            return Ok(Written {
                path: None,
                note: Some(format!("stays: {}\n", root.join(path).display())),
            });
        }
        let root_shown = root.display();
        let because = match self {
            Self::Nowhere(_) => Some(format!(
                "because GitHub runs only workflows of the root of a repository, which is around here:\n  {root_shown}\n\
                 a workflow there needs"
            )),
            Self::Member(_) => Some(format!(
                "because a pattern of `members` covers the directory `.github`, which cargo would take for a package: write \
                 `exclude = [\".github\"]` below `members` in {root_shown}/Cargo.toml. A workflow there needs"
            )),
            Self::Project | Self::Workspace(_) => None,
        };
        if let Some(because) = because {
            let steps = text
                .lines()
                .filter(|line| line.trim_start().starts_with("- run: "));
            let steps: String = steps.map(|step| format!("  {}\n", step.trim_start())).collect();
            return Ok(Written {
                path: None,
                note: Some(format!(
                    "left out: {WORKFLOW}, {because} these steps, with `working-directory: {inside}`:\n{steps}"
                )),
            });
        }
        let inside_yaml = serde_json::Value::from(inside.as_str());
        let text = text.replacen(
            "\njobs:\n",
            &format!("\ndefaults:\n  run:\n    working-directory: {inside_yaml}\n\njobs:\n"),
            1,
        );
        // The directory didn't exist a moment ago.
        if !created.file(root, &path, &text)? {
            return Err(format!(
                "{} exists now; run the command again",
                root.join(path).display()
            ));
        }
        let path = root.join(path);
        Ok(Written {
            note: Some(format!(
                "{} is the workflow: GitHub runs only those of the root of a repository\n",
                path.display()
            )),
            path: Some(path),
        })
    }
}

/// What was written outside of the project, and what the user has to know of it.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// A workflow outside of the project. `None` if the project has it, or nobody has.
    pub(super) path: Option<PathBuf>,
    /// What to tell the user, as whole lines.
    pub(super) note: Option<String>,
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn around(root: &Path, inside: &str) -> Around {
        Around {
            root: root.to_owned(),
            inside: inside.to_owned(),
        }
    }

    #[test]
    fn a_project_of_its_own_has_its_workflow() {
        let place = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(place.path()).unwrap();
        assert_eq!(Home::find(&root.join("deep/project"), None), Home::Project);
        // `init` in a repository.
        fs::create_dir(root.join(".git")).unwrap();
        assert_eq!(Home::find(&root, None), Home::Project);
    }

    #[test]
    fn a_workspace_without_workflows_gets_one() {
        let place = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(place.path()).unwrap();
        let project = root.join("functions/a");
        let expected = || around(&root, "functions/a");
        assert_eq!(
            Home::around(&project, Some(&root), false),
            Home::Workspace(expected())
        );
        assert_eq!(
            Home::around(&project, Some(&root), true),
            Home::Member(expected())
        );
        fs::create_dir(root.join(".git")).unwrap();
        assert_eq!(
            Home::around(&project, Some(&root), false),
            Home::Workspace(expected())
        );
        fs::create_dir_all(root.join(DIRECTORY)).unwrap();
        assert_eq!(
            Home::around(&project, Some(&root), false),
            Home::Nowhere(expected())
        );
    }

    #[test]
    fn a_repository_that_is_no_workspace_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(place.path()).unwrap();
        fs::write(root.join(".git"), "gitdir: elsewhere\n").unwrap();
        let expected = || Home::Nowhere(around(&root, "rust/a"));
        assert_eq!(Home::find(&root.join("rust/a"), None), expected());
        assert_eq!(
            Home::around(&root.join("rust/a"), Some(&root.join("rust")), false),
            expected()
        );
    }
}
