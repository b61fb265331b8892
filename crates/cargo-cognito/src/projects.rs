//! The projects that `new` and `init` write: the starter, from which routes are cut, and the examples.
//!
//! The files are those of `examples/`, which this repository compiles and tests, so a project can't be out of date.
//!
//! `build.rs` makes the table. An example is added by a directory in `projects/`, see CONTRIBUTING.md.

include!(concat!(env!("OUT_DIR"), "/projects.rs"));

/// The project from which `--route` cuts.
const STARTER: &str = "starter";

/// The files of a project in the repository.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Project {
    /// The name of its package.
    pub(crate) name: &'static str,
    /// Paths from the root of the project, with slashes, and the texts.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

impl Project {
    /// The text of a file. `None` if there is no such file.
    pub(crate) fn file(&self, path: &str) -> Option<&'static str> {
        let mut files = self.files.iter();
        files.find(|(name, _)| *name == path).map(|(_, text)| *text)
    }
}

/// The starter.
///
/// # Errors
/// Never in practice: a test finds it.
pub(crate) fn starter() -> Result<&'static Project, String> {
    find(STARTER)
}

/// The names of the examples, in alphabetical order.
pub(crate) fn example_names() -> impl Iterator<Item = &'static str> {
    let names = PROJECTS.iter().map(|project| project.name);
    names.filter(|name| *name != STARTER)
}

/// The project of this name.
///
/// # Errors
/// Fails if there is none.
pub(crate) fn find(name: &str) -> Result<&'static Project, String> {
    let mut projects = PROJECTS.iter();
    let found = projects.find(|project| project.name == name);
    found.ok_or_else(|| format!("there is no example `{name}`"))
}

/// The manifest of the workspace, from which packages inherit. The package of the command has it too, behind a link.
pub(crate) fn workspace() -> &'static str {
    WORKSPACE
}

/// What every new project has beside the files of its example.
pub(crate) const COMMON: [(&str, &str); 3] = [
    (".gitignore", include_str!("../projects/common/gitignore")),
    ("rustfmt.toml", include_str!("../projects/common/rustfmt.toml")),
    (
        ".github/workflows/test.yml",
        include_str!("../projects/common/workflow.yml"),
    ),
];
