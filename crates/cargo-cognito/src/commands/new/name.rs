//! Which names a package may have.
//!
//! For a new one, the rules are those of cargo and the registry, and three more, so that a project is free of warnings and links:
//!
//! | rule | because |
//! |---|---|
//! | ASCII letters, digits, `-` and `_`, and a letter first | cargo and the registry refuse others |
//! | lowercase | rustc warns about the name of the library otherwise, and CI of the project takes no warnings |
//! | no keyword, no crate of the toolchain, no directory of `target` | cargo refuses them, or the library couldn't be named |
//! | no crate that the project depends on | a package can't depend on one of its own name |
//! | nothing else of the template | the function is named after the package there |
//!
//! The last two depend on what the project has, so they are checked when its files are made.

use std::path::Path;

use toml_edit::{DocumentMut, Item};

use super::manifest::SECTIONS;

/// Names that cargo or rustc refuses, or that make a crate unusable: keywords, crates of the toolchain, directories of cargo.
const RESERVED: &str = "\
    abstract alloc as async await become box break build const continue core crate deps do dyn else \
    enum examples extern false final fn for gen if impl in incremental let loop macro match mod \
    move mut override priv proc-macro pub ref return self static std struct super test trait true \
    try type typeof union unsized use virtual where while yield unsafe";

/// Names that Windows reserves for devices.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// The longest name of a package on the registry.
const LONGEST: usize = 64;

/// The name of the package in a directory: its last part.
///
/// # Errors
/// Fails if the path has no last part, such as `..`, or it isn't UTF-8.
pub(super) fn of_directory(directory: &Path) -> Result<String, String> {
    let name = directory.file_name().ok_or_else(|| {
        format!(
            "{} doesn't end with a name; give the package a name with --name",
            directory.display()
        )
    })?;
    let name = name.to_str().map(str::to_owned);
    name.ok_or_else(|| {
        format!(
            "the name of {} isn't UTF-8; give the package a name with --name",
            directory.display()
        )
    })
}

/// Checks the name of a new package.
///
/// # Errors
/// Fails if cargo would refuse the name, or the code would not compile or not be free of warnings under it.
pub(super) fn check(name: &str) -> Result<(), String> {
    let problem = problem(name);
    problem.map_or(Ok(()), |problem| Err(refusal(name, &problem)))
}

/// Checks a name in a manifest that exists. It becomes a part of paths, of code and of what is printed.
///
/// # Errors
/// Fails if cargo would refuse the name too.
pub(super) fn check_existing(name: &str) -> Result<(), String> {
    let is_allowed = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    if name.is_empty() || !name.chars().all(is_allowed) {
        return Err(format!(
            "cargo doesn't take the name {name:?}; use letters, digits, `-` and `_`"
        ));
    }
    Ok(())
}

/// What is wrong with a name.
fn problem(name: &str) -> Option<String> {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.is_empty() {
        return Some("it is empty".to_owned());
    }
    if let Some(letter) = name.chars().find(|letter| !is_allowed(*letter)) {
        return Some(format!(
            "it has {letter:?}; use letters from a to z, digits, `-` and `_`"
        ));
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Some("it doesn't begin with a letter".to_owned());
    }
    if name.contains(|letter: char| letter.is_ascii_uppercase()) {
        return Some(format!(
            "crates have lowercase names; use `{}`",
            name.to_ascii_lowercase()
        ));
    }
    if name.len() > LONGEST {
        return Some(format!(
            "it has {} letters; the registry takes {LONGEST}",
            name.len()
        ));
    }
    if RESERVED
        .split_whitespace()
        .any(|word| word == name.replace('_', "-"))
        || DEVICES.contains(&name)
    {
        return Some("the name is reserved; use another one, such as `my-function`".to_owned());
    }
    // Also those on which it depends through others.
    if name.replace('_', "-").starts_with("cognito-triggers") {
        return Some(DEPENDS.to_owned());
    }
    None
}

/// What is wrong with the name of a dependency.
const DEPENDS: &str = "the function depends on a crate of that name; use another one, such as `my-function`";

/// Checks the name of a package against the dependencies in its manifest.
///
/// Cargo takes `-` and `_` for different letters, and the registry doesn't. Neither does this. A dependency of a dependency may have
/// the name: cargo tells the two apart by where they come from.
///
/// # Errors
/// Fails if it depends on a package of its own name, which cargo refuses, or the manifest isn't TOML.
pub(super) fn check_dependencies(name: &str, manifest: &str) -> Result<(), String> {
    let manifest: DocumentMut = manifest
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string())?;
    let sections = SECTIONS.iter().filter_map(|section| manifest.get(section));
    let tables = sections.filter_map(Item::as_table_like);
    let mut names = tables.flat_map(|table| table.iter().map(|(name, _)| name.replace('_', "-")));
    match names.any(|dependency| dependency == name.replace('_', "-")) {
        true => Err(refusal(name, DEPENDS)),
        false => Ok(()),
    }
}

/// Why a name can't be that of the function in the template.
pub(super) fn taken(name: &str) -> String {
    refusal(
        name,
        "template.yaml has something else of that name; use another one, such as `my-function`",
    )
}

/// A refused name and the reason.
fn refusal(name: &str, problem: &str) -> String {
    format!("`{name}` can't be the name of a package: {problem}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_accepted() {
        for name in ["my-function", "sign_up", "a1", "x"] {
            assert_eq!(check(name), Ok(()));
        }
    }

    #[test]
    fn other_names_are_refused_with_the_reason() {
        for (name, reason) in [
            ("", "empty"),
            ("my function", "' '"),
            ("größe", "'ö'"),
            ("a/b", "'/'"),
            ("1st", "begin with a letter"),
            ("-a", "begin with a letter"),
            ("Mine", "use `mine`"),
            ("fn", "reserved"),
            ("proc_macro", "reserved"),
            ("con", "reserved"),
            ("cognito_triggers", "depends on"),
        ] {
            let error = check(name).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
        assert!(check(&"a".repeat(65)).unwrap_err().contains("65 letters"));
    }

    #[test]
    fn the_name_of_a_dependency_is_refused() {
        let manifest =
            "[dependencies]\naws-types = \"1\"\n\n[dev-dependencies]\nserde_json.workspace = true\n";
        for name in ["aws-types", "aws_types", "serde_json", "serde-json"] {
            let error = check_dependencies(name, manifest).unwrap_err();
            assert!(
                error.contains(&format!("`{name}`")) && error.contains(DEPENDS),
                "{error}"
            );
        }
        assert_eq!(check_dependencies("aws", manifest), Ok(()));
    }

    #[test]
    fn an_existing_name_is_one_that_cargo_takes() {
        for name in ["my-function", "Mine", "größe", "tokio"] {
            assert_eq!(check_existing(name), Ok(()));
        }
        for name in ["", "../evil", "a b", "a\u{1b}[2J"] {
            let error = check_existing(name).unwrap_err();
            assert!(error.contains(&format!("{name:?}")), "{error}");
        }
    }

    #[test]
    fn a_path_without_a_name_needs_the_option() {
        assert_eq!(
            of_directory(Path::new("../my-function")),
            Ok("my-function".to_owned())
        );
        assert!(of_directory(Path::new("..")).unwrap_err().contains("--name"));
    }
}
