//! All files of a project, as texts.
//!
//! | files | from |
//! |---|---|
//! | sources, tests, cases, README | the starter, cut to the routes; or the example, under the new name |
//! | flows | the same; an example without flows gets the sign-up of the starter |
//! | `template.yaml` | the example; without one, what `wire` prints for the routes, with an app client and the variables of the starter |
//! | `test.env` | the starter or the example, if the function needs variables |
//! | `.gitignore`, `rustfmt.toml`, the workflow for CI | `projects/common` |
//! | `Cargo.lock`, `.cargo/config.toml` | the clone, if there is one |
//!
//! The commands to run next stand in one place, the first block of `console` in the README, and are printed from there. They fit
//! the pool of `template.yaml`: an example with a template has commands of its own, and any other gets those of the starter.

use std::{env, fs};

use cognito_triggers::model::Route;

use super::{
    choice::Choice,
    cut::{self, Routes},
    dependencies::Dependencies,
    manifest, name,
    package::Package,
    rename, template,
};
use crate::{
    error::CommandError,
    projects::{self, Project},
    shell,
};

/// The files of a project.
pub(super) struct Contents {
    /// Paths from the root of the project, with slashes, and the texts, in alphabetical order.
    pub(super) files: Vec<(String, String)>,
}

impl Contents {
    /// The files for a choice.
    ///
    /// The same choice gives the same files, apart from the path of the clone and its `Cargo.lock`.
    ///
    /// # Errors
    /// Fails if `Cargo.lock` of the clone can't be read, or the name of the package is that of a dependency or of something else in
    /// the template.
    pub(super) fn new(
        choice: &Choice,
        package: &Package,
        dependencies: &Dependencies,
    ) -> Result<Self, CommandError> {
        let starter = projects::starter()?;
        let (project, routes) = match choice {
            Choice::Routes(routes) => (starter, routes.clone()),
            Choice::Example(name) => {
                let example = projects::find(name)?;
                (example, routes_of(example))
            }
        };
        let routes = Routes(&routes);
        let is_cut = project.name == starter.name;
        let mut files = Vec::new();
        for (path, text) in project
            .files
            .iter()
            .filter(|(path, _)| !is_cut || routes.have_file(path))
        {
            let text = if is_cut {
                routes.cut(text)
            } else {
                (*text).to_owned()
            };
            let text = match *path {
                "Cargo.toml" => {
                    let text = manifest::of(&text, package, dependencies)?;
                    name::check_dependencies(&package.name, &text)?;
                    text
                }
                path => rename::file(path, &text, project.name, package, dependencies),
            };
            files.push(((*path).to_owned(), text));
        }
        let has =
            |files: &[(String, String)], prefix: &str| files.iter().any(|(path, _)| path.starts_with(prefix));
        if let Some(flow) = starter.file(SIGN_UP)
            && !has(&files, "flows/")
        {
            files.push((SIGN_UP.to_owned(), flow.to_owned()));
        }
        if !has(&files, "template.yaml") {
            match template::of(package, &routes, is_cut) {
                Ok(template) => files.push(("template.yaml".to_owned(), template)),
                // The package's own stays in any case, and says how the function is called there.
                Err(_) if package.has_template => {}
                Err(error) => return Err(error.into()),
            }
        }
        files.extend(of_clone(package, dependencies)?);
        let mut contents = Self { files };
        if !is_cut {
            contents.complete_readme(starter, &routes, package, dependencies);
        }
        contents.add_common(dependencies);
        contents.files.sort();
        Ok(contents)
    }

    /// The commands to run next, each with its comment: the first block of `console` in the README.
    pub(super) fn next_commands(&self) -> impl Iterator<Item = &str> {
        let readme = self.file("README.md").unwrap_or_default();
        let block = readme.split("```console\n").nth(1).unwrap_or_default();
        let lines = block.lines().take_while(|line| *line != "```");
        lines.filter_map(|line| line.strip_prefix("$ "))
    }

    /// Adds what every project has. The workflow has the commands of the README that end by themselves, and runs the tests as the
    /// README does: those of an example may need a database.
    fn add_common(&mut self, dependencies: &Dependencies) {
        let root = dependencies.root();
        // Without an alias, the workflow needs the command.
        let has_alias = self.file(ALIAS).is_some();
        let is_active = |name: &str| match name {
            "clone" => root.is_some(),
            "versions" => root.is_none(),
            "install" => root.is_some() && !has_alias,
            _ => false,
        };
        let command = root
            .as_ref()
            .map(|root| shell::quote(root.join("crates/cargo-cognito").into_os_string()));
        let command = command.unwrap_or_default();
        let settings = match self.file(SETTINGS) {
            Some(_) => format!(". ./{SETTINGS} && "),
            None => String::new(),
        };
        let steps: String = self
            .next_commands()
            .filter(|command| command.contains("cargo cognito ") && !command.contains(" -- "))
            .map(|command| format!("      - run: {settings}{}\n", without_comment(command)))
            .collect();
        let test = self
            .next_commands()
            .find(|command| command.contains("cargo test"));
        let test = format!("- run: {}\n", test.map_or("cargo test", without_comment));
        for (path, text) in projects::COMMON {
            let text = cut::regions(text, is_active)
                .replace("- run: cargo test\n", &test)
                .replace("COMMAND", &command)
                .replace("# commands\n", &steps);
            self.files.push((path.to_owned(), text));
        }
    }

