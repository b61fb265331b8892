//! `new`: what is written, and what is refused. `init.rs` has the tests of `init`. Nothing is compiled here; `tests/new/run.sh` builds the
//! projects and runs them.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::{fs, path::Path};

use crate::support::{Terminal, TestDir, assert_snapshot};

/// The clone of these tests.
pub(super) fn clone() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.unwrap().to_str().unwrap().to_owned()
}

/// What the command prints, without the path of the clone.
pub(super) fn printed(place: &TestDir, line: &str) -> String {
    place.run(line).replace(&clone(), "CLONE")
}

/// The paths below a directory.
pub(super) fn paths(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        found.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    found.sort();
    found
}

#[test]
fn a_new_project_is_listed_with_its_next_commands() {
    let place = TestDir::new();
    // Without a `cargo-cognito` on the path, the project gets an alias.
    let output = printed(
        &place,
        "PATH=/nowhere new my-function --route pre_sign_up,custom_email_sender",
    );
    assert_snapshot(&output, "new");
    for file in [
        "Cargo.toml",
        "src/lib.rs",
        "src/app.rs",
        "tests/cases.rs",
        "template.yaml",
        ".cargo/config.toml",
    ] {
        let text = place
            .read(&format!("my-function/{file}"))
            .replace(&clone(), "CLONE");
        assert_snapshot(&text, &format!("new-{}", file.replace(['/', '.'], "-")));
    }
}

#[test]
fn an_example_gets_the_name_of_the_package() {
    let place = TestDir::new();
    printed(&place, "new deep/my-function --example invite-only");
    assert!(
        place
            .read("deep/my-function/Cargo.toml")
            .contains("name = \"my-function\"")
    );
    assert!(
        place
            .read("deep/my-function/template.yaml")
            .contains("Binary: my-function")
    );
    assert!(
        place
            .read("deep/my-function/tests/cases.rs")
            .contains("CARGO_BIN_EXE_my-function")
    );
    assert!(
        place
            .read("deep/my-function/README.md")
            .starts_with("# my-function\n")
    );
}

const ERRORS: &[&str] = &[
    "new",
    "new my-function",
    "new my-function --route presignup",
    "new my-function --route pre_token_generation_v1 pre_token_generation_v3",
    "new my-function --route pre_sign_up --example invite-only",
    "new my-function --example nothing",
    "new fn --route pre_sign_up",
    "new Größe --route pre_sign_up",
    "new a/.. --route pre_sign_up",
    "new cases --route pre_sign_up",
    "new cases/invited.event.json/a --route pre_sign_up",
    "new cases/invited.event.json/above/a --route pre_sign_up",
    "new my-function --route pre_sign_up --path nowhere",
    "new my-function --route pre_sign_up --path cases",
    "init --route pre_sign_up",
    "init empty --route pre_sign_up",
    "init old --route pre_sign_up",
    "init broken --route pre_sign_up",
];

#[test]
fn what_is_no_project_is_refused_and_nothing_is_left() {
    let place = TestDir::new();
    place.write("empty/Cargo.toml", "[workspace]\nmembers = []\n");
    place.write("old/Cargo.toml", "[package]\nname = \"old\"\n");
    place.write("broken/Cargo.toml", "[package\n");
    let before = paths(&place.path("."));
    assert_snapshot(&place.run_each(ERRORS), "new-errors");
    assert_eq!(paths(&place.path(".")), before);
}

#[test]
fn a_project_in_the_clone_is_refused() {
    let place = TestDir::new();
    let output = printed(
        &place,
        &format!("new {}/examples/mine --route pre_sign_up", clone()),
    );
    assert!(
        output.contains("is in the clone of cognito-triggers; use a path outside of it"),
        "{output}"
    );
}

#[test]
fn a_route_named_twice_is_written_once() {
    let place = TestDir::new();
    printed(&place, "new my-function --route pre_sign_up pre_sign_up");
    let router = place.read("my-function/src/lib.rs");
    assert_eq!(router.matches("pre_sign_up =>").count(), 1, "{router}");
}

