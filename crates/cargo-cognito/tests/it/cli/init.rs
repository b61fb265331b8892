//! `init`: what is added to a package, what stays, and what is refused.

use std::{fs, os::unix::fs::symlink};

use super::new::{clone, paths, printed};
use crate::support::{TestDir, assert_snapshot};

/// The manifest of a package that has nothing of ours.
const MANIFEST: &str = "[package]\nname = \"mine\"\nedition = \"2024\"\n";

/// A directory with that package in `mine`.
fn with_package() -> TestDir {
    let place = TestDir::new();
    place.write("mine/Cargo.toml", MANIFEST);
    place
}

#[test]
fn init_adds_what_is_missing_and_overwrites_nothing() {
    let place = TestDir::new();
    let manifest = "[package]\nname = \"mine\"\nedition = \"2024\" # new\n\n[dependencies]\ntokio = \"1\"\n";
    place.write("mine/Cargo.toml", manifest);
    place.write("mine/src/main.rs", "fn main() {}\n");
    let output = printed(&place, "PATH=/nowhere init mine --route pre_sign_up");
    assert_snapshot(&output, "new-init");
    assert_eq!(place.read("mine/src/main.rs"), "fn main() {}\n");
    let manifest = place.read("mine/Cargo.toml").replace(&clone(), "CLONE");
    assert_snapshot(&manifest, "new-init-Cargo-toml");
    let again = printed(&place, "PATH=/nowhere init mine --route pre_sign_up");
    assert!(again.contains("0 files added"), "{again}");
    assert_eq!(place.read("mine/Cargo.toml").replace(&clone(), "CLONE"), manifest);
}

#[test]
fn init_adds_features_and_settings_of_an_example() {
    let place = TestDir::new();
    let manifest = "[package]\nname = \"mine\"\nedition = \"2024\"\n\n[features]\nses = [] # ours\n";
    place.write("mine/Cargo.toml", manifest);
    printed(&place, "init mine --example passwordless");
    let written = place.read("mine/Cargo.toml");
    for part in [
        MANIFEST,
        "[features]\nses = [] # ours\n",
        "[package.metadata.lambda.build]\nfeatures = [\"ses\"]\n",
    ] {
        assert!(written.contains(part), "{written}");
    }

    // Cargo refuses a feature with `dep:` of a dependency that isn't optional.
    let manifest = "[package]\nname = \"own\"\nedition = \"2024\"\n\n[dependencies]\naws-sdk-sesv2 = \"1\" # ours\ntokio = \"1\" # one\n";
    place.write("own/Cargo.toml", manifest);
    printed(&place, "init own --example passwordless");
    let written = place.read("own/Cargo.toml");
    assert!(!written.contains("dep:aws-sdk-sesv2"), "{written}");
    assert!(written.contains("ses = ["), "{written}");
    assert!(written.contains("} # one\n"), "{written}");

    let manifest = "[package]\nname = \"codes\"\nedition = \"2024\"\n";
    place.write("codes/Cargo.toml", manifest);
    let output = printed(&place, "init codes --example send-codes");
    let written = place.read("codes/Cargo.toml");
    let feature = "dynamodb = [\"dep:cognito-triggers-dynamodb\"]\n";
    assert!(
        written.contains("[features]\n") && written.contains(feature),
        "{written}"
    );
    assert!(!written.contains("[package.metadata"), "{written}");
    assert!(output.contains("no code is sent before a second"), "{output}");
    assert_eq!(
        place
            .run("init codes --example send-codes")
            .matches("stays: Cargo.toml")
            .count(),
        0
    );
    assert_eq!(place.read("codes/Cargo.toml"), written);
}

#[test]
fn nothing_is_written_through_a_link() {
    let place = with_package();
    place.write("elsewhere/keep", "");
    // Files of `cases` come after others in the alphabet.
    symlink(place.path("elsewhere"), place.path("mine/cases")).unwrap();
    let output = printed(&place, "init mine --route pre_sign_up");
    assert!(output.contains("error: mine/cases is a link"), "{output}");
    assert_eq!(paths(&place.path("elsewhere")), ["keep"]);
    assert_eq!(paths(&place.path("mine")), ["Cargo.toml", "cases"]);

    // A file that is a link stays, also one that leads nowhere.
    place.remove("mine/cases");
    symlink("../elsewhere/README.md", place.path("mine/README.md")).unwrap();
    let output = printed(&place, "init mine --route pre_sign_up");
    assert!(output.contains("stays: README.md"), "{output}");
    assert_eq!(paths(&place.path("elsewhere")), ["keep"]);
}

