//! What the projects have, for each route and each example.

use std::path::Path;

use cognito_triggers::model::Route;
use toml_edit::DocumentMut;

use super::{
    choice::Choice,
    contents::Contents,
    dependencies::{Dependencies, is_clone},
    package::Package,
};
use crate::projects;

/// The clone of these tests.
fn clone() -> Dependencies {
    Dependencies::find(None).unwrap()
}

fn contents(words: &[&str], dependencies: &Dependencies) -> Contents {
    let choice = Choice::parse(words).unwrap();
    Contents::new(&choice, &Package::standalone("my-fn"), dependencies).unwrap()
}

/// Whether a route comes with two others.
fn is_of_custom_sign_in(route: Route) -> bool {
    let routes = [
        Route::DefineAuthChallenge,
        Route::CreateAuthChallenge,
        Route::VerifyAuthChallengeResponse,
    ];
    routes.contains(&route)
}

/// The words for every project: each route alone, all routes that fit together, each example.
fn choices() -> Vec<Vec<&'static str>> {
    let mut choices: Vec<_> = Route::ALL.iter().map(|route| vec![route.as_str()]).collect();
    let together = Route::ALL.iter().map(|route| route.as_str());
    choices.push(
        together
            .filter(|route| !matches!(*route, "pre_token_generation_v1" | "pre_token_generation_v2"))
            .collect(),
    );
    choices.extend(projects::example_names().map(|name| vec![name]));
    choices
}

#[test]
fn each_project_has_the_parts_of_a_function() {
    for choice in choices() {
        let contents = contents(&choice, &clone());
        for path in [
            "Cargo.toml",
            "README.md",
            "src/main.rs",
            "template.yaml",
            ".gitignore",
            ".github/workflows/test.yml",
        ] {
            assert!(contents.file(path).is_some(), "{choice:?} has no {path}");
        }
        let mut flows = contents.files.iter().map(|(path, _)| path);
        assert!(
            flows.any(|path| path.ends_with(".flow.json")),
            "{choice:?} has no flow"
        );
        let cases = contents
            .files
            .iter()
            .filter(|(path, _)| path.ends_with(".event.json"));
        assert!(cases.count() > 0, "{choice:?} has no case");
        assert!(
            contents
                .file("README.md")
                .unwrap()
                .contains("cargo cognito pool template.yaml"),
            "{choice:?}"
        );
        for (path, text) in &contents.files {
            assert!(
                !text.contains("begin: ") && !text.contains("end: "),
                "{choice:?}: {path} has a mark"
            );
            assert!(!text.contains("workspace = true"), "{choice:?}: {path} inherits");
        }
    }
}

#[test]
fn each_route_has_its_handler_and_its_cases_only() {
    for route in Route::ALL.iter().filter(|route| !is_of_custom_sign_in(**route)) {
        let contents = contents(&[route.as_str()], &clone());
        let library = contents.file("src/lib.rs").unwrap();
        for other in Route::ALL {
            let is_there = other == route;
            let names = [format!("src/{other}.rs"), format!("cases/{other}/")];
            for name in names {
                let found = contents.files.iter().any(|(path, _)| path.starts_with(&name));
                assert_eq!(found, is_there, "{route}: {name}");
            }
            assert_eq!(
                library.contains(&format!("        {other} => ")),
                is_there,
                "{route}: {library}"
            );
        }
        assert_eq!(
            contents.file("src/app.rs").unwrap().contains("Decryptor"),
            route.is_custom_sender(),
            "{route}"
        );
    }
}

#[test]
fn tests_of_each_route_can_write_json() {
    for route in Route::ALL {
        let contents = contents(&[route.as_str()], &clone());
        let manifest: DocumentMut = contents.file("Cargo.toml").unwrap().parse().unwrap();
        let dependency = manifest["dev-dependencies"].get("serde_json");
        assert!(dependency.is_some(), "{route}");
    }
}

