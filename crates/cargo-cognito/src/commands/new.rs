//! `cargo cognito new` and `init`: write a function with its tests, cases, flows, template and README.
//!
//! | module | what it is for |
//! |---|---|
//! | `choice`, `questions` | which routes or which example; `questions` asks at a terminal if no option says it |
//! | `name` | which names a package may have |
//! | `cut` | the starter, cut to the chosen routes |
//! | `rename` | an example under another name |
//! | `manifest`, `dependencies` | `Cargo.toml`, with paths to a clone or with versions |
//! | `package`, `contents` | the package, and all its files |
//! | `place`, `workspace` | where it is written: a new directory as a whole, or what an existing package lacks |
//!
//! The order of `new`:
//!
//! 1. The name and the place are checked before anything is asked.
//! 2. The choice of routes or of an example comes from the options or from the terminal.
//! 3. All files are made as texts. What can fail there fails before anything is written.
//! 4. The directory is written under another name and renamed, and the workspace around it gets a member.
//!
//! `init` differs in the last step: it writes the files that don't exist, one after the other, and the manifest last.
//!
//! Nothing is compiled, and no network is used.

mod choice;
mod contents;
mod cut;
mod dependencies;
mod existing;
mod manifest;
mod name;
mod package;
mod place;
mod questions;
mod rename;
#[cfg(test)]
mod tests;
mod workspace;

use std::path::{Path, PathBuf};

use crate::{args, error::CommandError, exit_code, output, shell};

use self::{
    choice::Choice, contents::Contents, dependencies::Dependencies, package::Package, workspace::Workspace,
};

/// Writes a new project.
///
/// # Errors
/// Fails if the name can't be that of a package, the directory exists or can't be written, or the routes can't be in one
/// function.
pub(super) async fn new(args: args::New) -> Result<u8, CommandError> {
    let name = match args.name {
        Some(name) => name,
        None => name::of_directory(&args.directory)?,
    };
    name::check(&name)?;
    let directory = std::path::absolute(&args.directory)?;
    if directory.symlink_metadata().is_ok() {
        return Err(format!(
            "{} exists; `cargo cognito init` in it adds to an existing package",
            args.directory.display()
        )
        .into());
    }
    let workspace = Workspace::around(&directory)?;
    let dependencies = Dependencies::find(args.contents.path.as_deref())?;
    let choice = questions::choose(&args.contents).await?;
    let package = Package {
        library: name.replace('-', "_"),
        name,
        is_member: workspace.is_some(),
    };
    let contents = Contents::new(&choice, &package, &dependencies)?;
    place::create(&directory, &contents.files)?;
    if let Some(workspace) = &workspace {
        workspace.add(&directory)?;
    }
    for (path, _) in &contents.files {
        output::print(format_args!("{}\n", args.directory.join(path).display()));
    }
    output::message(summary(&package.name, &choice, &dependencies));
    output::message(next_commands(Some(&args.directory), &contents));
    Ok(exit_code::SUCCESS)
}

/// Adds to an existing package what it lacks, and changes no file but its manifest.
///
/// # Errors
/// Fails if there is no package in the directory, or a file can't be written.
pub(super) async fn init(args: args::Init) -> Result<u8, CommandError> {
    let given = args.directory.unwrap_or_else(|| PathBuf::from("."));
    let package = existing::read(&given)?;
    let dependencies = Dependencies::find(args.contents.path.as_deref())?;
    let choice = questions::choose(&args.contents).await?;
    let contents = Contents::new(&choice, &package.package, &dependencies)?;
    let added = existing::add(&given, &package, &contents)?;
    for path in &added.new {
        output::print(format_args!("{}\n", given.join(path).display()));
    }
    output::message(format_args!(
        "{} files added, {} stay as they are\n",
        added.new.len(),
        added.existing.len()
    ));
    for note in &added.notes {
        output::message(format_args!("{note}\n"));
    }
    let elsewhere = Some(given.as_path()).filter(|given| *given != Path::new("."));
    output::message(next_commands(elsewhere, &contents));
    Ok(exit_code::SUCCESS)
}

/// What was written, and what it depends on.
fn summary(name: &str, choice: &Choice, dependencies: &Dependencies) -> String {
    format!("created {name} with {choice}\nit depends on {dependencies}\n")
}

/// The commands to run next, as the project's README has them.
fn next_commands(directory: Option<&Path>, contents: &Contents) -> String {
    let mut text = String::from("next:\n");
    if let Some(directory) = directory {
        text += &format!("  cd {}\n", shell::quote(directory.as_os_str().to_owned()));
    }
    text += "  cargo test\n  cargo cognito replay\n";
    for flow in contents.flows() {
        text += &format!("  cargo cognito flow {flow}\n");
    }
    text + "  cargo cognito pool template.yaml --code 123456 -- bash\n  cargo cognito check template.yaml\n"
}
