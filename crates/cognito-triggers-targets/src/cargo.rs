//! Builds binaries with cargo.

mod function_bin;

use std::{
    fmt, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;
use tokio::runtime::Handle;

pub use self::function_bin::{FunctionBin, function_bin};
use crate::process::group::ProcessGroup;

/// Builds the binary `name` of the workspace that contains `directory`, and returns the path of the executable. Without a
/// directory, it is the current one.
///
/// Cargo's own messages go to standard error. The build is a debug build.
///
/// ```no_run
/// use cognito_triggers_targets::{Process, cargo::build_bin};
///
/// let function = Process::new(build_bin("my-function", None)?);
/// # Ok::<(), cognito_triggers_targets::cargo::BuildError>(())
/// ```
///
/// # Errors
/// Fails if there is no workspace, if no package or more than one has the binary, or if it doesn't compile.
pub fn build_bin(name: &str, directory: Option<&Path>) -> Result<PathBuf, BuildError> {
    build(name, directory, &[])
}

/// Does what [`build_bin`] does, and has cargo print only warnings and errors.
///
/// # Errors
/// Fails as [`build_bin`] does.
pub fn build_bin_quietly(name: &str, directory: Option<&Path>) -> Result<PathBuf, BuildError> {
    build(name, directory, &["--quiet"])
}

/// Does what [`build_bin`] does in the profile `release`, for measurements.
///
/// # Errors
/// Fails as [`build_bin`] does.
pub fn build_release_bin(name: &str, directory: Option<&Path>) -> Result<PathBuf, BuildError> {
    build(name, directory, &["--release"])
}

fn build(name: &str, directory: Option<&Path>, options: &[&str]) -> Result<PathBuf, BuildError> {
    let manifest = manifest_of(name, directory)?;
    build_of(&manifest, name, directory, options)
}

/// Builds a binary of a package. The package is given by its manifest, because a dependency may have the same name.
fn build_of(
    manifest: &Path,
    name: &str,
    directory: Option<&Path>,
    options: &[&str],
) -> Result<PathBuf, BuildError> {
    let mut command = cargo(directory);
    command
        .args(["build", "--bin", name, "--manifest-path"])
        .arg(manifest)
        .args(options)
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit());
    // Kills the build if this process ends, even by a signal that only this process receives. A group needs a runtime.
    let group = Handle::try_current().is_ok().then(ProcessGroup::new);
    if let Some(group) = &group {
        group.add(&mut command);
    }
    let output = command.output().map_err(BuildError::NoCargo)?;
    if !output.status.success() {
        return Err(BuildError::NotBuilt(name.to_owned()));
    }
    executable(&String::from_utf8_lossy(&output.stdout), name)
        .ok_or_else(|| BuildError::NotBuilt(name.to_owned()))
}

/// The cargo that runs this process, or the one in `PATH`.
fn cargo(directory: Option<&Path>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    if let Some(directory) = directory {
        command.current_dir(directory);
    }
    command
}

/// What `cargo metadata` prints, as far as it is needed.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

/// A package of the workspace.
#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    dependencies: Vec<Dependency>,
}

/// What a package depends on.
#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `dev` or `build`; null for what the binaries link.
    kind: Option<String>,
}

/// A library, binary, test or other target of a package.
#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    src_path: PathBuf,
}

impl Package {
    /// The binaries of the package.
    fn binaries(&self) -> impl Iterator<Item = &Target> {
        let is_binary = |target: &&Target| target.kind.iter().any(|kind| kind == "bin");
        self.targets.iter().filter(is_binary)
    }
}

/// The root of the workspace that contains `directory`, or the current one; `None` if there is no workspace. Cargo prints
/// nothing.
pub fn workspace_root(directory: Option<&Path>) -> Option<PathBuf> {
    let metadata = metadata(directory).ok()?;
    Some(metadata.workspace_root)
}