#[test]
fn a_manifest_that_is_a_link_is_not_replaced() {
    let place = TestDir::new();
    place.write("elsewhere/Cargo.toml", MANIFEST);
    fs::create_dir(place.path("mine")).unwrap();
    symlink("../elsewhere/Cargo.toml", place.path("mine/Cargo.toml")).unwrap();
    let output = printed(&place, "init mine --route pre_sign_up");
    assert!(output.contains("error: mine/Cargo.toml is a link"), "{output}");
    assert_eq!(place.read("elsewhere/Cargo.toml"), MANIFEST);
    assert_eq!(paths(&place.path("mine")), ["Cargo.toml"]);
}

#[test]
fn init_that_fails_takes_its_files_back() {
    let place = with_package();
    // No file may get longer than 2 or 4 KiB, depending on the shell: `.gitignore` and others are written, `Cargo.lock` is too long.
    let mut command = std::process::Command::new("sh");
    let limited = "trap '' XFSZ; ulimit -f 4; exec \"$0\" init mine --route pre_sign_up";
    command.args(["-c", limited, env!("CARGO_BIN_EXE_cargo-cognito")]);
    let output = command.current_dir(place.path(".")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("mine/Cargo.lock can't be written: "), "{said}");
    assert_eq!(paths(&place.path("mine")), ["Cargo.toml"]);
}

#[test]
fn init_that_cannot_write_a_file_writes_none() {
    let place = with_package();
    // A file where `src` has to be.
    place.write("mine/src", "");
    let output = printed(&place, "init mine --route pre_sign_up");
    assert!(output.contains("error: mine/src isn't a directory"), "{output}");
    assert_eq!(paths(&place.path("mine")), ["Cargo.toml", "src"]);
}

#[test]
fn init_refuses_a_name_that_cargo_refuses() {
    let place = TestDir::new();
    place.write("ws/Cargo.toml", "[workspace]\nmembers = [\"mine\"]\n");
    for names in [
        "name = \"../../../../evil\"\n",
        "name = \"a\\u001b[2J\"\n",
        "name = \"mine\"\n[lib]\nname = \"../evil\"\n",
    ] {
        let manifest = format!("[package]\nedition = \"2024\"\n{names}");
        place.write("ws/mine/Cargo.toml", &manifest);
        let before = paths(&place.path("."));
        let output = printed(&place, "init ws/mine --route pre_sign_up");
        assert!(
            output.contains("error: ws/mine/Cargo.toml: cargo doesn't take the name"),
            "{output}"
        );
        assert!(!output.contains('\u{1b}'), "{output}");
        assert_eq!(paths(&place.path(".")), before);
        assert_eq!(paths(&place.path("ws")), ["Cargo.toml", "mine"]);
        assert_eq!(paths(&place.path("ws/mine")), ["Cargo.toml"]);
    }
}

#[test]
fn a_name_in_the_template_is_refused_only_without_an_own_one() {
    let place = TestDir::new();
    place.write("mine/Cargo.toml", &MANIFEST.replace("\"mine\"", "\"user-pool\""));
    let output = printed(&place, "init mine --route pre_sign_up");
    assert!(
        output.contains("template.yaml has something else of that name"),
        "{output}"
    );
    assert_eq!(paths(&place.path("mine")), ["Cargo.toml"]);

    let template = "Resources: {}\n";
    place.write("mine/template.yaml", template);
    let output = printed(&place, "init mine --route pre_sign_up");
    assert!(output.ends_with("exit code 0\n"), "{output}");
    assert_eq!(place.read("mine/template.yaml"), template);
    assert!(place.path("mine/src/pre_sign_up.rs").is_file());
}
