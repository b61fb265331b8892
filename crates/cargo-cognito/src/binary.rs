//! The binary that `--bin` names, or the only one there is.
//!
//! A value with a path separator, or one that begins with a dot, is a path. Everything else is the name of a binary of this
//! workspace, which cargo builds first: in the profile `dev`, for measurements in `release`.

use std::{
    borrow::Cow,
    env,
    ffi::OsStr,
    fs::Metadata,
    path::{Path, PathBuf},
};

use cognito_triggers_targets::{
    Routes,
    cargo::{BuildError, FunctionBin, build_bin, build_bin_quietly, build_release_bin, function_bin},
};
use cognito_triggers_wiring::Binary;

use crate::{blocking::blocking, error::CommandError, output};

/// The path of a binary that can be run: built if `bin` is a name, checked if it is a path. Without `bin`, it is the
/// only binary of this package or workspace that calls `cognito_triggers::run`.
///
/// # Errors
/// Fails if there is no such binary, it doesn't compile, or the path is no file that can be run.
pub(crate) async fn resolve(bin: Option<&OsStr>) -> Result<PathBuf, CommandError> {
    let Some(bin) = bin else {
        let build = || match only_function() {
            Ok(bin) => bin.build().map_err(|error| error.to_string()),
            // Naming the binary wouldn't help.
            Err(error @ (BuildError::UnreadableWorkspace(_) | BuildError::NoCargo(_))) => {
                Err(error.to_string())
            }
            Err(error) => Err(format!("--bin is missing: {error}")),
        };
        return Ok(blocking(build).await??);
    };
    built_or_checked(bin, build_bin).await
}

/// Builds a binary again, or checks its path. Cargo prints only warnings and errors.
///
/// # Errors
/// Those of [`resolve`].
pub(crate) async fn rebuild(bin: &OsStr) -> Result<PathBuf, CommandError> {
    built_or_checked(bin, build_bin_quietly).await
}

/// The path of a binary to measure: built in the profile `release` if `bin` is a name, checked if it is a path.
///
/// # Errors
/// Those of [`resolve`].
pub(crate) async fn resolve_release(bin: &OsStr) -> Result<PathBuf, CommandError> {
    built_or_checked(bin, build_release_bin).await
}

async fn built_or_checked(
    bin: &OsStr,
    build: fn(&str, Option<&Path>) -> Result<PathBuf, BuildError>,
) -> Result<PathBuf, CommandError> {
    match bin.to_str() {
        Some(name) if !is_path(bin) => {
            if !is_in_workspace() {
                return Err(BuildError::NoWorkspace.into());
            }
            let name = name.to_owned();
            Ok(blocking(move || build(&name, None)).await??)
        }
        _ => {
            let path = PathBuf::from(bin);
            check_path(&path).map_err(|problem| format!("--bin {}: {problem}", path.display()))?;
            Ok(path)
        }
    }
}

/// The only binary of this package or workspace that calls `cognito_triggers::run`, as [`program`] has it. `None` if there is
/// no workspace, or no such binary. A warning names the binaries if there are several.
///
/// # Errors
/// Fails if cargo can't read the workspace, the binary doesn't compile, or it doesn't say what it routes.
pub(crate) async fn only_program() -> Result<Option<Binary>, CommandError> {
    Ok(match blocking(only_function).await? {
        Ok(bin) => {
            let path = blocking(move || bin.build()).await??;
            Some(ask(&path, path.as_os_str()).await?)
        }
        Err(BuildError::SeveralFunctions { names }) => {
            let options: Vec<_> = names.iter().map(|name| format!("--bin {name}")).collect();
            output::warning(format_args!(
                "no binary is compared with the sources, because several call `cognito_triggers::run`; add {}, or --no-bin",
                options.join(" ")
            ));
            None
        }
        Err(error @ (BuildError::UnreadableWorkspace(_) | BuildError::NoCargo(_))) => {
            return Err(error.into());
        }
        Err(_) => None,
    })
}

