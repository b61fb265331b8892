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
use cognito_triggers_wiring::{Binary, wire};

use super::{
    choice::Choice,
    cut::{self, Routes},
    dependencies::Dependencies,
    manifest,
    package::Package,
    rename,
};
use crate::{
    error::CommandError,
    projects::{self, Project},
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
    /// Fails if `Cargo.lock` of the clone can't be read.
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
                "Cargo.toml" => manifest::of(&text, package, dependencies)?,
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
            let template = template(package, &routes)?;
            let has_domains = is_cut && routes.0.contains(&Route::PreSignUp);
            let template = if has_domains {
                with_domains(&template)
            } else {
                template
            };
            files.push(("template.yaml".to_owned(), template));
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
        let is_clone = dependencies.root().is_some();
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
            let text = cut::regions(text, |name| name == if is_clone { "clone" } else { "versions" });
            let text = text
                .replace("- run: cargo test\n", &test)
                .replace("# commands\n", &steps);
            self.files.push((path.to_owned(), text));
        }
    }

    /// Whether messages of the project reach nobody until the user fills in a function.
    pub(super) fn only_logs_messages(&self) -> bool {
        self.file("src/outbox.rs").is_some()
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

/// The workflow for CI, in the project.
pub(super) const WORKFLOW: &str = ".github/workflows/test.yml";

/// The variables that a function needs to start, with values for tests, as commands of a shell.
const SETTINGS: &str = "test.env";

/// The flow of the starter that expects nothing of a handler but to let people in.
const SIGN_UP: &str = "flows/sign-up.flow.json";

/// What a pool needs for people to sign up with an email address, beside its triggers.
const VERIFIED: &str = "      AutoVerifiedAttributes: [email]\n";

/// The parameter for the variable `DOMAINS` of the starter.
const DOMAINS: &str = "  Domains:\n    Description: Domains whose addresses may sign up, separated by commas; * for all.\n    Type: String\n    \
                       Default: example.com\n";

/// The app client, without which nobody can sign in.
const APP_CLIENT: &str = include_str!("../../../projects/common/app-client.yaml");

/// What `cargo cognito wire --format sam` prints for the binary, with an app client.
///
/// The client stands before the function, and the pool verifies email addresses. Otherwise the text is that of `wire`, so a later
/// `wire` shows only what changed.
///
/// # Errors
/// Never in practice: a project has routes, and all of them are known.
fn template(package: &Package, routes: &Routes<'_>) -> Result<String, CommandError> {
    let binary = Binary::new(&package.name, routes.0.iter().map(|route| route.as_str()));
    let wired = wire::sam(&binary)?;
    let mut template = String::new();
    let mut lines = wired.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "LambdaConfig:" {
            template += VERIFIED;
        }
        if lines
            .peek()
            .is_some_and(|next| next.trim() == "Type: AWS::Serverless::Function")
        {
            template += APP_CLIENT;
        }
        template += &format!("{line}\n");
    }
    Ok(template)
}

/// The template with the domains whose addresses may sign up, as a parameter and as the variable that the starter reads.
///
/// The function doesn't start without the variable. The default of the parameter lets in no real address.
fn with_domains(template: &str) -> String {
    let insert = |text: &str, before: &str, added: &str, after: &str| {
        text.replacen(&format!("{before}{after}"), &format!("{before}{added}{after}"), 1)
    };
    let parameters = "Parameters:\n";
    let template = match template.contains(parameters) {
        true => insert(template, parameters, DOMAINS, ""),
        false => insert(template, "", &format!("{parameters}{DOMAINS}"), "Resources:\n"),
    };
    let variables = "        Variables:\n";
    let variable = "          DOMAINS: !Ref Domains\n";
    match template.contains(variables) {
        true => insert(&template, variables, variable, ""),
        false => {
            let variable = format!("      Environment:\n{variables}{variable}");
            insert(&template, "        LogFormat: JSON\n", &variable, "")
        }
    }
}

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
            ".cargo/config.toml".to_owned(),
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
