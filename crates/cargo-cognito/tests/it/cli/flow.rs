//! `flow`: what is played, printed, drawn and refused.

use crate::support::{TestDir, assert_snapshot, stdout};

/// Flows with an error each, one that is played and fails, and a function that can't start.
pub(crate) fn place() -> TestDir {
    let place = TestDir::new();
    let printed = place.run("flow sign-up --print");
    let mistaken = stdout(&printed).replace("\"calls\"", "\"callz\"");
    place.write("mine.flow.json", &mistaken);
    place.write(
        "waiting.flow.json",
        r#"{"calls": [{"call": "SignUp", "expect": "UserLambdaValidationException"}]}"#,
    );
    place.write(
        "words.flow.json",
        "{\n  \"calls\": [\n    {\"call\": \"SignUp\", \"expect\": \"token\"}\n  ]\n}\n",
    );
    place.write(
        "fields.flow.json",
        r#"{"calls": [{"call": "SignUp", "triggers": ["PreSignUp_Signup"]}]}"#,
    );
    place.write(
        "settings.flow.json",
        r#"{"pool": {"MfaConfiguration": "MAYBE"}, "calls": [{"call": "SignUp"}]}"#,
    );
    place.write_script("broken", "#!/bin/sh\necho 'MAIL_FROM is not set'\nexit 3\n");
    place
}

pub(crate) const COMMANDS: &[&str] = &[
    "flow --list",
    "flow --list sign-up",
    "flow sign-up --bin ./sign_up --diagram sign-up.mmd",
    "flow sign-up sign-in --bin ./sign_up --bin ./messages --deadline 4s",
    "flow waiting.flow.json --bin ./sign_up",
    "flow sign-up waiting.flow.json --bin ./sign_up",
    "flow sign-up --bin ./broken",
    "flow sign-up sign-in --bin ./broken",
    "flow mine.flow.json --bin ./sign_up",
    "flow sign-of --bin ./sign_up",
    "flow words.flow.json --bin ./sign_up",
    "flow fields.flow.json --bin ./sign_up",
    "flow settings.flow.json --bin ./sign_up",
    "flow mine.flow.json --print",
    "flow sign-up --print --bin ./sign_up",
    "flow sign-up",
    "flow sign-up --bin ./sign_up --diagram sign-up.png",
    "flow sign-up sign-in --bin ./sign_up --diagram both.svg",
    "flow sign-up --bin ./sign_up --diagram nowhere/sign-up.svg",
];

#[test]
fn flows_are_played_and_reported() {
    let place = place();
    assert_snapshot(&place.run_each(COMMANDS), "flow");
    let json = place.run("flow waiting.flow.json --bin ./sign_up --format json");
    for part in [
        "\"result\":\"success: the user is confirmed\"",
        "\"unexpected\":[\"expected: UserLambdaValidationException\"]",
        "\"verdict\":\"fail\"",
        "{\"summary\":{\"failed\":1,\"flows\":1,",
    ] {
        assert!(json.contains(part), "{part}: {json}");
    }
    let reports = [
        "flow sign-up waiting.flow.json --bin ./sign_up --format junit",
        "flow waiting.flow.json --bin ./sign_up --log full",
    ];
    assert_snapshot(&place.run_each(&reports), "flow-reports");
    assert_snapshot(&place.read("sign-up.mmd"), "flow-diagram");
    place.run("flow sign-up --bin ./sign_up --diagram sign-up.svg");
    assert_snapshot(&place.read("sign-up.svg"), "flow-picture");
}

#[test]
fn the_schema_of_flows_is_printed() {
    let place = TestDir::new();
    let output = place.command("schema flow").output().unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["title"], "A flow, NAME.flow.json");
    place.write_bytes("flow.schema.json", &output.stdout);
    place.write(
        "mine.flow.json",
        r#"{"$schema": "./flow.schema.json", "calls": [{"call": "SignUp", "expect": "success"}]}"#,
    );
    let played = place.run("flow mine.flow.json --bin ./sign_up");
    assert!(played.contains("exit code 0"), "{played}");
}
