//! Messages about functions, endpoints and files that misbehave.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::{fs::File, process::Stdio};

use crate::support::{TestDir, assert_snapshot, serve};

/// A directory with one case and a function whose misbehavior `FAKE` selects.
pub(crate) fn place() -> TestDir {
    let place = TestDir::new();
    place.link_misbehaving();
    for suffix in ["event", "answer"] {
        place.write_event(&format!("one/case.{suffix}.json"), "PreSignUp_SignUp");
    }
    place
}

/// Only what breaks off is waited for.
pub(crate) const REPLAY: &[&str] = &[
    "FAKE=exit-at-start replay one --bin ./misbehaving --deadline 5s",
    "FAKE=init-error replay one --bin ./misbehaving --deadline 5s",
    "FAKE=init-error-without-words replay one --bin ./misbehaving --deadline 5s",
    "FAKE=exit-in-call replay one --bin ./misbehaving --deadline 5s",
    "FAKE=leave replay one --bin ./misbehaving --deadline 5s",
    "FAKE=abort replay one --bin ./misbehaving --deadline 5s",
    "FAKE=break-off replay one --bin ./misbehaving --deadline 5s",
    "FAKE=garbage replay one --bin ./misbehaving --deadline 5s",
    "FAKE=huge replay one --bin ./misbehaving --deadline 5s",
    "FAKE=empty replay one --bin ./misbehaving --deadline 5s",
    "FAKE=null replay one --bin ./misbehaving --deadline 5s",
    "FAKE=talks replay one --bin ./misbehaving --deadline 5s",
    "FAKE=no-error-document replay one --bin ./misbehaving --deadline 5s",
    "FAKE=beyond-numbers replay one --bin ./misbehaving --deadline 5s",
    "FAKE=refuses replay one --bin ./misbehaving --deadline 5s",
];

#[test]
fn a_function_that_misbehaves() {
    assert_snapshot(&place().run_each(REPLAY), "faults");
}

pub(crate) const INVOKE: &[&str] = &[
    "FAKE=init-error invoke one/case.event.json --bin ./misbehaving",
    "FAKE=exit-at-start invoke one/case.event.json --bin ./misbehaving",
    "FAKE=exit-in-call invoke one/case.event.json --bin ./misbehaving",
    "FAKE=garbage invoke one/case.event.json --bin ./misbehaving",
    "FAKE=huge invoke one/case.event.json --bin ./misbehaving",
    "FAKE=no-error-document invoke one/case.event.json --bin ./misbehaving",
    "FAKE=null invoke one/case.event.json --bin ./misbehaving",
];

/// Each event has a line of JSON, also if there is no answer.
#[test]
fn an_event_without_an_answer_has_a_line_all_the_same() {
    assert_snapshot(&place().run_each(INVOKE), "faults-invoke");
}

/// A directory with programs that don't say what they route.
pub(crate) fn binaries() -> TestDir {
    let place = TestDir::new();
    place.write_script("endless", "#!/bin/sh\nsleep 1000\n");
    place.write_script(
        "talker",
        "#!/bin/sh\nyes no routes | head -c 1000000\necho sorry >&2\nexit 4\n",
    );
    place.write_script(
        "early",
        "#!/bin/sh\necho \"Error: COGNITO_KMS_KEY_ARN isn't set; it is \\\"required\\\"\" >&2\nexit 1\n",
    );
    place
}

pub(crate) const ROUTES: &[&str] = &[
    "routes --bin ./endless",
    "routes --bin ./talker",
    "routes --bin ./early",
    "wire --format sam --bin ./early",
];

#[test]
fn a_binary_that_does_not_tell_its_routes() {
    assert_snapshot(&binaries().run_each(ROUTES), "faults-routes");
}

pub(crate) const SLOW: &[&str] = &[
    "FAKE=slow-start replay one --bin ./misbehaving --deadline 1s",
    "FAKE=hang-at-start replay one --bin ./misbehaving --cold-start --deadline 1s",
    "FAKE=hang replay one --bin ./misbehaving --deadline 1s",
];

#[test]
fn a_start_counts_against_the_deadline() {
    assert_snapshot(&place().run_each(SLOW), "faults-slow");
}

pub(crate) const ATTEMPTS: &[&str] = &[
    "FAKE=exit-in-second-call replay one --bin ./misbehaving --attempts 3",
    "FAKE=exit-in-second-call replay one --bin ./misbehaving --attempts 3 --format json",
    "FAKE=reshapes replay one --bin ./misbehaving --attempts 2",
    "FAKE=reshapes replay one --bin ./misbehaving --attempts 2 --format json",
    "FAKE=exit-in-call replay one --bin ./misbehaving --attempts 3",
];

