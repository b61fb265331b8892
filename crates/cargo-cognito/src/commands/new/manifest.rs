//! `Cargo.toml` of a new project: that of an example, with what it inherits from this workspace written out.
//!
//! | part | in the project |
//! |---|---|
//! | `package` | the new name, version 0.1.0, edition and Rust version of the workspace; no license, which is the user's decision |
//! | a binary with the old name | the new name |
//! | a dependency with `workspace = true` | version, features and default features of the workspace with the features of the example |
//! | a crate of this workspace | a path to the clone, or the version |
//! | `lints` | nothing: the lints of this repository are its own |
//! | `profile.release` | what makes small programs, unless the project is a member of a workspace, which has the profiles |
//!
//! Comments and the order of everything stay.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::{dependencies::Dependencies, package::Package};
use crate::projects;

/// The sections with dependencies.
pub(super) const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// The manifest of a package, made of the manifest of an example.
///
/// # Errors
/// Fails if a manifest is malformed, or the example inherits something that the workspace doesn't have.
pub(super) fn of(example: &str, package: &Package, dependencies: &Dependencies) -> Result<String, String> {
    let parse = |text: &str| text.parse::<DocumentMut>().map_err(|error| error.to_string());
    let (mut manifest, workspace) = (parse(example)?, parse(projects::workspace())?);
    let inherited = |section: &str, name: &str| {
        let item = workspace.get("workspace")?.get(section)?.get(name)?;
        Some(item.clone())
    };
    let head = table(&mut manifest, "package").ok_or("a manifest without a package")?;
    let old = head.insert("name", toml_edit::value(&package.name));
    for name in ["license", "lints"] {
        head.remove(name);
    }
    head.insert("version", toml_edit::value("0.1.0"));
    for (key, item) in head.iter_mut() {
        if inherits(item) {
            let name = key.get().to_owned();
            *item = inherited("package", &name).ok_or_else(|| format!("the workspace has no {name}"))?;
        }
    }
    let bins = manifest.get_mut("bin").and_then(Item::as_array_of_tables_mut);
    for bin in bins.into_iter().flat_map(|bins| bins.iter_mut()) {
        let name = bin.get("name").and_then(Item::as_str);
        if name.is_some() && name == old.as_ref().and_then(Item::as_str) {
            bin.insert("name", toml_edit::value(&package.name));
        }
    }
    for section in SECTIONS {
        let Some(section) = table(&mut manifest, section) else {
            continue;
        };
        for (mut key, item) in section.iter_mut() {
            if !inherits(item) {
                continue;
            }
            let base = inherited("dependencies", key.get());
            let base = base.ok_or_else(|| format!("the workspace has no dependency {}", key.get()))?;
            let comment = comment(item);
            *item = Item::Value(dependency(&base, item, dependencies));
            if let Some(comment) = comment {
                key.leaf_decor_mut().set_prefix(comment);
            }
        }
    }
    manifest.remove("lints");
    if !package.is_member {
        add_profile(&mut manifest, &workspace);
    }
    Ok(manifest.to_string())
}

/// A table of the manifest.
fn table<'a>(manifest: &'a mut DocumentMut, name: &str) -> Option<&'a mut Table> {
    manifest.get_mut(name).and_then(Item::as_table_mut)
}

/// Whether an item says `workspace = true`.
fn inherits(item: &Item) -> bool {
    let marker = item.as_table_like().and_then(|table| table.get("workspace"));
    marker.and_then(Item::as_bool) == Some(true)
}

/// The comment above a line such as `serde.workspace = true`, which belongs to the last key of the line.
fn comment(item: &Item) -> Option<String> {
    let (key, _) = item.as_table()?.get_key_value("workspace")?;
    let prefix = key.leaf_decor().prefix()?.as_str()?;
    Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty())
}

/// A dependency of the workspace with what the example adds to it.
///
/// A dependency with nothing but a version is only the string, as people write it.
fn dependency(base: &Item, own: &Item, dependencies: &Dependencies) -> Value {
    let mut merged = InlineTable::new();
    let get = |name: &str| {
        base.as_table_like()
            .and_then(|table: &dyn TableLike| table.get(name))
    };
    let path = get("path").and_then(Item::as_str);
    let version = base.as_str().or_else(|| get("version").and_then(Item::as_str));
    match (path.and_then(|path| dependencies.path(path)), version) {
        (Some(path), _) => {
            merged.insert("path", path.into());
        }
        (None, Some(version)) => {
            merged.insert("version", version.into());
        }
        (None, None) => {}
    }
    if let Some(default) = get("default-features").and_then(Item::as_bool) {
        merged.insert("default-features", default.into());
    }
    let own = own.as_table_like();
    let mut features = Array::new();
    for item in [get("features"), own.and_then(|own| own.get("features"))]
        .into_iter()
        .flatten()
    {
        for feature in item.as_array().into_iter().flatten().filter_map(Value::as_str) {
            features.push(feature);
        }
    }
    if !features.is_empty() {
        merged.insert("features", features.into());
    }
    if let Some(optional) = own.and_then(|own| own.get("optional")).and_then(Item::as_bool) {
        merged.insert("optional", optional.into());
    }
    match (merged.len(), version, path) {
        (1, Some(version), None) => version.into(),
        _ => Value::InlineTable(merged),
    }
}

/// The profile for releases: small programs, which start sooner.
fn add_profile(manifest: &mut DocumentMut, workspace: &DocumentMut) {
    let mut release = Table::new();
    let base = workspace
        .get("profile")
        .and_then(|profile| profile.get("release"));
    for name in ["lto", "codegen-units", "strip"] {
        if let Some(setting) = base.and_then(|base| base.get(name)).and_then(Item::as_value) {
            let mut setting = setting.clone();
            setting.decor_mut().clear();
            release.insert(name, Item::Value(setting));
        }
    }
    let mut profile = Table::new();
    profile.set_implicit(true);
    release
        .decor_mut()
        .set_prefix("\n# A small program starts sooner.\n");
    profile.insert("release", Item::Table(release));
    manifest.insert("profile", Item::Table(profile));
}
