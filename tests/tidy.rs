//! The project's own rules, as far as neither the compiler nor a lint checks them.

#[path = "tidy/dependencies.rs"]
mod dependencies;
#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/examples.rs"]
mod examples;
#[path = "tidy/links.rs"]
mod links;
#[path = "tidy/modules.rs"]
mod modules;
#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/sources.rs"]
mod sources;
#[path = "tidy/triggers.rs"]
mod triggers;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below a directory whose names end with `suffix`, relative to the root. Build output and hidden directories are
/// left out.
fn files(below: &str, suffix: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut directories = vec![root().join(below)];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            // A link leads to a file that is found at its own place.
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                if !name.starts_with('.') && !["target", "node_modules"].contains(&name) {
                    directories.push(path);
                }
            } else if name.ends_with(suffix) {
                found.push(
                    path.strip_prefix(root())
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .replace('\\', "/"),
                );
            }
        }
    }
    found.sort();
    found
}

/// The part of a source file that is shipped: the text before its unit tests.
fn shipped(source: &str) -> &str {
    let tests = [
        "\n#[cfg(test)]\nmod ",
        "\n#[cfg(test)]\npub(crate) mod ",
        "\n#[cfg(all(test, ",
    ];
    let end = tests.iter().filter_map(|tests| source.find(tests)).min();
    &source[..end.unwrap_or(source.len())]
}

#[test]
fn the_changelog_has_the_current_version() {
    let manifest = read("Cargo.toml");
    let (_, version) = manifest.split_once("\nversion = \"").unwrap();
    let (version, _) = version.split_once('"').unwrap();
    let heading = format!("\n## {version}");
    assert!(
        read("CHANGELOG.md").contains(&heading),
        "CHANGELOG.md has no `{}`",
        heading.trim()
    );
}
