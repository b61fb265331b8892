//! Input files: other encodings, truncated files, misspelled sources, and paths that aren't files.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::{
    fs,
    os::unix::fs::symlink,
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{TestDir, assert_snapshot};

/// A text in UTF-16 with a byte order mark, as `>` of Windows PowerShell writes it.
fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let with_mark = format!("\u{feff}{text}");
    with_mark.encode_utf16().flat_map(to_bytes).collect()
}

/// Files that aren't JSON, such as a truncated event, and a function that creates a file when it is started.
pub(crate) fn broken() -> TestDir {
    let place = TestDir::new();
    place.write_script("marks", "#!/bin/sh\ntouch started\nexec ./sign_up\n");
    let event = place.read("cases/invited.event.json");
    let cut = event.len() / 2;
    place.write("cut.json", &event[..cut]);
    place.write("empty.json", "");
    place.write("blank.json", " \n");
    place.write("words.json", "Hello, Cognito\n");
    place.write("two.json", &format!("{event}{event}"));
    place.write("comma.json", "{\"triggerSource\": \"PreSignUp_SignUp\",}");
    place.write("twice.json", "{\"version\": \"1\", \"version\": \"2\"}");
    place.write_bytes("latin1.json", b"{\"userName\": \"Zo\xeb\"}");
    place
}

pub(crate) const BROKEN: &[&str] = &[
    "invoke cut.json --bin ./marks",
    "invoke empty.json --bin ./marks",
    "invoke blank.json --bin ./marks",
    "invoke words.json --bin ./marks",
    "invoke two.json --bin ./marks",
    "invoke comma.json --bin ./marks",
    "invoke twice.json --bin ./marks",
    "invoke latin1.json --bin ./marks",
    "invoke cases/invited.event.json cut.json words.json --bin ./marks",
    "invoke - --bin ./marks",
];

#[test]
fn invoke_sends_no_broken_json() {
    let place = broken();
    let output = place.run_each(BROKEN);
    assert_eq!(output.matches("exit code 2").count(), BROKEN.len(), "{output}");
    assert!(!place.path("started").exists());
    assert_snapshot(&output, "invoke-broken");
}

#[test]
fn files_saved_on_windows_are_read() {
    let place = TestDir::new();
    let event = place.read("cases/invited.event.json");
    let answer = place.read("cases/invited.answer.json");
    fs::remove_dir_all(place.path("cases")).unwrap();
    for (name, encode) in [
        (
            "mark",
            &(|text: &str| format!("\u{feff}{text}").into_bytes()) as &dyn Fn(&str) -> Vec<u8>,
        ),
        ("little", &|text: &str| utf16(text, u16::to_le_bytes)),
        ("big", &|text: &str| utf16(text, u16::to_be_bytes)),
        ("crlf", &|text: &str| text.replace('\n', "\r\n").into_bytes()),
    ] {
        place.write_bytes(&format!("cases/{name}.event.json"), &encode(&event));
        place.write_bytes(&format!("cases/{name}.answer.json"), &encode(&answer));
        place.write_bytes(
            "one.flow.json",
            &encode("{\n\"calls\": [{\"call\": \"SignUp\"}]}\n"),
        );
        let played = place.run("flow one.flow.json --bin ./sign_up");
        assert!(played.contains("exit code 0"), "{name}: {played}");
    }
    let replayed = place.run("replay cases --bin ./sign_up");
    assert!(replayed.contains("4 cases: 4 passed"), "{replayed}");
    let invoked = place
        .run("invoke cases/mark.event.json cases/little.event.json cases/big.event.json --bin ./sign_up");
    assert_eq!(
        invoked.matches("\"autoConfirmUser\":true").count(),
        3,
        "{invoked}"
    );
}

/// What `aws cognito-idp describe-user-pool` prints, saved in three ways.
#[test]
fn descriptions_saved_on_windows_are_read() {
    const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:sign_up";
    let place = TestDir::new();
    let pool = format!(
        r#"{{"UserPool": {{"Id": "eu-west-1_Example01", "Name": "example", "LambdaConfig": {{"PreSignUp": "{FUNCTION}"}}}}}}"#
    );
    place.write("mark.json", &format!("\u{feff}{pool}"));
    place.write_bytes("little.json", &utf16(&pool, u16::to_le_bytes));
    place.write_bytes("big.json", &utf16(&pool, u16::to_be_bytes));
    let yaml = format!(
        "UserPool:\n  Id: eu-west-1_Example01\n  Name: example\n  LambdaConfig:\n    PreSignUp: {FUNCTION}\n"
    );
    place.write("plain.yaml", &yaml);
    place.write("mark.yaml", &format!("\u{feff}{yaml}"));
    place.write_bytes("little.yaml", &utf16(&yaml, u16::to_le_bytes));
    for file in [
        "mark.json",
        "little.json",
        "big.json",
        "plain.yaml",
        "mark.yaml",
        "little.yaml",
    ] {
        let checked = place.run(&format!("check {file}"));
        assert!(!checked.contains("exit code 2"), "{checked}");
        let wired = place.run(&format!(
            "wire --bin ./sign_up --format update-user-pool --function-arn {FUNCTION} --describe {file}"
        ));
        assert!(wired.contains("exit code 0"), "{wired}");
    }
}