#[test]
fn dependencies_are_paths_of_the_clone_or_versions() {
    for choice in choices() {
        for (dependencies, is_path) in [(clone(), true), (Dependencies::Versions, false)] {
            let contents = contents(&choice, &dependencies);
            let text = contents.file("Cargo.toml").unwrap();
            let manifest: DocumentMut = text.parse().unwrap();
            let library = &manifest["dependencies"]["cognito-triggers"];
            assert_eq!(library.get("path").is_some(), is_path, "{choice:?}: {text}");
            for section in super::manifest::SECTIONS {
                let Some(section) = manifest.get(section).and_then(|section| section.as_table()) else {
                    continue;
                };
                for (name, item) in section {
                    let path = item.get("path").and_then(|path| path.as_str());
                    assert!(
                        path.is_some() || item.is_str() || item.get("version").is_some(),
                        "{choice:?}: {name}"
                    );
                    assert!(
                        path.is_none_or(|path| Path::new(path).join("Cargo.toml").is_file()),
                        "{choice:?}: {name}"
                    );
                    assert!(is_path || path.is_none(), "{choice:?}: {name} is a path");
                }
            }
            assert_eq!(contents.file("Cargo.lock").is_some(), is_path);
            assert_eq!(manifest["package"]["version"].as_str(), Some("0.1.0"));
            assert!(manifest["profile"]["release"]["lto"].is_str());
        }
    }
}

#[test]
fn the_template_has_an_app_client_and_passes_check() {
    use cognito_triggers_wiring::{Binary, Source, Wiring};
    for route in Route::ALL.iter().filter(|route| !is_of_custom_sign_in(**route)) {
        let contents = contents(&[route.as_str()], &clone());
        let template = contents.file("template.yaml").unwrap();
        assert!(template.contains("AWS::Cognito::UserPoolClient"), "{template}");
        assert!(template.contains("AutoVerifiedAttributes"), "{template}");
        let wiring = Wiring::read([Source::new("template.yaml", template)]).unwrap();
        assert!(
            wiring.check(&[Binary::new("my-fn", [route.as_str()])]).is_clean(),
            "{template}"
        );
    }
}

#[test]
fn the_template_says_who_may_sign_up() {
    use cognito_triggers_wiring::{Binary, Source, Wiring};
    for words in [
        ["pre_sign_up"].as_slice(),
        &["pre_sign_up", "custom_email_sender"],
    ] {
        let contents = contents(words, &clone());
        let template = contents.file("template.yaml").unwrap();
        let wiring = Wiring::read([Source::new("template.yaml", template)]).unwrap();
        let variables = wiring.variables_of_each_function();
        assert_eq!(
            variables["MyFn"]["DOMAINS"].as_deref(),
            Some("example.com"),
            "{template}"
        );
        let report = wiring.check(&[Binary::new("my-fn", words.iter().copied())]);
        assert!(report.is_clean(), "{report}\n{template}");
        assert!(contents.file("README.md").unwrap().contains("`DOMAINS`"));
        assert!(contents.file("test.env").unwrap().contains("export DOMAINS="));
    }
    for word in ["post_confirmation", "every-trigger"] {
        let contents = contents(&[word], &clone());
        assert!(
            !contents.file("template.yaml").unwrap().contains("DOMAINS"),
            "{word}"
        );
        assert!(contents.file("test.env").is_none(), "{word}");
        let readme = contents.file("README.md").unwrap();
        assert!(!readme.contains("test.env"), "{word}: {readme}");
    }
}

// The other flows of the starter expect what its handlers do.
#[test]
fn an_example_without_flows_gets_a_sign_up() {
    let contents = contents(&["every-trigger"], &clone());
    let flows = contents.files.iter().map(|(path, _)| path.as_str());
    let flows: Vec<_> = flows.filter(|path| path.starts_with("flows/")).collect();
    assert_eq!(flows, ["flows/sign-up.flow.json"]);
}

// The app client of the starter takes passwords and any user name. Those of the examples don't.
#[test]
fn commands_are_those_for_the_pool_of_the_template() {
    for name in projects::example_names() {
        let contents = contents(&[name], &clone());
        let readme = contents.file("README.md").unwrap();
        let is_for_starter = readme.contains("--username ana ");
        let has_template = projects::find(name).unwrap().file("template.yaml").is_some();
        assert_eq!(is_for_starter, !has_template, "{name}: {readme}");
        assert_eq!(readme.matches(" pool template.yaml").count(), 1, "{name}");
        assert!(readme.contains("cargo install"), "{name}: {readme}");
    }
}