#[test]
fn another_attempt_comes_out_in_another_way() {
    assert_snapshot(&place().run_each(ATTEMPTS), "faults-attempts");
}

/// Responses of endpoints that nothing can be done with.
pub(crate) const RESPONSES: &[&str] = &[
    "500 Internal Server Error\n\n<html>\u{1b}[2J",
    "200 OK\n\nTask timed out after 3.00 seconds",
    "200 OK\n\n{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: 1 Error: Runtime exited with error: exit status 3\"}",
    "200 OK\n\n{\"errorType\":\"Runtime.InvalidEntrypoint\",\"errorMessage\":\"no bootstrap\"}",
    "200 OK\nx-amz-function-error: Unhandled\n\noops",
];

#[test]
fn an_endpoint_that_misbehaves() {
    let place = place();
    let mut output = String::new();
    for answer in RESPONSES {
        let address = serve(|_| (*answer).to_owned());
        // An error that the function didn't report can't be approved.
        let text = place.run(&format!("replay one --url http://{address}/ --accept"));
        output += &text.replace(&address.to_string(), "[ADDRESS]");
    }
    let huge = serve(|_| format!("200 OK\n\n\"{}\"", "x".repeat(7 << 20)));
    output += &place
        .run(&format!("replay one --url http://{huge}/"))
        .replace(&huge.to_string(), "[ADDRESS]");
    assert_snapshot(&output, "faults-endpoint");
}

/// Directories with files that are nearly cases.
pub(crate) fn files() -> TestDir {
    let place = place();
    for file in [
        "one/b-event.json",
        "one/deep/c.Event.json",
        "one/deep/d.answer.jsn",
        "one/deep/odd-events.json5",
    ] {
        place.write(file, "{}");
    }
    place.write("one/directory.event.json/readme", "");
    place.write("one/deep/event-schema.json", "{}");
    place.write("none/a-event.json", "{}");
    place.write("nothing/a.json", "{}");
    place.write("both/a.event.json", &place.read("one/case.event.json"));
    place.write("both/a.answer.json", "{\"rejected\": \"a\", \"failed\": \"b\"}");
    place.write_bytes("bytes/a.event.json", b"{\n  \"a\": \"\xff\"}");
    place.write_event("sender/a.event.json", "CustomEmailSender_SignUp");
    place.write("sender/a.answer.json", "5");
    place.write_event("answer/a.event.json", "PreSignUp_SignUp");
    place.write("answer/a.answer.json", "{}");
    std::fs::create_dir(place.path("dangling")).unwrap();
    std::os::unix::fs::symlink("nowhere", place.path("dangling/a.event.json")).unwrap();
    place
}

pub(crate) const FILES: &[&str] = &[
    "replay one --bin ./sign_up",
    "replay none --bin ./sign_up",
    "replay nothing --bin ./sign_up",
    "replay both --bin ./sign_up",
    "replay bytes --bin ./sign_up",
    "replay sender --bin ./sign_up",
    "replay answer --bin ./sign_up",
    "replay dangling --bin ./sign_up",
];

#[test]
fn files_that_are_nearly_cases() {
    assert_snapshot(&files().run_each(FILES), "faults-files");
}

#[test]
fn the_same_file_by_another_way_is_the_same_case() {
    let output = place().run("FAKE=echo replay one ./one one/../one one/case.event.json --bin ./misbehaving");
    assert!(output.contains("1 case: 1 passed"), "{output}");
}

/// Asking a binary for its routes must have no side effects, and none in AWS.
#[test]
fn asking_for_routes_gives_no_credentials_and_leaves_nothing() {
    let place = TestDir::new();
    place.write_script(
        "asked",
        "#!/bin/sh\nenv > environment\nsleep 1000 &\necho $! > child\necho '{\"routes\":[\"pre_sign_up\"],\"otherwise\":false}'\n",
    );
    let output = place.run("AWS_SECRET_ACCESS_KEY=hunter2 AWS_PROFILE=prod routes --bin ./asked");
    assert!(output.contains("pre_sign_up"), "{output}");
    let environment = place.read("environment");
    assert!(
        !environment.contains("hunter2") && !environment.contains("prod\n"),
        "{environment}"
    );
    place.wait_for_end_of(place.wait_for_text("child").trim());
}

#[test]
fn a_full_disk_is_no_success() {
    let place = TestDir::new();
    for args in ["event", "replay cases --bin ./sign_up --format junit"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = place
            .command(args)
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{args}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            said,
            "error: standard output can't be written: No space left on device (os error 28)\n"
        );
    }
}