#[test]
fn a_path_may_have_spaces_and_any_letters() {
    let place = TestDir::new();
    let path = place.path("größe und mehr/my-function");
    let output = place
        .command("new")
        .arg(&path)
        .args(["--route", "pre_sign_up"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(path.join("src/pre_sign_up.rs").is_file());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("  cd '"), "{text}");
}

#[test]
fn a_project_in_a_workspace_becomes_a_member() {
    let place = TestDir::new();
    place.write(
        "Cargo.toml",
        "# ours\n[workspace]\nmembers = [\"a\"] # one\nexclude = [\"out\"]\n",
    );
    printed(&place, "new functions/my-function --route pre_sign_up");
    assert_eq!(
        place.read("Cargo.toml"),
        "# ours\n[workspace]\nmembers = [\"a\", \"functions/my-function\"] # one\nexclude = [\"out\"]\n"
    );
    assert!(!place.path("functions/my-function/Cargo.lock").exists());
    printed(&place, "new out/my-function --route pre_sign_up");
    assert!(place.path("out/my-function/Cargo.lock").exists());
    assert!(!place.read("Cargo.toml").contains("out/my-function"));
}

#[test]
fn names_that_cannot_work_are_refused_and_nothing_is_left() {
    let place = TestDir::new();
    let before = paths(&place.path("."));
    for (line, problem) in [
        (
            "new deep/serde --example tenant-claims",
            "depends on a crate of that name",
        ),
        (
            "new deep/app-client --route pre_sign_up",
            "something else of that name",
        ),
    ] {
        let output = printed(&place, line);
        assert!(
            output.contains(problem) && output.ends_with("exit code 2\n"),
            "{output}"
        );
        assert_eq!(paths(&place.path(".")), before);
    }
}

#[test]
fn a_workflow_without_an_alias_installs_the_command() {
    let place = TestDir::new();
    place.write("bin/cargo-cognito", "");
    printed(&place, "PATH=bin new one --route pre_sign_up");
    assert!(!place.path("one/.cargo").exists());
    let workflow = place.read("one/.github/workflows/test.yml");
    let installs = format!(
        "      - run: cargo install --locked --path {}/crates/cargo-cognito\n",
        clone()
    );
    let (before, after) = workflow.split_once(&installs).unwrap();
    assert!(
        !before.contains("cargo cognito ") && after.contains("cargo cognito "),
        "{workflow}"
    );

    printed(&place, "PATH=/nowhere new two --route pre_sign_up");
    assert!(place.path("two/.cargo/config.toml").is_file());
    let workflow = place.read("two/.github/workflows/test.yml");
    assert!(!workflow.contains("cargo install"), "{workflow}");
}

#[test]
fn a_workflow_is_no_member_of_a_workspace() {
    let place = TestDir::new();
    place.write("functions/Cargo.toml", "[workspace]\nmembers = [\"*\"]\n");
    let output = printed(&place, "new functions/one --route pre_sign_up");
    assert!(
        output.contains("write `exclude = [\".github\"]` below `members` in [HERE]/functions/Cargo.toml"),
        "{output}"
    );
    assert!(output.contains("  - run: cargo test\n"), "{output}");
    assert_eq!(paths(&place.path("functions")), ["Cargo.toml", "one"]);

    place.write(
        "functions/Cargo.toml",
        "[workspace]\nmembers = [\"*\"]\nexclude = [\".github\"]\n",
    );
    printed(&place, "new functions/two --route pre_sign_up");
    assert!(place.path("functions/.github/workflows/two.yml").is_file());
}

#[test]
fn a_failure_leaves_no_directory_behind() {
    let place = TestDir::new();
    let before = paths(&place.path("."));
    // The system refuses the name only after the directories above exist.
    let long = "a".repeat(300);
    let output = printed(&place, &format!("new above/{long} --name a --route pre_sign_up"));
    assert!(
        output.contains(&format!("above/{long} can't be written: ")),
        "{output}"
    );
    assert!(output.ends_with("exit code 2\n"), "{output}");
    assert_eq!(paths(&place.path(".")), before);
}

// Root may write into read-only directories, but not here.
#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_takes_no_files_is_named() {
    let place = TestDir::new();
    for (path, named) in [
        ("/sys/my-function", "/sys/my-function"),
        ("/sys/above/my-function", "/sys/above"),
    ] {
        let output = printed(&place, &format!("new {path} --route pre_sign_up"));
        assert!(
            output.contains(&format!("error: {named} can't be written: ")),
            "{output}"
        );
    }
}