#[test]
fn variables_are_set_before_the_function_starts() {
    for choice in choices() {
        let contents = contents(&choice, &clone());
        let commands: Vec<_> = contents.next_commands().collect();
        let first = |word: &str| {
            commands
                .iter()
                .position(|command| command.contains(word))
                .unwrap()
        };
        assert_eq!(first("cargo test"), 0, "{choice:?}");
        let workflow = contents.file(".github/workflows/test.yml").unwrap();
        let test = commands[0].split(" # ").next().unwrap().trim_end();
        assert!(workflow.contains(&format!("      - run: {test}\n")), "{workflow}");
        let settings = contents.file("test.env").map_or("", |_| ". ./test.env && ");
        if !settings.is_empty() {
            assert!(first(". ./test.env") < first("cargo cognito"), "{commands:?}");
        }
        for word in ["cargo cognito replay", "cargo cognito check template.yaml"] {
            let command = commands[first(word)].split(" # ").next().unwrap().trim_end();
            assert!(command.ends_with(word), "{commands:?}");
            let step = format!("      - run: {settings}{command}\n");
            assert!(workflow.contains(&step), "{choice:?}: {workflow}");
        }
        assert!(!workflow.contains(" pool "), "{choice:?}: {workflow}");
    }
}

#[test]
fn what_a_project_does_not_do_yet_is_said() {
    for choice in choices() {
        let contents = contents(&choice, &clone());
        let warnings: Vec<_> = contents.warnings().collect();
        let says = |words: &str| warnings.iter().any(|warning| warning.starts_with(words));
        let has = |path: &str| contents.file(path).is_some();
        let is_every_trigger = choice == ["every-trigger"];
        assert_eq!(
            says("no message is sent yet: "),
            has("src/outbox.rs"),
            "{choice:?}"
        );
        assert_eq!(says("no message is sent: "), is_every_trigger, "{choice:?}");
        let knows_nobody = choice.contains(&"user_migration") || is_every_trigger;
        assert_eq!(says("no old user is known yet, "), knows_nobody, "{choice:?}");
        let opens_codes = contents
            .file("Cargo.toml")
            .unwrap()
            .contains("cognito-triggers-kms");
        assert_eq!(says("no code is sent before "), opens_codes, "{choice:?}");
    }
}

/// The sources of a function that everybody could call with the password of an example.
#[test]
fn made_up_users_are_unknown_to_release_builds() {
    let mut found = 0;
    for choice in choices() {
        let contents = contents(&choice, &clone());
        for (path, text) in &contents.files {
            let (source, _) = text.split_once("#[cfg(test)]").unwrap_or((text, ""));
            let has_password = source.contains("correct-Horse7battery");
            if path.starts_with("src/") && has_password {
                assert!(source.contains("cfg!(debug_assertions)"), "{choice:?}: {path}");
                found += 1;
            }
        }
    }
    assert!(found > 0, "no source has the password that is looked for");
}

#[test]
fn pools_with_addresses_as_names_ignore_case() {
    for choice in choices() {
        let contents = contents(&choice, &clone());
        let template = contents.file("template.yaml").unwrap();
        assert!(
            template.contains("      UsernameConfiguration: {CaseSensitive: false}\n"),
            "{choice:?}: {template}"
        );
    }
}

#[test]
fn an_app_client_fits_the_handlers() {
    for choice in choices() {
        let contents = contents(&choice, &clone());
        let template = contents.file("template.yaml").unwrap();
        let migrates = template.contains("        UserMigration: ");
        // A client that hides users may not ask about forgotten passwords.
        assert_eq!(
            template.contains("PreventUserExistenceErrors: LEGACY"),
            migrates,
            "{choice:?}"
        );
        assert_eq!(
            template.contains("PreventUserExistenceErrors: ENABLED"),
            !migrates,
            "{choice:?}"
        );
        let trusts_plan = contents
            .files
            .iter()
            .any(|(path, text)| path.starts_with("src/") && text.contains(".custom(\"plan\")"));
        assert_eq!(
            template.contains("WriteAttributes: [email, name, phone_number]"),
            trusts_plan,
            "{choice:?}"
        );
        let readme = contents.file("README.md").unwrap();
        assert_eq!(readme.contains("`custom:plan`"), trusts_plan, "{choice:?}");
    }
}

