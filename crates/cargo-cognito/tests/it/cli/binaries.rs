//! The binary that runs: the one that `--bin` names, or the only function of the workspace.

use crate::support::{TestDir, assert_snapshot};

/// A program that prints its routes without the library. The test compiles it.
const FUNCTION: &str = "\
mod cognito_triggers {
    pub(crate) fn run() {
        println!(\"{}\", r#\"{\"routes\":[\"pre_sign_up\"],\"otherwise\":false}\"#);
    }
}

fn main() {
    cognito_triggers::run()
}
";

/// The same with an import, as rustfmt writes a long one.
const IMPORTING: &str = "\
mod cognito_triggers {
    pub(crate) struct Router;
    pub(crate) fn run_with(_: Router) {
        println!(\"{}\", r#\"{\"routes\":[\"custom_message\"],\"otherwise\":false}\"#);
    }
}

use cognito_triggers::{
    Router, run_with,
};

fn main() {
    run_with(Router)
}
";

/// Mentions the library and its `run`, and calls neither.
const OTHER: &str = "\
//! Doesn't call `cognito_triggers::run`.
mod tasks {
    pub(crate) fn run() {}
}

fn main() {
    // Unlike cognito_triggers::run(…).
    tasks::run()
}
";

/// A workspace of packages, each with the text of its `main`.
fn workspace(packages: &[(&str, &str)]) -> TestDir {
    let place = TestDir::new();
    let names: Vec<_> = packages.iter().map(|(name, _)| format!("{name:?}")).collect();
    place.write(
        "Cargo.toml",
        &format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
            names.join(", ")
        ),
    );
    for (name, main) in packages {
        place.write(
            &format!("{name}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n"),
        );
        place.write(&format!("{name}/src/main.rs"), main);
    }
    place
}

#[test]
fn the_only_function_of_a_workspace_needs_no_bin() {
    let place = workspace(&[("tool", OTHER), ("triggers", FUNCTION)]);
    let routes = place.run("routes");
    assert!(routes.contains("pre_sign_up  "), "{routes}");
    let wired = place.run("wire --format sam");
    assert!(wired.contains("Binary: triggers"), "{wired}");
    let written = place.run("event --all-routed cases-of-all");
    assert!(
        written.contains("cases-of-all/pre_sign_up/PreSignUp_SignUp.event.json"),
        "{written}"
    );
    // The binary starts. It asks for no event, so the case fails.
    let replayed = place.run("replay cases/invited.event.json");
    assert!(replayed.contains("before it asked for an event"), "{replayed}");
}

/// `check` compares the only function with the sources, and looks at the sources alone if there is none or a choice.
#[test]
fn check_takes_the_only_function() {
    let one = workspace(&[("tool", OTHER), ("triggers", FUNCTION)]);
    one.write("template.yaml", crate::cli::TEMPLATE);
    let none = workspace(&[("tool", OTHER)]);
    none.write("template.yaml", crate::cli::TEMPLATE);
    let two = workspace(&[("one", FUNCTION), ("two", IMPORTING)]);
    two.write("template.yaml", crate::cli::TEMPLATE);
    let nowhere = TestDir::new();
    nowhere.write("template.yaml", crate::cli::TEMPLATE);
    let checked = one.run("check template.yaml");
    assert!(
        checked.contains("hook-not-routed") && checked.contains("`triggers`"),
        "{checked}"
    );
    let mut output = one.run("check template.yaml --no-bin");
    output += &none.run("check template.yaml");
    output += &two.run("check template.yaml");
    output += &nowhere.run("check template.yaml");
    output += &nowhere.run("check template.yaml --no-bin --bin ./sign_up");
    assert!(!output.contains("hook-not-routed"), "{output}");
    assert_snapshot(&output, "check-default");
    let checked = two.run("check template.yaml --bin one --bin two --run-by one=SignUp");
    assert!(
        checked.contains("hook-not-routed") && checked.contains("`two`"),
        "{checked}"
    );
}

#[test]
fn an_import_of_run_is_a_call_of_it() {
    let place = workspace(&[("importing", IMPORTING), ("tool", OTHER)]);
    assert!(place.run("routes").contains("custom_message  "));
}

#[test]
fn the_function_of_this_package_comes_first() {
    let place = workspace(&[("one", FUNCTION), ("two", IMPORTING)]);
    let run_in = |directory: &str| {
        let output = place
            .command("routes")
            .current_dir(place.path(directory))
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run_in("one/src").starts_with("pre_sign_up"));
    assert!(run_in("two").starts_with("custom_message"));
}

