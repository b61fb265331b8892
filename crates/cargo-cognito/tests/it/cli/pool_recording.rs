//! `pool --record`, `--replay` and `--save-cases`, and `flow --from-recording`: a session becomes a test.

use std::fs;

use crate::support::{Pool, TestDir};

fn sign_up(email: &str) -> String {
    format!(
        r#"{{"ClientId":"localclient","Username":"{email}","Password":"Passw0rd!","UserAttributes":[{{"Name":"email","Value":"{email}"}}]}}"#
    )
}

/// Two people sign up, and one of them is refused. Returns the printed errors.
fn record(place: &TestDir, options: &str) -> String {
    let line = format!("pool --bin ./sign_up --port 0 --format json {options}");
    let pool = Pool::start(place.command(&line));
    assert_eq!(pool.call("SignUp", &sign_up("ana@example.com")).0, 200);
    assert_eq!(pool.call("SignUp", &sign_up("bob@example.net")).0, 400);
    assert_eq!(pool.call("SignUp", &sign_up("carl@example.com")).0, 200);
    pool.interrupt().1
}

#[test]
fn a_recording_is_played_again() {
    let place = TestDir::new();
    record(&place, "--record session.jsonl");
    let text = place.read("session.jsonl");
    assert_eq!(text.lines().count(), 4);
    assert!(
        text.contains("{{password-1}}") && !text.contains("Passw0rd!"),
        "{text}"
    );
    let again = place.run("pool --no-function --port 0 --record session.jsonl -- true");
    assert!(again.contains("a recording goes to a new file"), "{again}");
    assert_eq!(place.read("session.jsonl"), text);

    let same = place.run("pool --replay session.jsonl --bin ./sign_up");
    assert!(
        same.contains("3 calls the same") && same.contains("─── exit code 0"),
        "{same}"
    );
    place.write(
        "edited.jsonl",
        &text.replace("this email domain is not invited", "no"),
    );
    let differs = place.run("pool --replay edited.jsonl --bin ./sign_up");
    for expected in [
        "error: call 2, SignUp for bob@example.net, differs from the recording",
        "--> trigger 1, PreSignUp_SignUp -> ",
        "1 call the same, 1 different, 1 after the difference not made",
        "─── exit code 1",
    ] {
        assert!(differs.contains(expected), "{differs}");
    }
    let line = place.run("pool --replay edited.jsonl --bin ./sign_up --format json");
    assert!(
        line.contains(r#""notReached":1,"overlapping":0,"same":1"#),
        "{line}"
    );
}

#[test]
fn a_file_that_is_no_recording_is_named() {
    let place = TestDir::new();
    for (content, expected) in [
        ("", "foreign.jsonl: line 1: this isn't a recording"),
        (
            "{\"Users\": []}\n",
            "foreign.jsonl: line 1: this isn't a recording",
        ),
        (
            "{\"recording\": 2}\n",
            "foreign.jsonl: line 1: version 2 of the format is unknown",
        ),
        // Nothing of a file from elsewhere reaches the terminal as a command.
        (
            "{\"recording\": 1, \"\\u001b[2J\": 1}\n",
            "foreign.jsonl: line 1: unknown field `\\u{1b}[2J`",
        ),
    ] {
        place.write("foreign.jsonl", content);
        for command in [
            "pool --no-function --replay foreign.jsonl",
            "flow --from-recording foreign.jsonl",
        ] {
            let printed = place.run(command);
            assert!(
                printed.contains(expected) && printed.contains("─── exit code 2"),
                "{printed}"
            );
        }
    }
    let state = r#"{"recording":1,"endpoint":"","awsIssuer":false,"state":{"version":1,"secrets":false,"pools":{"a":{"surprise":{}}}}}"#;
    place.write("foreign.jsonl", &format!("{state}\n"));
    let printed = place.run("pool --no-function --replay foreign.jsonl");
    assert!(printed.contains("there is no surprise"), "{printed}");
    place.write(
        "foreign.jsonl",
        &format!("{}\n", state.replace(r#""a":{"surprise":{}}"#, "")),
    );
    let printed = place.run("pool --no-function --replay foreign.jsonl");
    assert!(
        printed.contains("0 calls the same") && printed.contains("─── exit code 1"),
        "{printed}"
    );
    let printed = place.run("pool --no-function --replay foreign.jsonl --value password-1=x");
    assert!(
        printed.contains("the recording has no placeholder {{password-1}}"),
        "{printed}"
    );
}

#[test]
fn saved_cases_replay() {
    let place = TestDir::new();
    let said = record(&place, "--save-cases cases");
    assert_eq!(said.matches("saved ").count(), 2, "{said}");
    let mut names: Vec<_> = fs::read_dir(place.path("cases/pre_sign_up"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 4, "{names:?}");
    let replayed = place.run("replay cases --bin ./sign_up");
    assert!(replayed.contains("─── exit code 0"), "{replayed}");
    let said = record(&place, "--save-cases cases");
    assert!(!said.contains("saved "), "{said}");
}

#[test]
fn a_flow_of_a_recording_plays() {
    let place = TestDir::new();
    record(&place, "--record session.jsonl");
    for (user, end) in [("", "success"), (" --user bob@example.net", "PreSignUp failed")] {
        let printed = place.run(&format!("flow --from-recording session.jsonl{user}"));
        let flow = crate::support::stdout(&printed);
        assert!(flow.contains(end), "{printed}");
        place.write("recorded.flow.json", flow);
        let played = place.run("flow recorded.flow.json --bin ./sign_up");
        assert!(played.contains("─── exit code 0"), "{flow}\n{played}");
    }
    let printed = place.run("flow --from-recording session.jsonl --user nobody");
    assert!(
        printed.contains("no call of the recording is about the user nobody"),
        "{printed}"
    );
}

#[test]
fn names_in_a_recording_reach_no_terminal_as_they_are() {
    let place = TestDir::new();
    record(&place, "--record session.jsonl");
    let text = place.read("session.jsonl");
    // The function of a hook has a name that clears the screen.
    place.write(
        "function.jsonl",
        &text.replace("function:sign_up", "function:\\u001b[2J\\u009b2J"),
    );
    let printed = place.run("pool --replay function.jsonl --bin ./sign_up --run-by sign_up=other");
    assert!(
        printed.contains("hooks call \\u{1b}[2J\\u{9b}2J") && printed.contains("─── exit code 2"),
        "{printed}"
    );
    // So has a user, in what is printed for programs.
    place.write(
        "user.jsonl",
        &text.replace("ana@example.com", "ana\\u009b2J\\u202e@example.com"),
    );
    for command in [
        "flow --from-recording user.jsonl",
        "pool --replay user.jsonl --bin ./sign_up --format json",
        "pool --replay user.jsonl --bin ./sign_up",
    ] {
        let printed = place.run(command);
        assert!(!printed.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{printed}");
    }
}
