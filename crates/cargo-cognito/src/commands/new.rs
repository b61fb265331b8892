//! `cargo cognito new` and `init`: write a function with its tests, cases, flows, template and README.
//!
//! | module | what it is for |
//! |---|---|
//! | `choice`, `questions` | which routes or which example; `questions` asks at a terminal if no option says it |
//! | `name` | which names a package may have |
//! | `cut` | the starter, cut to the chosen routes |
//! | `rename` | an example under another name |
//! | `template` | `template.yaml` for the starter, and for an example without one |
//! | `manifest`, `dependencies` | `Cargo.toml`, with paths to a clone or with versions |
//! | `package`, `contents` | the package, and all its files |
//! | `place` | writes a new directory as a whole, or the files that an existing package lacks; removes them after a failure |
//! | `workspace`, `manifest_file`, `existing` | manifests of others: the workspace around it, and an existing package |
//! | `workflow` | the workflow for CI, where GitHub runs it |
//! | `lambda_template` | the same as a template for `cargo lambda new` |
//!
//! The order of `new`:
//!
//! 1. The name and the place are checked before anything is asked.
//! 2. The choice of routes or of an example comes from the options or from the terminal.
//! 3. All files are made as texts. What can fail there fails before anything is written.
//! 4. The directory is written under another name and renamed, and the workspace around it gets a member. What somebody else has
//!    changed meanwhile is refused.
//!
//! `init` differs in the last step: it writes the files that don't exist, one after the other, and the manifest last. After a failure
//! both remove what they have written.
//!
//! Nothing is compiled, and no network is used.

mod choice;
mod contents;
mod cut;
mod dependencies;
mod existing;
mod lambda_template;
mod manifest;
mod manifest_file;
mod name;
mod package;
mod place;
mod questions;
mod rename;
mod template;
#[cfg(test)]
mod tests;
mod workflow;
mod workspace;

use std::path::{Path, PathBuf};

use crate::{args, error::CommandError, exit_code, output, shell};

use self::{
    choice::Choice, contents::Contents, dependencies::Dependencies, package::Package, place::Created,
    workflow::Home, workspace::Workspace,
};

/// Writes a new project.
///
/// # Errors
/// Fails if the name can't be that of a package, the directory exists or can't be written, or the routes can't be in one
/// function.
pub(super) async fn new(args: args::New) -> Result<u8, CommandError> {
    if args.for_cargo_lambda {
        return template(&args).await;
    }
    let name = match &args.name {
        Some(name) => name.clone(),
        None => name::of_directory(&args.directory)?,
    };
    name::check(&name)?;
    let directory = absent(&args.directory)?;
    let workspace = Workspace::around(&directory)?;
    let dependencies = Dependencies::find(args.contents.path.as_deref())?;
    let choice = questions::choose(&args.contents).await?;
    let package = Package {
        library: name.replace('-', "_"),
        name,
        is_member: workspace.is_some(),
        has_template: false,
    };
    let mut contents = Contents::new(&choice, &package, &dependencies)?;
    let home = Home::find(&directory, workspace.as_ref());
    let mut created = Created::default();
    let workflow = home.write(&mut contents, &package.name, &mut created)?;
    created.project(&directory, &contents.files)?;
    if let Some(workspace) = &workspace {
        workspace.add(&directory)?;
    }
    created.keep();
    print_paths(&args.directory, &contents);
    if let Some(path) = &workflow.path {
        output::print(format_args!("{}\n", path.display()));
    }
    let place = args.directory.display().to_string();
    output::message(summary(&place, &choice, &dependencies));
    if let Some(workspace) = &workspace {
        output::message(format_args!(
            "it is a member of the workspace {}\n",
            workspace.root().display()
        ));
    }
    output::message(workflow.note.unwrap_or_default());
    output::message(next_commands(Some(&args.directory), &contents));
    Ok(exit_code::SUCCESS)
}