/// The only binary of this package or workspace that calls `cognito_triggers::run`.
///
/// # Errors
/// Fails if there is no workspace, or no such binary, or more than one.
fn only_function() -> Result<FunctionBin, BuildError> {
    if is_in_workspace() {
        function_bin(None)
    } else {
        Err(BuildError::NoWorkspace)
    }
}

/// Whether this directory or one above it has a manifest. Cargo, which may not be installed, is asked only then.
fn is_in_workspace() -> bool {
    let has_manifest = |directory: &Path| directory.join("Cargo.toml").is_file();
    env::current_dir().is_ok_and(|here| here.ancestors().any(has_manifest))
}

/// A binary as the wiring sees it: its name and its routes.
///
/// # Errors
/// Those of [`resolve`], and if the binary doesn't say what it routes.
pub(crate) async fn program(bin: Option<&OsStr>) -> Result<Binary, CommandError> {
    let path = resolve(bin).await?;
    ask(&path, bin.unwrap_or(path.as_os_str())).await
}

/// Asks a binary for its routes. `given` is what an error calls it.
async fn ask(path: &Path, given: &OsStr) -> Result<Binary, CommandError> {
    let routes = Routes::of_binary(path).await;
    let routes = routes.map_err(|error| format!("{}: {error}", given.display()))?;
    Ok(Binary::new(name(path), routes.routes).otherwise(routes.otherwise))
}

/// Adds the functions of `--run-by` to their binaries, which it calls by name or as `--bin` does. `bins` has the values of
/// `--bin` in the order of the binaries.
///
/// # Errors
/// Fails if `--run-by` names a binary that isn't there.
pub(crate) fn add_functions(
    binaries: &mut [Binary],
    bins: &[impl AsRef<OsStr>],
    run_by: &[(String, String)],
) -> Result<(), CommandError> {
    for (bin, function) in run_by {
        let by_name = binaries.iter().position(|binary| binary.name == *bin);
        let by_value = || bins.iter().position(|value| value.as_ref() == OsStr::new(bin));
        let index = by_name.or_else(by_value);
        match index.and_then(|index| binaries.get_mut(index)) {
            Some(binary) => binary.functions.push(function.clone()),
            None => {
                let names: Vec<_> = binaries.iter().map(|binary| binary.name.as_str()).collect();
                let others = match names.as_slice() {
                    [] => String::new(),
                    names => format!(", or name one that is given: {}", names.join(", ")),
                };
                let problem = "and no --bin does; add --bin";
                return Err(format!("--run-by names the binary {bin}, {problem} {bin}{others}").into());
            }
        }
    }
    Ok(())
}

/// The name of a binary. `cargo lambda build` puts each one into a directory of its name and calls it `bootstrap`.
pub(crate) fn name(path: &Path) -> Cow<'_, str> {
    let stem = path.file_stem().unwrap_or(path.as_os_str());
    let directory = path.parent().and_then(Path::file_name);
    directory
        .filter(|_| stem == "bootstrap")
        .unwrap_or(stem)
        .to_string_lossy()
}

/// Whether the value of `--bin` is a path. A bare name isn't, even if there is such a file; `./name` is.
pub(crate) fn is_path(bin: &OsStr) -> bool {
    let path = Path::new(bin);
    path.components().count() > 1 || path.is_absolute() || path.starts_with(".")
}

/// Checks that a path can be run.
///
/// # Errors
/// Fails if the path can't be run. The error says what is wrong and what to do.
fn check_path(path: &Path) -> Result<(), String> {
    let metadata = path.metadata().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            "no such file; build it first, or give the name of the binary to have it built".to_owned()
        }
        _ => error.to_string(),
    })?;
    if metadata.is_dir() {
        let bootstrap = path.join("bootstrap");
        return Err(if bootstrap.is_file() {
            format!("a directory; the binary is {}", bootstrap.display())
        } else {
            "a directory; give the path of the binary in it".to_owned()
        });
    }
    if !metadata.is_file() {
        return Err("not a file".to_owned());
    }
    if !is_executable(&metadata) {
        return Err("the file is not executable; give the path of a compiled binary".to_owned());
    }
    Ok(())
}

/// Whether anyone may execute the file.
#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

/// On other systems, only the attempt to start the file shows this.
#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    true
}
