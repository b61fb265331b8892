//! Messages about functions, endpoints and files that misbehave.

use std::{fs::File, process::Stdio, thread::sleep, time::Duration};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Place, assert_snapshot, serve};

/// A directory with one case and a function whose misbehavior `FAKE` selects.
fn place() -> Place {
    let place = Place::new();
    place.link("misbehaving");
    for suffix in ["event", "answer"] {
        place.write_event(&format!("one/case.{suffix}.json"), "PreSignUp_SignUp");
    }
    place
}

#[test]
fn a_function_that_misbehaves() {
    let place = place();
    let mut output = String::new();
    for mode in [
        "exit-at-start",
        "init-error",
        "init-error-without-words",
        "exit-in-call",
        "leave",
        "abort",
        "break-off",
        "garbage",
        "huge",
        "empty",
        "null",
        "talks",
        "no-error-document",
        "beyond-numbers",
        "refuses",
    ] {
        output += &format!("\n=== {mode}\n");
        // Only what breaks off is waited for.
        let deadline = if mode == "break-off" { "1s" } else { "5s" };
        output += &place.run_with(
            &format!("replay one --bin ./misbehaving --deadline {deadline}"),
            &[("FAKE", mode)],
        );
    }
    assert_snapshot(&output, "faults");
}

/// Each event has a line of JSON, also if there is no answer.
#[test]
fn an_event_without_an_answer_has_a_line_all_the_same() {
    let place = place();
    let modes = [
        "init-error",
        "exit-at-start",
        "exit-in-call",
        "garbage",
        "huge",
        "no-error-document",
        "null",
    ];
    let output = modes.map(|mode| {
        place.run_with(
            "invoke one/case.event.json --bin ./misbehaving",
            &[("FAKE", mode)],
        )
    });
    assert_snapshot(&output.concat(), "faults-invoke");
}

#[test]
fn a_binary_that_does_not_tell_its_routes() {
    let place = Place::new();
    place.write_script("endless", "#!/bin/sh\nsleep 1000\n");
    place.write_script(
        "talker",
        "#!/bin/sh\nyes no routes | head -c 1000000\necho sorry >&2\nexit 4\n",
    );
    place.write_script(
        "early",
        "#!/bin/sh\necho \"Error: COGNITO_KMS_KEY_ARN isn't set; it is \\\"required\\\"\" >&2\nexit 1\n",
    );
    assert_snapshot(
        &place.run_each(&[
            "routes --bin ./endless",
            "routes --bin ./talker",
            "routes --bin ./early",
            "wire --format sam --bin ./early",
        ]),
        "faults-routes",
    );
}

#[test]
fn a_start_counts_against_the_deadline() {
    let place = place();
    let mut output = place.run_with(
        "replay one --bin ./misbehaving --deadline 1s",
        &[("FAKE", "slow-start")],
    );
    output += &place.run_with(
        "replay one --bin ./misbehaving --cold-start --deadline 1s",
        &[("FAKE", "hang-at-start")],
    );
    output += &place.run_with(
        "replay one --bin ./misbehaving --deadline 1s",
        &[("FAKE", "hang")],
    );
    assert_snapshot(&output, "faults-slow");
}

#[test]
fn another_attempt_comes_out_in_another_way() {
    let place = place();
    let mut output = String::new();
    for (mode, options) in [
        ("exit-in-second-call", "--attempts 3"),
        ("exit-in-second-call", "--attempts 3 --format json"),
        ("reshapes", "--attempts 2"),
        ("reshapes", "--attempts 2 --format json"),
        ("exit-in-call", "--attempts 3"),
    ] {
        output += &place.run_with(
            &format!("replay one --bin ./misbehaving {options}"),
            &[("FAKE", mode)],
        );
    }
    assert_snapshot(&output, "faults-attempts");
}

#[test]
fn an_endpoint_that_misbehaves() {
    let place = place();
    let mut output = String::new();
    for answer in [
        "500 Internal Server Error\n\n<html>\u{1b}[2J",
        "200 OK\n\nTask timed out after 3.00 seconds",
        "200 OK\n\n{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: 1 Error: Runtime exited with error: exit status 3\"}",
        "200 OK\n\n{\"errorType\":\"Runtime.InvalidEntrypoint\",\"errorMessage\":\"no bootstrap\"}",
        "200 OK\nx-amz-function-error: Unhandled\n\noops",
    ] {
        let address = serve(move |_| answer.to_owned());
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

#[test]
fn files_that_are_nearly_cases() {
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
    let places = [
        "one", "none", "nothing", "both", "bytes", "sender", "answer", "dangling",
    ];
    let output = places.map(|directory| place.run(&format!("replay {directory} --bin ./sign_up")));
    assert_snapshot(&output.concat(), "faults-files");
}

#[test]
fn the_same_file_by_another_way_is_the_same_case() {
    let output = place().run_with(
        "replay one ./one one/../one one/case.event.json --bin ./misbehaving",
        &[("FAKE", "echo")],
    );
    assert!(output.contains("1 case: 1 passed"), "{output}");
}

/// Asking a binary for its routes must have no side effects, and none in AWS.
#[test]
fn asking_for_routes_gives_no_credentials_and_leaves_nothing() {
    let place = Place::new();
    place.write_script(
        "asked",
        "#!/bin/sh\nenv > environment\nsleep 1000 &\necho $! > child\necho '{\"routes\":[\"pre_sign_up\"],\"otherwise\":false}'\n",
    );
    let real = [("AWS_SECRET_ACCESS_KEY", "hunter2"), ("AWS_PROFILE", "prod")];
    let output = place.run_with("routes --bin ./asked", &real);
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
    let place = Place::new();
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

#[test]
fn the_end_of_the_terminal_ends_the_function() {
    let place = Place::new();
    place.write_script("hang", "#!/bin/sh\necho $$ > child\nsleep 1000\n");
    for signal in [Signal::HUP, Signal::QUIT] {
        place.write("child", "");
        let mut command = place.command("replay cases --bin ./hang").spawn().unwrap();
        let child = place.wait_for_text("child");
        // The command catches signals before it starts a process.
        sleep(Duration::from_millis(10));
        kill_process(Pid::from_child(&command), signal).unwrap();
        assert_eq!(command.wait().unwrap().code(), Some(130));
        place.wait_for_end_of(child.trim());
    }
}
