//! The only binary that is a function.
//!
//! Its source is searched for a call, since cargo doesn't know what a binary is for.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::{BuildError, Metadata, Package, Target, build_of, metadata};

/// The library that a function links.
const LIBRARY: &str = "cognito-triggers";

/// The only binary of a package or workspace that is a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionBin {
    name: String,
    manifest: PathBuf,
    directory: Option<PathBuf>,
}

impl FunctionBin {
    /// The name of the binary.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Builds the binary as [`build_bin`](super::build_bin) does, without asking cargo for its package again.
    ///
    /// # Errors
    /// Fails if it doesn't compile.
    pub fn build(&self) -> Result<PathBuf, BuildError> {
        build_of(&self.manifest, &self.name, self.directory.as_deref(), &[])
    }
}

/// The only binary that calls `cognito_triggers::run` or `run_with`: in the package that contains `directory`
/// (the current one without it), else in the whole workspace. If no source calls them, it is the only binary of a package
/// that depends on `cognito-triggers`, since `main` may call a function of the package's library.
///
/// # Errors
/// Fails if there is no workspace, or no such binary, or more than one.
pub fn function_bin(directory: Option<&Path>) -> Result<FunctionBin, BuildError> {
    let metadata = metadata(directory)?;
    let here = directory.map_or_else(env::current_dir, fs::canonicalize).ok();
    let package = here.and_then(|here| package_around(&metadata, &here));
    let mut found = package.map_or_else(Vec::new, |package| functions(&[package]));
    if found.is_empty() {
        let packages: Vec<_> = metadata.packages.iter().collect();
        found = functions(&packages);
    }
    match found.as_slice() {
        [(manifest, name)] => Ok(FunctionBin {
            name: name.clone(),
            manifest: manifest.clone(),
            directory: directory.map(Path::to_owned),
        }),
        [] => {
            let binaries = metadata.packages.iter().flat_map(Package::binaries);
            let mut known: Vec<_> = binaries.map(|binary| binary.name.clone()).collect();
            known.sort_unstable();
            Err(BuildError::NoFunction { known })
        }
        _ => {
            let mut names: Vec<_> = found.into_iter().map(|(_, name)| name).collect();
            names.sort_unstable();
            Err(BuildError::SeveralFunctions { names })
        }
    }
}

/// The innermost package whose directory contains `here`.
fn package_around<'a>(metadata: &'a Metadata, here: &Path) -> Option<&'a Package> {
    let directory = |package: &Package| -> PathBuf {
        let manifest = package.manifest_path.parent().unwrap_or(Path::new(""));
        manifest.canonicalize().unwrap_or(manifest.to_owned())
    };
    metadata
        .packages
        .iter()
        .filter(|package| here.starts_with(directory(package)))
        .max_by_key(|package| directory(package).components().count())
}

/// The binaries that are functions, by their source or else by the dependencies of their package: the manifest of the package
/// and the name of the binary.
fn functions(packages: &[&Package]) -> Vec<(PathBuf, String)> {
    let names = |package: &Package, binary: &Target| (package.manifest_path.clone(), binary.name.clone());
    let calling: Vec<_> = packages
        .iter()
        .flat_map(|package| package.binaries().map(move |binary| (package, binary)))
        .filter(|(_, binary)| calls_run(binary))
        .map(|(package, binary)| names(package, binary))
        .collect();
    if !calling.is_empty() {
        return calling;
    }
    packages
        .iter()
        .filter(|package| {
            let is_library =
                |dependency: &super::Dependency| dependency.name == LIBRARY && dependency.kind.is_none();
            package.dependencies.iter().any(is_library)
        })
        .flat_map(|package| package.binaries().map(move |binary| names(package, binary)))
        .collect()
}

/// Whether the source of a binary calls `cognito_triggers::run` or `run_with`; `false` if it can't be read.
fn calls_run(binary: &Target) -> bool {
    fs::read_to_string(&binary.src_path).is_ok_and(|source| names_run(&source))
}

/// Whether a source names `run` or `run_with` of the library, by a path or in an import. Lines of comments don't count.
fn names_run(source: &str) -> bool {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    code.match_indices("cognito_triggers::").any(|(at, path)| {
        let rest = code.get(at + path.len()..).unwrap_or_default();
        let imported = match rest.strip_prefix('{') {
            Some(list) => list.split(';').next().unwrap_or_default(),
            None => rest.split(|c: char| !is_word(c)).next().unwrap_or_default(),
        };
        imported
            .split(|c: char| !is_word(c))
            .any(|word| word == "run" || word == "run_with")
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_imports_of_run_are_recognized() {
        for source in [
            "fn main() { cognito_triggers::run(triggers(), ()).await }",
            "cognito_triggers::run_with(triggers(), App::new)",
            "use cognito_triggers::run;",
            "use cognito_triggers::{\n    Router,\n    run,\n};",
            "use cognito_triggers::{rules, run_with as start};",
        ] {
            assert!(names_run(source), "{source}");
        }
        for source in [
            "fn main() { run() }",
            "// cognito_triggers::run(…)\n//! `cognito_triggers::run`\n",
            "use cognito_triggers::{Router, router};\nfn main() { tasks::run() }",
            "use cognito_triggers::runtime;",
            "use cognito_triggers_replay::run;",
        ] {
            assert!(!names_run(source), "{source}");
        }
    }
}
