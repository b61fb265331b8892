//! What ends the command ends its functions.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[cfg(target_os = "linux")]
use std::process::Command;
use std::{fs, os::unix::process::CommandExt, thread::sleep, time::Duration};

use rustix::process::{Pid, Signal, kill_process};

#[cfg(target_os = "linux")]
use crate::support::Terminal;
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

/// A command with a child that only SIGKILL ends.
fn with_child(place: &TestDir) {
    place.write("processes", "");
    place.write_script(
        "parent",
        "#!/bin/sh\nsh -c 'trap \"\" HUP INT TERM; echo $$ $PPID > processes; sleep 1000; :' &\nwait\n",
    );
}

/// Waits for the end of the processes of [`with_child`].
fn wait_for_end(place: &TestDir) {
    for process in place.wait_for_text("processes").split_whitespace() {
        place.wait_for_end_of(process);
    }
}

/// Without a terminal, as in CI.
#[test]
fn the_children_of_a_command_end_with_the_pool() {
    let place = TestDir::new();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::KILL] {
        with_child(&place);
        let mut command = place.command("pool --no-function --port 0 -- ./parent");
        // In the background, if the test runs at a terminal.
        let mut command = command.process_group(0).spawn().unwrap();
        place.wait_for_text("processes");
        kill_process(Pid::from_child(&command), signal).unwrap();
        let expected = (signal != Signal::KILL).then_some(130);
        assert_eq!(command.wait().unwrap().code(), expected);
        wait_for_end(&place);
    }
}

/// A pool that leads the foreground group of a terminal.
#[cfg(target_os = "linux")]
fn at_a_terminal(place: &TestDir, line: &str) -> Terminal {
    let pool = place.command(line);
    let mut command = Command::new("setsid");
    command
        .arg("--ctty")
        .arg(pool.get_program())
        .args(pool.get_args());
    command.current_dir(place.path("")).env("TERM", "xterm");
    Terminal::new(command)
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_reads_the_terminal() {
    let place = TestDir::new();
    place.write_script(
        "asks",
        "#!/bin/sh\nprintf 'name: '\nread -r name < /dev/tty\necho \"hello $name\"\nexit 3\n",
    );
    let mut terminal = at_a_terminal(&place, "pool --no-function --port 0 -- ./asks");
    terminal.wait_for("name: ");
    terminal.type_line("ana");
    let shown = terminal.end();
    assert!(
        shown.contains("hello ana") && shown.ends_with("exit code 3\n"),
        "{shown}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_children_of_a_command_end_at_a_terminal_too() {
    let place = TestDir::new();
    for signal in [None, Some(Signal::TERM), Some(Signal::KILL)] {
        with_child(&place);
        let mut terminal = at_a_terminal(&place, "pool --no-function --port 0 -- ./parent");
        place.wait_for_text("processes");
        match signal {
            None => terminal.type_keys("\u{3}"),
            Some(signal) => kill_process(terminal.id(), signal).unwrap(),
        }
        wait_for_end(&place);
    }
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