/// Adds to an existing package what it lacks, and changes no file but its manifest. A workspace without workflows gets one.
///
/// # Errors
/// Fails if there is no package in the directory, or a file can't be written.
pub(super) async fn init(args: args::Init) -> Result<u8, CommandError> {
    let given = args.directory.unwrap_or_else(|| PathBuf::from("."));
    let package = existing::read(&given)?;
    let dependencies = Dependencies::find(args.contents.path.as_deref())?;
    let choice = questions::choose(&args.contents).await?;
    let mut contents = Contents::new(&choice, &package.package, &dependencies)?;
    let home = Home::find(&std::path::absolute(&given)?, package.workspace.as_ref());
    let mut created = Created::default();
    let workflow = home.write(&mut contents, &package.package.name, &mut created)?;
    let added = existing::add(&given, &package, &contents, &mut created)?;
    created.keep();
    for path in &added.new {
        output::print(format_args!("{}\n", given.join(path).display()));
    }
    if let Some(path) = &workflow.path {
        output::print(format_args!("{}\n", path.display()));
    }
    output::message(format_args!(
        "{} files added, {} stay as they are\n",
        added.new.len(),
        added.existing.len()
    ));
    for note in &added.notes {
        output::message(format_args!("{note}\n"));
    }
    output::message(workflow.note.unwrap_or_default());
    let elsewhere = Some(given.as_path()).filter(|given| *given != Path::new("."));
    output::message(next_commands(elsewhere, &contents));
    Ok(exit_code::SUCCESS)
}

/// Writes a template for cargo lambda.
///
/// # Errors
/// Fails as [`new`] does, except for the name.
async fn template(args: &args::New) -> Result<u8, CommandError> {
    let directory = absent(&args.directory)?;
    // Refuses a clone of this repository.
    Workspace::around(&directory)?;
    let dependencies = Dependencies::find(args.contents.path.as_deref())?;
    let choice = questions::choose(&args.contents).await?;
    let contents = Contents::new(&choice, &lambda_template::package(), &dependencies)?;
    let contents = lambda_template::of(contents);
    let mut created = Created::default();
    created.project(&directory, &contents.files)?;
    created.keep();
    print_paths(&args.directory, &contents);
    output::message(summary("a template", &choice, &dependencies));
    output::message(format_args!(
        "next:\n  cargo lambda new my-function --template {}\n",
        shell::quote(args.directory.as_os_str().to_owned())
    ));
    Ok(exit_code::SUCCESS)
}

/// The absolute path of a directory that doesn't exist.
///
/// # Errors
/// Fails if there is something.
fn absent(directory: &Path) -> Result<PathBuf, CommandError> {
    let absolute = std::path::absolute(directory)?;
    if absolute.symlink_metadata().is_ok() {
        return Err(format!(
            "{} exists; `cargo cognito init` in it adds to an existing package",
            directory.display()
        )
        .into());
    }
    Ok(absolute)
}

/// Prints what was written, as paths that begin as the one that was given.
fn print_paths(directory: &Path, contents: &Contents) {
    for (path, _) in &contents.files {
        output::print(format_args!("{}\n", directory.join(path).display()));
    }
}

/// What was written, and what it depends on.
fn summary(what: &str, choice: &Choice, dependencies: &Dependencies) -> String {
    format!("created {what} with {choice}\nit depends on {dependencies}\n")
}

/// The commands to run next, as the project's README has them, and what has to be done before people can use the function.
fn next_commands(directory: Option<&Path>, contents: &Contents) -> String {
    let mut text = String::new();
    for warning in contents.warnings() {
        text += &format!("{warning}\n");
    }
    text += "next:\n";
    if let Some(directory) = directory {
        text += &format!("  cd {}\n", shell::quote(directory.as_os_str().to_owned()));
    }
    for command in contents.next_commands() {
        text += &format!("  {command}\n");
    }
    text + "README.md has what comes after them\n"
}
