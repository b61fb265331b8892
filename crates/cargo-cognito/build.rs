//! Collects the projects that `cargo cognito new` writes into a table of the command, `$OUT_DIR/projects.rs`.
//!
//! In a clone the files are those of `examples/NAME`. `projects/NAME` has links to them, because a package has only what
//! is in its own directory; cargo packages the files behind the links. `docs/decisions/projects-inside-the-command.md`
//! has the reasons.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=projects");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("no CARGO_MANIFEST_DIR")?);
    let mut table = String::from("pub(crate) const PROJECTS: &[Project] = &[\n");
    for name in names(&here.join("projects"))? {
        let root = here.join("../../examples").join(&name);
        // The package of the command has no examples beside it.
        let (root, manifest) = match root.is_dir() {
            true => (root, "Cargo.toml"),
            false => (here.join("projects").join(&name), "manifest.toml"),
        };
        println!("cargo::rerun-if-changed={}", root.display());
        let mut files = Vec::new();
        collect(&root, &root, &mut files)?;
        files.sort();
        writeln!(table, "    Project {{ name: {name:?}, files: &[")?;
        for (file, path) in files {
            let file = if file == manifest { "Cargo.toml" } else { &file };
            writeln!(table, "        ({file:?}, include_str!({path:?})),")?;
        }
        table.push_str("    ] },\n");
    }
    table.push_str("];\n");
    let workspace = ["../../Cargo.toml", "projects/workspace.toml"].map(|path| here.join(path));
    let workspace = workspace
        .iter()
        .find(|path| path.is_file())
        .ok_or("the manifest of the workspace is missing")?;
    writeln!(table, "const WORKSPACE: &str = include_str!({workspace:?});")?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    fs::write(out.join("projects.rs"), table)?;
    Ok(())
}

/// The names of the projects: the directories in `projects`, in alphabetical order.
fn names(projects: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(projects)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != "common" {
            names.push(
                entry
                    .file_name()
                    .into_string()
                    .map_err(|_| "a name isn't UTF-8")?,
            );
        }
    }
    names.sort();
    Ok(names)
}

/// What a project has at its top. `manifest.toml` is the manifest in the package of the command.
const TOP: &[&str] = &[
    "Cargo.toml",
    "README.md",
    "build.rs",
    "cases",
    "flows",
    "manifest.toml",
    "src",
    "template.yaml",
    "test.env",
    "tests",
];

/// Adds the files below a directory, each with its path from `root` and its absolute path. Anything else, such as what a build or
/// a deployment leaves there, isn't part of a project.
fn collect(root: &Path, directory: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or("a name isn't UTF-8")?;
        let is_known = directory != root || TOP.contains(&name);
        if !is_known || name.starts_with('.') || name == "__pycache__" {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let parts: Vec<_> = path
                .strip_prefix(root)?
                .iter()
                .filter_map(|part| part.to_str())
                .collect();
            files.push((parts.join("/"), path));
        }
    }
    Ok(())
}