/// A package in a directory that is in no workspace.
fn write_library(place: &TestDir, directory: &str, manifest: &str) {
    place.write(
        &format!("{directory}/Cargo.toml"),
        &format!("[package]\nedition = \"2024\"\n{manifest}"),
    );
    place.write(&format!("{directory}/src/lib.rs"), "");
}

#[test]
fn a_package_may_have_the_name_of_a_dependency() {
    let place = workspace(&[("triggers", FUNCTION)]);
    // The dependency of a dependency is called as the package.
    write_library(
        &place,
        "deep/named-alike",
        "name = \"triggers\"\nversion = \"0.2.0\"\n",
    );
    write_library(
        &place,
        "deep/between",
        "name = \"between\"\n[dependencies]\ntriggers = { path = \"../named-alike\" }\n",
    );
    place.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"triggers\"]\nexclude = [\"deep\"]\n",
    );
    place.write(
        "triggers/Cargo.toml",
        "[package]\nname = \"triggers\"\nedition = \"2024\"\n[dependencies]\nbetween = { path = \"../deep/between\" }\n",
    );
    for line in ["routes", "routes --bin triggers"] {
        let routes = place.run(line);
        assert!(routes.contains("pre_sign_up  "), "{routes}");
    }
}

#[test]
fn without_a_single_function_bin_is_asked_for() {
    let mut output =
        workspace(&[("one", FUNCTION), ("two", IMPORTING)]).run_each(&["replay cases", "routes"]);
    output += &workspace(&[("tool", OTHER)]).run("invoke cases/invited.event.json");
    output += &TestDir::new().run("flow sign-up");
    assert_snapshot(&output, "bin-missing");
}

/// Workspaces that cargo can't read.
#[test]
fn an_unreadable_workspace_is_reported_with_its_cause() {
    let mut output = String::new();
    let manifests = [
        "[package\n",
        "[package]\nname = \"f\"\n[dependencies]\nabsent = { path = \"absent\" }\n",
        "[workspace]\nmembers = [\"absent\"]\n",
    ];
    for manifest in manifests {
        let place = TestDir::new();
        place.write("template.yaml", crate::cli::TEMPLATE);
        place.write("Cargo.toml", manifest);
        place.write("src/main.rs", FUNCTION);
        output += &place.run_each(&["routes", "routes --bin f", "check template.yaml"]);
    }
    assert!(!output.contains("no cargo workspace"), "{output}");
    assert_snapshot(&output, "bin-unreadable-workspace");
}

/// `cargo metadata` takes as long as all the rest in a large workspace.
#[test]
fn cargo_is_asked_for_the_workspace_once() {
    let place = workspace(&[("tool", OTHER), ("triggers", FUNCTION)]);
    place.write("template.yaml", crate::cli::TEMPLATE);
    let cargo = std::env::var("CARGO").unwrap();
    place.write_script(
        "counting",
        &format!("#!/bin/sh\necho \"$1\" >> asked\nexec '{cargo}' \"$@\"\n"),
    );
    for line in [
        "check template.yaml",
        "routes",
        "routes --bin triggers",
        "event --all-routed cases-of-all",
    ] {
        place.run(&format!("CARGO=./counting {line}"));
        assert_eq!(place.read("asked"), "metadata\nbuild\n", "{line}");
        place.remove("asked");
    }
}

/// Paths that lead to no program of this machine.
pub(crate) fn unusable() -> TestDir {
    let place = TestDir::new();
    place.write("text", "no program\n");
    place.write_script("foreign", "\u{7f}ELF of another processor\n");
    place.write("lambda/triggers/bootstrap", "");
    place
}

pub(crate) const UNUSABLE: &[&str] = &[
    "replay cases --bin ./absent",
    "replay cases --bin ./text",
    "replay cases --bin ./cases",
    "replay cases --bin ./lambda/triggers",
    "replay cases --bin ./foreign",
    "replay cases --bin ./foreign --format json",
    "replay cases --bin /dev/null",
    "invoke cases/invited.event.json cases/deep/stranger.event.json --bin ./absent",
    "invoke cases/invited.event.json cases/deep/stranger.event.json --bin ./foreign",
    "flow sign-up --bin ./absent",
    "flow sign-up sign-in --bin ./foreign",
    "routes --bin ./text",
    "wire --format sam --bin ./absent",
    "event --all-routed x --bin ./absent",
];

#[test]
fn a_path_that_cannot_be_run_is_an_error_once() {
    let output = unusable().run_each(UNUSABLE);
    assert_eq!(output.matches("exit code 2").count(), UNUSABLE.len(), "{output}");
    assert_snapshot(&output, "bin-unusable");
}