    /// What the user has to know before the next commands. The README says the same, with more words.
    pub(super) fn warnings(&self) -> impl Iterator<Item = &'static str> {
        let readme = self.file("README.md").unwrap_or_default();
        let found = WARNINGS.iter().filter(|(mark, _)| readme.contains(mark));
        found.map(|(_, warning)| *warning)
    }

    /// Takes a file out of the project. `None` if it has no such file.
    pub(super) fn take(&mut self, path: &str) -> Option<String> {
        let index = self.files.iter().position(|(name, _)| name == path)?;
        Some(self.files.remove(index).1)
    }

    /// The text of a file. `None` if the project has no such file.
    pub(super) fn file(&self, path: &str) -> Option<&str> {
        let mut files = self.files.iter();
        files
            .find(|(name, _)| name == path)
            .map(|(_, text)| text.as_str())
    }

    /// Adds to the README of an example what every project's README says: where `cargo cognito` comes from, and the next commands,
    /// unless the example has its own.
    fn complete_readme(
        &mut self,
        starter: &Project,
        routes: &Routes<'_>,
        package: &Package,
        dependencies: &Dependencies,
    ) {
        let readme = starter.file("README.md").unwrap_or_default();
        let mut sections = readme.split("\n## ");
        let Some(next) = sections.find(|section| section.starts_with("Next\n")) else {
            return;
        };
        let has_commands = self.next_commands().next().is_some();
        let has_settings = self.file(SETTINGS).is_some();
        let Some((_, text)) = self.files.iter_mut().find(|(path, _)| path == "README.md") else {
            return;
        };
        let added = match next.rsplit_once("\n\n") {
            Some((_, origin)) if has_commands => origin.trim_end().to_owned(),
            _ => format!("## {}", next.trim_end()),
        };
        let added: String = routes
            .cut(&added)
            .split_inclusive('\n')
            .filter(|line| has_settings || !line.contains(SETTINGS))
            .collect();
        let added = rename::file("README.md", &added, starter.name, package, dependencies);
        *text = format!("{}\n\n{}\n", text.trim_end(), added.trim_end());
    }
}

/// A command of a README, whose comment begins after spaces.
fn without_comment(command: &str) -> &str {
    command.split(" # ").next().unwrap_or(command).trim_end()
}

/// The routes of an example: the lines of its router, which is in `lib.rs` or in `main.rs`. Each occurs once.
fn routes_of(example: &Project) -> Vec<Route> {
    let sources = ["src/lib.rs", "src/main.rs"]
        .into_iter()
        .filter_map(|path| example.file(path));
    let mut routes: Vec<_> = sources.flat_map(cut::routes_in).collect();
    routes.sort_unstable();
    routes.dedup();
    routes
}

/// Where a project has an alias for the command, if that isn't installed.
const ALIAS: &str = ".cargo/config.toml";

/// The workflow for CI, in the project.
pub(super) const WORKFLOW: &str = ".github/workflows/test.yml";

/// The variables that a function needs to start, with values for tests, as commands of a shell.
const SETTINGS: &str = "test.env";

/// What a README says with these words, and the same in a line for the terminal.
const WARNINGS: [(&str, &str); 4] = [
    (
        "**No message is sent yet.**",
        "no message is sent yet: `deliver` in src/outbox.rs only logs, until you call your provider there",
    ),
    (
        "**No message is sent.**",
        "no message is sent: src/senders.rs and `Outbox` in src/app.rs only log",
    ),
    (
        "**No old user is known yet.**",
        "no old user is known yet, but for a made-up one in debug builds: ask your directory where README.md says",
    ),
    (
        "UserPoolId=…",
        "no code is sent before a second `sam deploy`, with the output UserPoolId as the parameter UserPoolId",
    ),
];

/// The flow of the starter that expects nothing of a handler but to let people in.
const SIGN_UP: &str = "flows/sign-up.flow.json";

/// What a project has that depends on a clone: `Cargo.lock`, so that it builds with the same versions and without a network,
/// and an alias for the command, unless the command is installed.
fn of_clone(package: &Package, dependencies: &Dependencies) -> Result<Vec<(String, String)>, CommandError> {
    let Some(root) = dependencies.root() else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    if !package.is_member {
        let lock = root.join("Cargo.lock");
        let text = fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
        files.push(("Cargo.lock".to_owned(), text));
    }
    if !is_installed() {
        let manifest = toml_edit::Value::from(format!("{}/Cargo.toml", root.display()));
        files.push((
            ALIAS.to_owned(),
            format!(
                "[alias]\n\
                 # `cargo cognito …` runs the command of the clone. Delete this line after `cargo install --path` of it.\n\
                 cognito = [\"run\", \"--manifest-path\", {}, \"--package\", \"cargo-cognito\", \"--bin\", \"cargo-cognito\", \"--\"]\n",
                manifest.to_string().trim()
            ),
        ));
    }
    Ok(files)
}

/// Whether cargo finds a `cargo-cognito` that is installed.
fn is_installed() -> bool {
    let name = format!("cargo-cognito{}", env::consts::EXE_SUFFIX);
    let directories = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&directories).any(|directory| directory.join(&name).is_file())
}
