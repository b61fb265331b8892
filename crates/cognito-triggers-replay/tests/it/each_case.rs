//! What `cargo test` prints if each case is a test of its own. `SNAPSHOTS=overwrite` rewrites the snapshot.

use std::{fs, path::Path, process::Command};

use cognito_triggers::samples;

use crate::support::{example, no_durations};

/// A directory with a case that passes, one that differs, and one without an approved answer.
fn cases() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let event = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    for case in ["good", "different", "new"] {
        write(&format!("{case}.event.json"), event);
    }
    write("good.answer.json", event);
    write(
        "different.answer.json",
        &event.replace("\"autoConfirmUser\": false", "\"autoConfirmUser\": true"),
    );
    directory
}

/// What the tests of a directory print, and whether they pass.
fn run(directory: &Path, args: &[&str]) -> String {
    let output = Command::new(example("each_case"))
        .args(args)
        .args(["--test-threads", "1"])
        .env("CASES", directory)
        .env_remove("COGNITO_REPLAY")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let text = text.replace(&directory.display().to_string(), "[CASES]");
    // The harness's own line has a duration of its own form.
    let text: Vec<_> = text
        .lines()
        .map(|line| line.split("; finished in").next().unwrap_or_default())
        .collect();
    format!(
        "$ cargo test {}\n{}\n─── good: {}\n",
        args.join(" "),
        no_durations(&text.join("\n")),
        output.status.success()
    )
}

#[test]
fn each_case_is_a_test() {
    let all = cases();
    let mut shown = run(all.path(), &[]);
    shown += &run(all.path(), &["good"]);
    fs::write(all.path().join("odd.events.json"), "{}").unwrap();
    shown += &run(all.path(), &[]);
    let nothing = tempfile::tempdir().unwrap();
    shown += &run(nothing.path(), &[]);
    snapbox::assert_data_eq!(shown, snapbox::file!["each_case.txt": Text].raw());
}