#[test]
fn names_of_dependencies_and_of_resources_are_refused() {
    let problem = |word: &str, name: &str| {
        let choice = Choice::parse(&[word]).unwrap();
        let contents = Contents::new(&choice, &Package::standalone(name), &clone());
        contents.err().map(|error| error.to_string())
    };
    for (word, name) in [
        ("pre_sign_up", "tokio"),
        ("pre_sign_up", "serde-json"),
        ("tenant-claims", "serde"),
        ("migrate-users", "argon2"),
        ("send-codes", "aws-types"),
    ] {
        let problem = problem(word, name).unwrap();
        assert!(problem.contains("depends on a crate of that name"), "{problem}");
    }
    for (word, name) in [
        ("pre_sign_up", "app-client"),
        ("pre_sign_up", "user-pool"),
        ("pre_sign_up", "domains"),
        ("custom_email_sender", "code-key"),
        ("custom_sms_sender", "user_pool_id"),
        ("every-trigger", "code-key"),
    ] {
        let problem = problem(word, name).unwrap();
        assert!(problem.contains("something else of that name"), "{problem}");
    }
    for (word, name) in [
        ("post_confirmation", "serde"),
        ("post_confirmation", "domains"),
        ("post_confirmation", "code-key"),
        ("invite-only", "app-client"),
    ] {
        assert_eq!(problem(word, name), None, "{word} {name}");
    }
}

#[test]
fn names_of_any_length_are_formatted() {
    let name = "name-with-sixty-four-letters-that-is-as-long-as-the-longest-name";
    assert_eq!(name.len(), 64);
    for choice in choices() {
        let choice = Choice::parse(&choice).unwrap();
        let contents = Contents::new(&choice, &Package::standalone(name), &clone()).unwrap();
        for (path, text) in &contents.files {
            let imports = text
                .lines()
                .filter(|line| path.ends_with(".rs") && line.starts_with("use "));
            for import in imports {
                assert!(import.len() <= 110, "{path}: {import}");
            }
        }
    }
}

#[test]
fn a_member_leaves_profiles_and_lock_to_its_workspace() {
    let choice = Choice::parse(&["pre_sign_up"]).unwrap();
    let package = Package {
        is_member: true,
        ..Package::standalone("my-fn")
    };
    let contents = Contents::new(&choice, &package, &clone()).unwrap();
    assert_eq!(contents.file("Cargo.lock"), None);
    assert!(!contents.file("Cargo.toml").unwrap().contains("[profile"));
}

#[test]
fn the_clone_that_built_the_command_is_found() {
    let root = clone().root().unwrap();
    assert!(is_clone(&root));
    assert_eq!(
        Dependencies::find(Some(&root.join("crates/.."))).unwrap(),
        clone()
    );
    let error = Dependencies::find(Some(Path::new("/"))).unwrap_err();
    assert!(error.contains("no clone"), "{error}");
}

/// The paths of the files below a directory, through links.
fn files(root: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name();
    let is_source = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        !name.starts_with('.') && name != "__pycache__"
    };
    let entries = entries.into_iter().filter_entry(is_source).map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let paths = files.map(|entry| {
        entry
            .path()
            .strip_prefix(root)
            .unwrap()
            .to_string_lossy()
            .into_owned()
    });
    let mut paths: Vec<_> = paths
        .map(|path| {
            if path == "manifest.toml" {
                "Cargo.toml".to_owned()
            } else {
                path
            }
        })
        .collect();
    paths.sort();
    paths
}

// A package of the command has only what is behind the links.
#[test]
fn the_links_lead_to_every_file_of_a_project() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for project in projects::PROJECTS {
        let linked = files(&here.join("projects").join(project.name));
        let embedded: Vec<_> = project.files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let mut embedded_sorted = embedded;
        embedded_sorted.sort();
        assert_eq!(
            linked, embedded_sorted,
            "crates/cargo-cognito/projects/{0} needs a link for each file and directory of examples/{0}",
            project.name
        );
    }
}