#[test]
fn a_workflow_is_where_github_runs_it() {
    let place = TestDir::new();
    place.write("Cargo.toml", "[workspace]\nmembers = []\n");
    let output = printed(&place, "PATH=/nowhere new functions/one --route pre_sign_up");
    assert!(
        output.contains("[HERE]/.github/workflows/one.yml is the workflow"),
        "{output}"
    );
    assert!(!place.path("functions/one/.github").exists());
    assert_snapshot(&place.read(".github/workflows/one.yml"), "new-workflow");

    // The workspace has workflows now.
    let output = printed(&place, "PATH=/nowhere new functions/two --example invite-only");
    let (_, notes) = output.split_once("─── standard error\n").unwrap();
    assert_snapshot(notes, "new-no-workflow");
    assert!(!place.path("functions/two/.github").exists());
    assert_eq!(paths(&place.path(".github/workflows")), ["one.yml"]);
}

#[test]
fn a_repository_around_a_project_is_left_alone() {
    let place = TestDir::new();
    place.write(".git/HEAD", "ref: refs/heads/main\n");
    place.write(
        "mine/Cargo.toml",
        "[package]\nname = \"mine\"\nedition = \"2024\"\n",
    );
    for line in [
        "new my-function --route pre_sign_up",
        "init mine --route pre_sign_up",
    ] {
        let output = printed(&place, line);
        assert!(
            output.contains("left out: .github/workflows/test.yml"),
            "{output}"
        );
    }
    for directory in ["my-function", "mine", "."] {
        assert!(!place.path(directory).join(".github").exists(), "{directory}");
    }
}

#[test]
fn what_others_write_while_it_asks_stays() {
    for theirs in ["[workspace]\nmembers = [\"theirs\"]\n", "[workspace\n"] {
        let place = TestDir::new();
        place.write("Cargo.toml", "[workspace]\nmembers = []\n");
        let before = paths(&place.path("."));
        let mut terminal = Terminal::new(place.command("new functions/my-function"));
        terminal.wait_for("Numbers or names, separated by commas: ");
        place.write("Cargo.toml", theirs);
        terminal.type_line("1");
        let output = terminal.end();
        assert!(output.contains("Cargo.toml has changed since"), "{output}");
        assert_eq!(place.read("Cargo.toml"), theirs);
        assert_eq!(paths(&place.path(".")), before);
    }
    let place = TestDir::new();
    place.write("Cargo.toml", "[package]\nname = \"mine\"\nedition = \"2024\"\n");
    let before = paths(&place.path("."));
    let mut terminal = Terminal::new(place.command("init"));
    terminal.wait_for("Numbers or names, separated by commas: ");
    let theirs = "[package]\nname = \"theirs\"\nedition = \"2024\"\n";
    place.write("Cargo.toml", theirs);
    terminal.type_line("1");
    let output = terminal.end();
    assert!(output.contains("Cargo.toml has changed since"), "{output}");
    assert_eq!(place.read("Cargo.toml"), theirs);
    assert_eq!(paths(&place.path(".")), before);
}

#[test]
fn a_terminal_is_asked() {
    let place = TestDir::new();
    let mut terminal = Terminal::new(place.command("new my-function"));
    terminal.wait_for("Numbers or names, separated by commas: ");
    terminal.type_line("99");
    terminal.wait_to_see("there is no number 99");
    terminal.type_line("1, post_confirmation");
    let output = terminal.end_with_colors();
    assert!(
        output.contains("created my-function with pre_sign_up, post_confirmation"),
        "{output}"
    );
}