/// The packages of a workspace. Cargo prints nothing: its message is in the error.
fn metadata(directory: Option<&Path>) -> Result<Metadata, BuildError> {
    let output = cargo(directory)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stdin(Stdio::null())
        .output()
        .map_err(BuildError::NoCargo)?;
    let unreadable = |message: &str| BuildError::UnreadableWorkspace(message.to_owned());
    if output.status.success() {
        return serde_json::from_slice(&output.stdout).map_err(|error| unreadable(&error.to_string()));
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let message = message.trim();
    if message.contains("could not find `Cargo.toml` in") {
        return Err(BuildError::NoWorkspace);
    }
    Err(unreadable(message.strip_prefix("error: ").unwrap_or(message)))
}

/// The manifest of the package that has the binary `name`.
fn manifest_of(name: &str, directory: Option<&Path>) -> Result<PathBuf, BuildError> {
    let metadata = metadata(directory)?;
    let packages: Vec<_> = metadata
        .packages
        .iter()
        .filter(|package| package.binaries().any(|binary| binary.name == name))
        .collect();
    match packages.as_slice() {
        [package] => Ok(package.manifest_path.clone()),
        [] => {
            let mut known: Vec<_> = metadata
                .packages
                .iter()
                .flat_map(Package::binaries)
                .map(|binary| binary.name.clone())
                .collect();
            known.sort_unstable();
            Err(BuildError::Unknown {
                name: name.to_owned(),
                known,
            })
        }
        _ => Err(BuildError::Ambiguous {
            name: name.to_owned(),
            packages: packages.iter().map(|package| package.name.clone()).collect(),
        }),
    }
}

/// The path of a binary in cargo's messages, which are one JSON document a line.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    #[derive(Deserialize)]
    struct Artifact {
        target: Target,
        executable: Option<PathBuf>,
    }

    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok())
        .filter(|artifact| {
            artifact.target.name == name && artifact.target.kind.iter().any(|kind| kind == "bin")
        })
        .find_map(|artifact| artifact.executable)
}

/// Why a binary can't be built.
///
/// `Display` says what is wrong and what to do, such as which binaries the workspace has.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// Cargo can't be started.
    NoCargo(io::Error),
    /// There is no workspace.
    NoWorkspace,
    /// Cargo can't read the workspace, for example because a manifest is invalid. It has Cargo's message.
    UnreadableWorkspace(String),
    /// No package has this binary.
    Unknown {
        /// The name of the binary.
        name: String,
        /// The binaries of the workspace, sorted by name.
        known: Vec<String>,
    },
    /// Several packages have this binary.
    Ambiguous {
        /// The name of the binary.
        name: String,
        /// The packages that have it.
        packages: Vec<String>,
    },
    /// The binary doesn't compile. Cargo has printed the reason.
    NotBuilt(String),
    /// No binary calls `cognito_triggers::run`.
    NoFunction {
        /// The binaries of the workspace, sorted by name.
        known: Vec<String>,
    },
    /// Several binaries call `cognito_triggers::run`.
    SeveralFunctions {
        /// Their names, sorted.
        names: Vec<String>,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCargo(error) => write!(f, "cargo can't be run: {error}"),
            Self::NoWorkspace => {
                f.write_str("no cargo workspace here to build from; name the binary by its path")
            }
            Self::UnreadableWorkspace(message) => write!(f, "cargo can't read this workspace: {message}"),
            Self::Unknown { name, known } => {
                write!(
                    f,
                    "no binary `{name}` in this workspace; there is {}",
                    list(known)
                )
            }
            Self::Ambiguous { name, packages } => write!(
                f,
                "several packages have a binary `{name}`: {}; build one and name it by its path",
                list(packages)
            ),
            Self::NotBuilt(name) => write!(f, "`{name}` doesn't compile"),
            Self::NoFunction { known } => write!(
                f,
                "no binary of this workspace calls `cognito_triggers::run`; name the one to run, there is {}",
                list(known)
            ),
            Self::SeveralFunctions { names } => write!(
                f,
                "several binaries call `cognito_triggers::run`: {}; name one of them",
                list(names)
            ),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NoCargo(error) => Some(error),
            _ => None,
        }
    }
}

/// The names in backticks, or `none`.
fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
