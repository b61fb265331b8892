//! What ends the command ends its functions.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::{fs, thread::sleep, time::Duration};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::TestDir;

#[test]
fn a_signal_ends_the_function_and_its_children() {
    let place = TestDir::new();
    place.write_script(
        "hang",
        "#!/bin/sh\nsleep 1000 &\necho $! $$ > processes\nsleep 1000\n",
    );
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        place.write("processes", "");
        let mut command = place.command("replay cases --bin ./hang").spawn().unwrap();
        let processes = place.wait_for_text("processes");
        // The command catches signals before it starts a process.
        kill_process(Pid::from_child(&command), signal).unwrap();
        assert_eq!(command.wait().unwrap().code(), Some(130));
        for process in processes.split_whitespace() {
            place.wait_for_end_of(process);
        }
    }
}

/// A terminal sends its signals to cargo too. What ends only the command has to end the build as well.
#[test]
fn a_signal_ends_the_build() {
    let place = TestDir::new();
    place.write(
        "Cargo.toml",
        "[package]\nname = \"triggers\"\nedition = \"2024\"\n",
    );
    place.write(
        "src/main.rs",
        "mod cognito_triggers { pub(crate) fn run() {} }\nfn main() { cognito_triggers::run() }\n",
    );
    place.write(
        "build.rs",
        "fn main() {\n    std::fs::write(\"build\", format!(\"{}\\n\", std::process::id())).unwrap();\n    \
         std::thread::sleep(std::time::Duration::from_secs(1000));\n}\n",
    );
    let mut command = place.command("pool --port 0").spawn().unwrap();
    let mut build = String::new();
    while !build.ends_with('\n') {
        assert_eq!(command.try_wait().unwrap(), None, "it builds");
        sleep(Duration::from_millis(20));
        build = fs::read_to_string(place.path("build")).unwrap_or_default();
    }
    kill_process(Pid::from_child(&command), Signal::TERM).unwrap();
    assert_eq!(command.wait().unwrap().code(), Some(130));
    place.wait_for_end_of(build.trim());
}

/// Runs as many instances of a function as `instances` says, each of them with `each` processes, and kills the command.
fn nothing_is_left(mode: &str, instances: usize, each: usize) {
    let place = TestDir::new();
    place.link_misbehaving();
    // A function that polls answers its first event.
    for number in 0..2 * instances {
        place.write_event(&format!("many/{number}.event.json"), "PreSignUp_SignUp");
    }
    fs::create_dir(place.path("processes")).unwrap();
    let line = format!("replay many --bin ./misbehaving -j{instances} --deadline 60s");
    let mut command = place.command(&line);
    command
        .env("FAKE", mode)
        .env("FAKE_CHILD", place.path("processes"));
    let mut command = command.spawn().unwrap();
    let mut processes = Vec::new();
    while processes.len() < instances * each {
        assert_eq!(command.try_wait().unwrap(), None, "{mode}: it waits for answers");
        sleep(Duration::from_millis(20));
        let entries = fs::read_dir(place.path("processes")).unwrap();
        processes = entries.map(|entry| entry.unwrap().file_name()).collect();
    }
    command.kill().unwrap();
    command.wait().unwrap();
    for process in processes {
        place.wait_for_end_of(process.to_str().unwrap());
    }
}

#[test]
fn a_killed_command_leaves_no_function() {
    for instances in [1, 8] {
        for (mode, each) in [("poll", 1), ("sleep", 1), ("spin", 1), ("fork", 2)] {
            nothing_is_left(mode, instances, each);
        }
    }
}
