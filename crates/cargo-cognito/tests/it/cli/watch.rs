//! `replay --watch`: runs again when a case, the binary or a source changes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

use std::{
    fs::{self, File},
    process::{Child, Command},
    thread::sleep,
    time::Duration,
};

use anstream::adapter::strip_str;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::TestDir;

/// A command that runs until it is interrupted, and prints into a file.
pub(crate) struct Watching<'a> {
    place: &'a TestDir,
    child: Child,
}

impl<'a> Watching<'a> {
    fn start(place: &'a TestDir, args: &str) -> Self {
        Self::start_command(place, place.command(args))
    }

    pub(crate) fn start_command(place: &'a TestDir, mut command: Command) -> Self {
        let output = File::create(place.path("output")).unwrap();
        let child = command
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        Self { place, child }
    }

    /// Waits until this text is the last but for the line that says what is waited for.
    pub(crate) fn wait_for(&self, text: &str) {
        let mut output = String::new();
        for _ in 0..600 {
            output = self.output();
            if let Some(shown) = strip_str(&output)
                .to_string()
                .strip_suffix("─── watching for changes; press Ctrl-C to stop\n")
                && shown.trim_end().ends_with(text)
            {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        panic!("no `{text}` at the end of:\n{output}");
    }

    /// All that the command has printed, with colors.
    pub(crate) fn output(&self) -> String {
        self.place.normalize(&self.place.read("output"))
    }

    pub(crate) fn interrupt(mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }
}

#[test]
fn watch_runs_again_when_a_case_changes() {
    let place = TestDir::new();
    let answer = place.read("cases/invited.answer.json");
    let watching = Watching::start(&place, "replay cases --bin ./sign_up --watch");
    watching.wait_for("2 cases: 2 passed");
    place.write("cases/invited.answer.json", &answer.replace("true", "false"));
    watching.wait_for("2 cases: 1 passed, 1 different");
    assert!(
        place
            .read("output")
            .contains("cases/invited.answer.json changed; running again\n")
    );
    place.write("cases/invited.answer.json", &answer);
    place.write_event("cases/more.event.json", "PreSignUp_SignUp");
    watching.wait_for("3 cases: 2 passed, 1 new");
    place.remove("cases/more.event.json");
    watching.wait_for("2 cases: 2 passed");
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn watch_runs_again_when_the_binary_changes() {
    let place = TestDir::new();
    fs::copy(place.path("sign_up"), place.path("function")).unwrap();
    let watching = Watching::start(&place, "replay cases/invited.event.json --bin ./function --watch");
    watching.wait_for("1 case: 1 passed");
    place.remove("function");
    fs::copy(place.path("messages"), place.path("function")).unwrap();
    watching.wait_for("1 case: 1 different");
    assert_eq!(watching.interrupt(), Some(130));
}

/// The function writes another text beside the cases in every run.
#[test]
fn a_file_that_every_run_writes_does_not_run_for_ever() {
    let place = TestDir::new();
    place.write_script("writes", "#!/bin/sh\necho x >> cases/runs.txt\nexec ./sign_up\n");
    let watching = Watching::start(
        &place,
        "replay cases/invited.event.json cases --bin ./writes -j1 --watch",
    );
    watching.wait_for("runs.txt was written in three runs in a row, so the runs write it themselves; what is written during a run starts no other");
    place.write_event("cases/more.event.json", "PreSignUp_SignUp");
    watching.wait_for("3 cases: 2 passed, 1 new");
    let output = watching.output();
    assert_eq!(
        output.matches("runs.txt changed; running again").count(),
        2,
        "{output}"
    );
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn watch_outlives_a_source_that_does_not_compile() {
    let place = TestDir::new();
    let main = "mod cognito_triggers { pub(crate) fn run() {} }\nfn main() { cognito_triggers::run() }\n";
    place.write(
        "Cargo.toml",
        "[package]\nname = \"triggers\"\nedition = \"2024\"\n",
    );
    place.write("src/main.rs", main);
    let watching = Watching::start(&place, "replay cases/invited.event.json --watch");
    watching.wait_for("1 case: 1 failed");
    place.write(
        "src/main.rs",
        "mod cognito_triggers; fn main() { cognito_triggers::run(",
    );
    watching.wait_for("error: `triggers` doesn't compile");
    place.write("src/main.rs", main);
    watching.wait_for("1 case: 1 failed");
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn watch_excludes_approving() {
    let place = TestDir::new();
    for option in ["--accept", "--review"] {
        let output = place.run(&format!("replay --watch {option}"));
        assert!(
            output.contains("cannot be used with") && output.contains("exit code 2"),
            "{output}"
        );
    }
}