/// The expectation of a call is a whole word: the kind of result, or the name of an exception without its text.
#[test]
fn a_beginning_of_a_word_is_no_expectation() {
    let place = TestDir::new();
    for (expected, code) in [
        ("success", 0),
        ("succ", 2),
        ("s", 2),
        ("", 2),
        ("success: the us", 2),
        ("UserLambda", 2),
    ] {
        place.write(
            "word.flow.json",
            &format!(r#"{{"calls": [{{"call": "SignUp", "expect": "{expected}"}}]}}"#),
        );
        let played = place.run("flow word.flow.json --bin ./sign_up");
        assert!(
            played.contains(&format!("exit code {code}\n")),
            "{expected}: {played}"
        );
    }
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let place = TestDir::new();
    place.write("cases/deep/bad.answer.json", "{\"failed\": \n");
    place.write_event("cases/deep/bad.event.json", "PreSignUp_SignUp");
    let mut output = place.run("replay cases --bin ./sign_up");
    place.write("cases/cut.event.json", "{\"version\": \"1\"");
    place.write("cases/both.event.json", &place.read("cases/invited.event.json"));
    place.write(
        "cases/both.answer.json",
        "{\"rejected\": \"a\", \"failed\": \"b\"}",
    );
    output += &place.run("replay cases --bin ./sign_up --format json");
    output += &place.run("replay cases --bin ./sign_up --format junit");
    output += &place.run("replay cases/cut.event.json cases/deep/bad.event.json --bin ./sign_up");
    assert_snapshot(&output, "replay-bad-files");
}

#[test]
fn misspelled_sources_are_warned_about() {
    let place = TestDir::new();
    let event = place.read("cases/invited.event.json");
    for (name, source) in [
        ("signup", "PreSignUp_Signup"),
        ("admin", "PreSignUp_AdminCreateuser"),
        ("novelty", "PreSignUp_Novelty"),
    ] {
        place.write(
            &format!("odd/{name}.event.json"),
            &event.replace("PreSignUp_SignUp", source),
        );
    }
    place.write(
        "odd/none.event.json",
        &event.replace("triggerSource", "triggersource"),
    );
    let commands = [
        "replay odd -q -j1 --bin ./sign_up",
        "invoke odd/signup.event.json odd/none.event.json --bin ./sign_up",
    ];
    assert_snapshot(&place.run_each(&commands), "sources-misspelled");
}

fn make_fifo(place: &TestDir, name: &str) {
    let made = Command::new("mkfifo").arg(place.path(name)).status().unwrap();
    assert!(made.success());
}

#[test]
fn fifos_and_devices_are_no_cases() {
    let place = TestDir::new();
    make_fifo(&place, "cases/fifo.event.json");
    symlink("/dev/zero", place.path("cases/zero.event.json")).unwrap();
    place.write_event("cases/answered.event.json", "PreSignUp_SignUp");
    make_fifo(&place, "cases/answered.answer.json");
    place.write_event("cases/device.event.json", "PreSignUp_SignUp");
    symlink("/dev/zero", place.path("cases/device.answer.json")).unwrap();
    let mut output = place.run("replay cases --bin ./sign_up");
    output += &place.run("replay cases/fifo.event.json --bin ./sign_up");
    assert_snapshot(&output, "replay-no-files");
}

/// `invoke <(…)` reads a pipe; while nothing is written to it, signals are still handled.
#[test]
fn invoke_reads_a_fifo_and_can_be_interrupted() {
    let place = TestDir::new();
    make_fifo(&place, "fifo");
    for signal in [Signal::INT, Signal::TERM] {
        let mut waiting = place.command("invoke fifo --bin ./sign_up").spawn().unwrap();
        sleep(Duration::from_millis(300));
        kill_process(Pid::from_child(&waiting), signal).unwrap();
        assert_eq!(waiting.wait().unwrap().code(), Some(130));
    }
    let reading = place
        .command("invoke fifo --bin ./sign_up")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    fs::write(place.path("fifo"), place.read("cases/invited.event.json")).unwrap();
    let output = reading.wait_with_output().unwrap();
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("\"autoConfirmUser\":true")
    );
}

#[test]
fn invoke_prints_answers_to_read() {
    let place = TestDir::new();
    let output =
        place.run("invoke cases/invited.event.json cases/deep/stranger.event.json --bin ./sign_up --pretty");
    assert_snapshot(&output, "invoke-pretty");
}

/// If the reader stops reading, the command blocks in the middle of a line. A signal must still end it.
#[test]
fn a_blocked_output_does_not_block_signals() {
    let place = TestDir::new();
    let event = place.read("cases/invited.event.json");
    let long = "x".repeat(500_000);
    place.write("long.json", &event.replace("Ana Lindqvist", &long));
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut blocked = place
            .command("invoke long.json --bin ./sign_up")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_secs(1));
        assert_eq!(blocked.try_wait().unwrap(), None, "it waits for a reader");
        kill_process(Pid::from_child(&blocked), signal).unwrap();
        assert_eq!(blocked.wait().unwrap().code(), Some(130));
    }
}
