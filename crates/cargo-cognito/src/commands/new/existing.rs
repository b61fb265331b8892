//! An existing package: what it lacks is added, and nothing of it is overwritten.
//!
//! | file | what happens |
//! |---|---|
//! | doesn't exist | it is written |
//! | exists | it stays, and is named |
//! | `src/lib.rs`, `src/main.rs`, `src/app.rs`, `tests/cases.rs` that differ | they stay, and what they need is printed |
//! | `Cargo.toml` | gets dependencies with their features, features of its own, test targets and settings of `cargo lambda build` that it lacks; features of a dependency whose form isn't known are printed |
//!
//! A name that is a link counts as existing, wherever it leads. A link on the way to a file is refused: what is behind it isn't
//! the package's own.

use std::{fs, path::Path};

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::{
    contents::Contents,
    manifest::SECTIONS,
    manifest_file::ManifestFile,
    name,
    package::Package,
    place::{self, Created},
    workspace::Workspace,
};

/// The editions in which the code compiles.
const EDITIONS: [&str; 2] = ["2021", "2024"];

/// A package that exists.
pub(super) struct Existing {
    pub(super) package: Package,
    /// The workspace of which the package is a member.
    pub(super) workspace: Option<Workspace>,
    manifest: ManifestFile,
}

/// Reads the package in a directory.
///
/// # Errors
/// Fails if there is no manifest, it has no package, or the package has a name that cargo refuses or an edition in which the code
/// doesn't compile.
pub(super) fn read(directory: &Path) -> Result<Existing, String> {
    let path = directory.join("Cargo.toml");
    if !path.is_file() {
        return Err(format!(
            "there is no package: {} doesn't exist; `cargo cognito new NAME` creates one",
            path.display()
        ));
    }
    let file = ManifestFile::read(path)?;
    let (path, manifest) = (file.path(), file.document());
    let Some(package) = manifest.get("package") else {
        return Err(format!(
            "{} is the manifest of a workspace without a package; name the directory of a member, or create one with \
             `cargo cognito new NAME`",
            path.display()
        ));
    };
    let name = package.get("name").and_then(Item::as_str);
    let name = name
        .ok_or_else(|| format!("{}: the package has no name", path.display()))?
        .to_owned();
    let edition = package.get("edition");
    // An edition that is inherited isn't looked up: the compiler says so if it is too old.
    if edition.is_none_or(Item::is_str)
        && !edition
            .and_then(Item::as_str)
            .is_some_and(|year| EDITIONS.contains(&year))
    {
        return Err(format!("{}: the code needs edition 2021 or 2024", path.display()));
    }
    let library = manifest
        .get("lib")
        .and_then(|lib| lib.get("name"))
        .and_then(Item::as_str);
    let library = library.map_or_else(|| name.replace('-', "_"), str::to_owned);
    for name in [&name, &library] {
        name::check_existing(name).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let real = fs::canonicalize(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let workspace = Workspace::around(&real)?.filter(|_| manifest.get("workspace").is_none());
    Ok(Existing {
        package: Package {
            name,
            library,
            is_member: workspace.is_some(),
            has_template: real.join("template.yaml").symlink_metadata().is_ok(),
        },
        workspace,
        manifest: file,
    })
}

/// What [`add`] did.
pub(super) struct Added {
    /// The paths of the new files.
    pub(super) new: Vec<String>,
    /// The paths of the files that stay as they are.
    pub(super) existing: Vec<String>,
    /// What the user has to do by hand.
    pub(super) notes: Vec<String>,
}

/// Writes the files that don't exist, and adds dependencies to the manifest.
///
/// The manifest is written last, because it can't be removed again after a failure.
///
/// # Errors
/// Fails with the path of a file that can't be written, and with a link on the way to one before anything is written.
pub(super) fn add(
    directory: &Path,
    existing: &Existing,
    contents: &Contents,
    created: &mut Created,
) -> Result<Added, String> {
    for (path, _) in &contents.files {
        place::check(directory, path)?;
    }
    let mut added = Added {
        new: Vec::new(),
        existing: Vec::new(),
        notes: Vec::new(),
    };
    for (path, text) in contents.files.iter().filter(|(path, _)| path != "Cargo.toml") {
        let is_new = created.file(directory, path, text)?;
        let list = if is_new {
            &mut added.new
        } else {
            &mut added.existing
        };
        list.push(path.clone());
    }
    let stays = |path: &str| added.existing.iter().any(|existing| existing == path);
    let mut notes: Vec<_> = added
        .existing
        .iter()
        .map(|path| format!("stays: {path}"))
        .collect();
    for path in ["src/app.rs", "src/lib.rs", "src/main.rs", "tests/cases.rs"] {
        let text = contents.file(path).unwrap_or_default();
        let is_same = || fs::read_to_string(directory.join(path)).is_ok_and(|own| own == text);
        if stays(path) && !is_same() {
            notes.push(format!("{path} needs from this:\n{}", indented(text)));
        }
    }
    let mut manifest = existing.manifest.document().clone();
    let mut new: DocumentMut = contents
        .file("Cargo.toml")
        .unwrap_or_default()
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string())?;
    add_dependencies(&mut manifest, &new, &mut notes);
    keep_possible_features(&mut new, &manifest);
    add_table(&mut manifest, &new, &["features"]);
    add_table(&mut manifest, &new, &["package", "metadata", "lambda", "build"]);
    if !stays("tests/cases.rs") {
        add_tests(&mut manifest, &new);
    }
    added.notes = notes;
    if existing.manifest.replace(&manifest)? {
        added
            .notes
            .push("Cargo.toml has what it needs, such as the new dependencies".to_owned());
    }
    Ok(added)
}

/// Adds dependencies that the manifest lacks, with their paths or versions. An existing one keeps its version.
///
/// An existing one also gets the features that it lacks. They become a note if it is neither a version nor a table.
fn add_dependencies(manifest: &mut DocumentMut, new: &DocumentMut, notes: &mut Vec<String>) {
    for section in SECTIONS {
        let Some(wanted) = new.get(section).and_then(Item::as_table_like) else {
            continue;
        };
        let present = manifest.entry(section).or_insert(toml_edit::table());
        let Some(present) = present.as_table_like_mut() else {
            continue;
        };
        for (name, item) in wanted.iter() {
            match present.get_mut(name) {
                None => {
                    present.insert(name, item.clone());
                }
                Some(own) => {
                    let lacking: Vec<_> = features(item)
                        .filter(|feature| !features(own).any(|present| present == *feature))
                        .collect();
                    if !add_features(own, &lacking) {
                        notes.push(format!(
                            "[{section}] {name} needs the features {}",
                            lacking.join(", ")
                        ));
                    }
                }
            }
        }
    }
}

/// Adds the entries of a table that the manifest lacks. Tables around it that have to be created get no header of their own.
///
/// An entry that is there stays as it is. For example, these lines of an example are for `cargo lambda build`:
///
/// ```toml
/// [package.metadata.lambda.build]
/// features = ["ses"]
/// ```
fn add_table(manifest: &mut DocumentMut, new: &DocumentMut, path: &[&str]) {
    let wanted = path
        .iter()
        .try_fold(new.as_item(), |item, name| item.get(name))
        .and_then(Item::as_table_like);
    let (Some(wanted), Some((last, above))) = (wanted, path.split_last()) else {
        return;
    };
    let mut table: &mut dyn TableLike = manifest.as_table_mut();
    for name in above {
        let mut around = Table::new();
        around.set_implicit(true);
        match table
            .entry(name)
            .or_insert(Item::Table(around))
            .as_table_like_mut()
        {
            Some(inner) => table = inner,
            None => return,
        }
    }
    let Some(present) = table
        .entry(last)
        .or_insert(toml_edit::table())
        .as_table_like_mut()
    else {
        return;
    };
    for (name, item) in wanted.iter() {
        if !present.contains_key(name) {
            present.insert(name, item.clone());
        }
    }
}

/// Leaves out `dep:NAME` of a dependency that the manifest has and that isn't optional: Cargo refuses it, and the crate is there anyway.
fn keep_possible_features(new: &mut DocumentMut, manifest: &DocumentMut) {
    let is_optional = |name: &str| {
        let dependency = manifest.get("dependencies").and_then(|all| all.get(name));
        let optional = dependency.and_then(|dependency| dependency.get("optional"));
        optional.and_then(Item::as_bool) == Some(true)
    };
    let Some(features) = new.get_mut("features").and_then(Item::as_table_like_mut) else {
        return;
    };
    for names in features.iter_mut().filter_map(|(_, names)| names.as_array_mut()) {
        names.retain(|name| {
            let dependency = name.as_str().and_then(|name| name.strip_prefix("dep:"));
            dependency.is_none_or(is_optional)
        });
    }
}

/// Adds features to a dependency. Returns `false` if it has a form that can't have features; nothing is changed then.
fn add_features(dependency: &mut Item, lacking: &[&str]) -> bool {
    if lacking.is_empty() {
        return true;
    }
    if let Some(version) = dependency.as_str().map(str::to_owned) {
        let mut table = InlineTable::new();
        table.insert("version", version.into());
        // With the comment behind it.
        let decor = dependency.as_value().map(|value| value.decor().clone());
        *dependency = toml_edit::value(table);
        if let (Some(value), Some(decor)) = (dependency.as_value_mut(), decor) {
            *value.decor_mut() = decor;
        }
    }
    let Some(table) = dependency.as_table_like_mut() else {
        return false;
    };
    let present = table
        .entry("features")
        .or_insert_with(|| toml_edit::value(Array::new()));
    let Some(present) = present.as_array_mut() else {
        return false;
    };
    present.extend(lacking.iter().copied());
    true
}

/// The features of a dependency.
fn features(item: &Item) -> impl Iterator<Item = &str> {
    let table = item.as_table_like();
    let features = table.and_then(|table: &dyn TableLike| table.get("features"));
    let values = features.and_then(Item::as_array).into_iter().flatten();
    values.filter_map(Value::as_str)
}

/// Adds the test targets that the manifest lacks: a target without a harness has to be declared.
fn add_tests(manifest: &mut DocumentMut, new: &DocumentMut) {
    let Some(wanted) = new.get("test").and_then(Item::as_array_of_tables) else {
        return;
    };
    let present = manifest
        .entry("test")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(present) = present.as_array_of_tables_mut() else {
        return;
    };
    let name = |table: &Table| table.get("name").and_then(Item::as_str).map(str::to_owned);
    for test in wanted.iter() {
        if !present.iter().any(|other| name(other) == name(test)) {
            let mut test = test.clone();
            test.set_position(None);
            present.push(test);
        }
    }
}

/// The text with an indent.
fn indented(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| format!("    {line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}
