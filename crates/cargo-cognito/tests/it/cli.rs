//! Snapshots of everything that the command prints. `SNAPSHOTS=overwrite cargo test -p cargo-cognito` rewrites them.
//! With `--test it`, cargo doesn't build the functions again.

#[cfg(target_os = "linux")]
mod abuse;
mod accept;
mod bench;
mod binaries;
mod codes;
mod faults;
mod flow;
mod generate;
mod init;
mod inputs;
mod messages;
mod new;
mod pool;
mod pool_data;
mod pool_otherwise;
mod pool_recording;
mod pool_sources;
mod pool_tls;
mod pool_watch;
mod signals;
mod styles;
mod terminal;
mod watch;

use crate::support::{TestDir, assert_snapshot};

const SUBCOMMANDS: [&str; 15] = [
    "new",
    "init",
    "replay",
    "invoke",
    "flow",
    "pool",
    "event",
    "explain",
    "routes",
    "check",
    "wire",
    "bench",
    "schema",
    "completions",
    "man",
];

#[test]
fn help_is_the_same_under_cargo() {
    let place = TestDir::new();
    assert_eq!(
        place.run("cognito --help").lines().nth(1),
        place.run("--help").lines().nth(1)
    );
}

#[test]
fn event() {
    let place = TestDir::new();
    assert_snapshot(&place.run("event"), "event");
    assert_snapshot(&place.run("event --variants PreSignUp_SignUp"), "event-variants");
    assert_snapshot(&place.run(
            "event TokenGeneration_HostedAuth --lambda-version V2_0 --user zoe --user-pool-id eu-west-1_x --client-id c \
             --region eu-west-1 --set request.userAttributes.custom:tenant=\"acme\" \
             --set request.clientMetadata.invite=\"guest\" --unset request.groupConfiguration"
        ),
        "event-changed"
    );
}

const EVENT_ERRORS: &[&str] = &[
    "event presignup_signup",
    "event Nothing",
    "event TokenGeneration_ClientCredentials --lambda-version V1_0",
    "event PreSignUp_SignUp --variant nothing",
    "event PreSignUp_SignUp --set request.userAttributs.email=1",
    "event PreSignUp_SignUp --set request.clientMetadata=1 --set request.clientMetadata.a=1",
    "event PreSignUp_SignUp --set request.userAttributes.email=a",
    "event PreSignUp_SignUp --set request..a=1",
    "event PreSignUp_SignUp --set request",
    "event PreSignUp_SignUp --unset request.clientMetadata",
    "event --set a=1",
    "event --code 123456",
    "event PreSignUp_SignUp --code 123456",
    "event CustomEmailSender_AccountTakeOverNotification --code 123456",
    "event CustomSMSSender_SignUp --code 123456 --unset userPoolId",
    "event CustomSMSSender_SignUp --code 123456 --key-arn alias/codes",
    "event CustomSMSSender_SignUp --key-arn alias/codes",
];

#[test]
fn event_errors() {
    assert_snapshot(&TestDir::new().run_each(EVENT_ERRORS), "event-errors");
}

#[test]
fn routes() {
    let place = TestDir::new();
    let commands = [
        "routes --bin ./sign_up",
        "routes --bin /bin/true",
        "routes --bin ./nowhere",
    ];
    assert_snapshot(&place.run_each(&commands), "routes");
}

#[test]
fn invoke() {
    let place = TestDir::new();
    place.write("broken.json", "{\"triggerSource\": oops}");
    let commands = [
        "invoke cases/invited.event.json cases/deep/stranger.event.json --bin ./sign_up",
        "invoke broken.json --bin ./sign_up",
        "invoke cases/invited.event.json --bin /bin/true",
        "invoke cases/invited.event.json cases/deep/stranger.event.json --bin ./sign_up --log full",
        "invoke cases/invited.event.json cases/deep/stranger.event.json --bin ./absent",
        "invoke nowhere.json --bin ./sign_up",
        "invoke cases/invited.event.json --url http://127.0.0.1:1",
        "invoke cases/invited.event.json --url localhost",
    ];
    assert_snapshot(&place.run_each(&commands), "invoke");
}

#[test]
fn replay_good() {
    let place = TestDir::new();
    assert_snapshot(&place.run("replay cases --bin ./sign_up"), "replay-good");
    assert_snapshot(
        &place.run("replay --filter stranger --bin ./sign_up"),
        "replay-filter",
    );
    assert_snapshot(&place.run("replay cases -q --bin ./sign_up"), "replay-quiet");
}

#[test]
fn replay_bad() {
    let place = TestDir::new();
    place.corrupt_answer();
    assert_snapshot(&place.run("replay cases --bin ./sign_up"), "replay-bad");
    assert_snapshot(
        &place.run("replay cases --bin ./sign_up --fail-fast -j1"),
        "replay-fail-fast",
    );
    assert_snapshot(
        &place.run("replay cases --bin ./sign_up --format json"),
        "replay-json",
    );
    assert_snapshot(
        &place.run("replay cases --bin ./sign_up --format junit"),
        "replay-junit",
    );
}

#[test]
fn replay_accept() {
    let place = TestDir::new();
    place.corrupt_answer();
    let answer = place
        .read("cases/invited.answer.json")
        .replace("ana@example.com", "${any}");
    place.write("cases/invited.answer.json", &answer);
    assert_snapshot(
        &place.run("replay cases --bin ./sign_up --accept"),
        "replay-accept",
    );
    let output = place.run("replay cases --bin ./sign_up --quiet");
    assert!(output.contains("4 cases: 3 passed, 1 new\n"), "{output}");
    let answer = place.read("cases/invited.answer.json");
    assert!(answer.contains("\"email\": \"${any}\""), "{answer}");
}

#[test]
fn replay_files_that_are_no_cases() {
    let place = TestDir::new();
    place.write("cases/broken.event.json", "{\"a\": 1,}");
    place.write("cases/deep/alone.answer.json", "{}");
    place.write("cases/deep/odd.events.json", "{}");
    let mut output = place.run("replay cases --bin ./sign_up");
    place.remove("cases/deep/alone.answer.json");
    place.remove("cases/deep/odd.events.json");
    output += &place.run("replay cases --bin ./sign_up");
    place.write("cases/broken.event.json", "{}");
    place.write("cases/broken.answer.json", "{\"refused\": \"x\"}");
    output += &place.run("replay cases --bin ./sign_up");
    output += &place.run("replay sign_up --bin ./sign_up");
    output += &place.run("replay cases/nothing.event.json --bin ./sign_up");
    output += &place.run("replay cases/invited.event.json --filter other --bin ./sign_up");
    assert_snapshot(&output, "replay-no-cases");
}

#[test]
fn replay_names_files_that_are_not_cases() {
    use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};
    let place = TestDir::new();
    place.write_event("cases/.event.json", "PreSignUp_SignUp");
    let odd = place.path("cases").join(OsStr::from_bytes(b"odd\xff.event.json"));
    fs::copy(place.path("cases/invited.event.json"), &odd).unwrap();
    let mut output = place.run("replay cases --bin ./sign_up");
    fs::remove_file(odd).unwrap();
    place.remove("cases/.event.json");
    let elsewhere = TestDir::new();
    std::os::unix::fs::symlink(elsewhere.path("cases/deep"), place.path("cases/linked")).unwrap();
    std::os::unix::fs::symlink(place.path("cases"), place.path("cases/again")).unwrap();
    std::os::unix::fs::symlink("nowhere", place.path("cases/dangling")).unwrap();
    output += &place.run("replay cases --bin ./sign_up");
    assert_snapshot(&output, "replay-left-out");
}

#[test]
fn replay_warns_if_rules_cannot_be_checked() {
    let place = TestDir::new();
    let event = place.read("cases/invited.event.json");
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (name, value) in [("number", "1e999"), ("surrogate", "\"\\ud800\""), ("deep", &deep)] {
        let event = event.replacen("{", &format!("{{\"novelty\": {value},"), 1);
        place.write(&format!("odd/{name}.event.json"), &event);
    }
    let mut output = place.run("replay odd --bin ./sign_up --accept -j1");
    output += &place.run("replay odd --bin ./sign_up --filter number --format json");
    assert_snapshot(&output, "replay-unchecked");
}

#[test]
fn replay_on_several_functions() {
    let place = TestDir::new();
    place.write_event("cases/message.event.json", "CustomMessage_SignUp");
    place.write_event("cases/nobody.event.json", "PostConfirmation_ConfirmSignUp");
    let mut output = place.run("replay cases --bin ./sign_up --bin ./messages -q");
    output += &place.run("replay cases --bin ./sign_up --bin ./sign_up");
    output += &place.run("replay cases --bin ./sign_up --bin /bin/true");
    assert_snapshot(&output, "replay-several");
}

#[test]
fn replay_with_attempts() {
    let place = TestDir::new();
    place.write_event("message.event.json", "CustomMessage_SignUp");
    assert_snapshot(
        &place.run("replay message.event.json --bin ./messages --attempts 3"),
        "replay-attempts",
    );
}

#[test]
fn replay_of_an_answer_against_the_rules() {
    let place = TestDir::new();
    place.write_event("message.event.json", "CustomMessage_SignUp");
    let event = place.read("message.event.json");
    let name = event
        .split("\"userName\": \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    place.write("message.event.json", &event.replace(name, "careless"));
    let mut output = place.run("replay message.event.json --bin ./messages");
    output += &place.run("replay message.event.json --bin ./messages --accept");
    output += &place.run("replay message.event.json --bin ./messages");
    output += &place.run("replay message.event.json --bin ./messages --format json");
    assert_snapshot(&output, "replay-rules");
}

#[test]
fn explain() {
    let place = TestDir::new();
    let mut output = place.run("explain Custommessage_AdminCreateUser");
    output += &place.run("explain auto-verify-without-attribute");
    output += &place.run("explain PreSignUp failed with error x.");
    output += &place.run("explain nothing known");
    assert_snapshot(&output, "explain");
    assert!(place.run("explain").lines().count() > 60);
}

const WRONG_ARGUMENTS: &[&str] = &[
    "",
    "replay",
    "replay --bin a --url b",
    "replay --bin a --deadline soon",
    "replay --bin a --concurrency 0",
    "replay --bin a --cold-start --concurrency 2",
    "replay --bin a --accept --review",
    "invoke --bin a",
    "completions fishy",
    "man nothing",
];

#[test]
fn wrong_arguments() {
    assert_snapshot(&TestDir::new().run_each(WRONG_ARGUMENTS), "wrong-arguments");
}

#[test]
fn names_are_built_with_cargo() {
    let place = TestDir::new();
    let output = place.run("routes --bin nowhere");
    assert!(
        output.contains("error: no cargo workspace here to build from; name the binary by its path\n"),
        "{output}"
    );
    place.write_workspace();
    let output = place.run("routes --bin nowhere");
    assert!(
        output.contains("error: no binary `nowhere` in this workspace; there is `other`, `same`, `same`\n"),
        "{output}"
    );
    let output = place.run("routes --bin same");
    assert!(
        output.contains("error: several packages have a binary `same`: `one`, `two`; build one"),
        "{output}"
    );
    let output = place.run("routes --bin other");
    assert!(output.contains("error: `other` doesn't compile\n"), "{output}");
}

#[test]
fn colors_appear_where_they_belong() {
    let place = TestDir::new();
    let run = |name: &str| {
        let output = place
            .command("replay cases --bin ./sign_up")
            .env(name, "1")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run("CLICOLOR_FORCE").contains("\u{1b}[1;32m    PASS\u{1b}[0m"));
    assert!(!run("NO_COLOR").contains('\u{1b}'));
    assert!(!run("SOMETHING").contains('\u{1b}'));
}

/// A pool that calls `sign_up` for a trigger it routes and one it doesn't, without a permission.
const TEMPLATE: &str = "\
Resources:
  UserPool:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig:
        PreSignUp: !GetAtt SignUp.Arn
        CustomMessage: !GetAtt SignUp.Arn
  SignUp:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: sign_up
      Runtime: provided.al2023
      Timeout: 5
";

#[test]
fn check() {
    let place = TestDir::new();
    place.write("template.yaml", TEMPLATE);
    assert_snapshot(&place.run("check template.yaml --bin ./sign_up"), "check-bad");
    assert_snapshot(
        &place.run("check template.yaml --bin ./sign_up --allow hook-not-routed --allow permission-missing"),
        "check-good",
    );
    assert_snapshot(
        &place.run("check template.yaml --bin ./sign_up --allow hook-not-routed --format json"),
        "check-json",
    );
}

/// `cargo lambda build` calls every binary `bootstrap`. Only the directory has its name.
#[test]
fn check_by_the_paths_of_cargo_lambda() {
    let place = TestDir::new();
    place.write("template.yaml", TEMPLATE);
    for name in ["sign_up", "messages"] {
        place.write(&format!("lambda/{name}/README"), "");
        std::os::unix::fs::symlink(place.path(name), place.path(&format!("lambda/{name}/bootstrap")))
            .unwrap();
    }
    let commands = [
        "check template.yaml --bin lambda/sign_up/bootstrap --bin lambda/messages/bootstrap --run-by messages=Other",
        "check template.yaml --bin lambda/sign_up/bootstrap --bin ./sign_up",
    ];
    let outputs: String = commands.map(|command| place.run(command)).concat();
    assert_snapshot(&outputs, "check-cargo-lambda");
}

/// A template, one that can't be read, and sources with too little to check.
fn check_place() -> TestDir {
    let place = TestDir::new();
    place.write("template.yaml", TEMPLATE);
    place.write("broken.yaml", "Resources: [\n");
    place.write("bucket.yaml", "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n");
    let later = TEMPLATE.replace("!GetAtt SignUp.Arn", "!Ref FunctionArn");
    place.write(
        "later.yaml",
        &format!("Parameters:\n  FunctionArn: {{Type: String}}\n{later}"),
    );
    place
}

const CHECK_ERRORS: &[&str] = &[
    "check",
    "check nothing.yaml",
    "check broken.yaml",
    "check template.yaml --allow nothing",
    "check template.yaml --bin ./nothing",
    "check template.yaml --run-by sign_up",
    "check template.yaml --run-by sign_up=SignUp",
    "check bucket.yaml",
    "check later.yaml",
    "check later.yaml --bin ./sign_up",
];

#[test]
fn check_errors() {
    assert_snapshot(&check_place().run_each(CHECK_ERRORS), "check-errors");
}

#[test]
fn wire() {
    const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:sign_up:live";
    let place = TestDir::new();
    place.write(
        "pool.json",
        r#"{"UserPool": {"Id": "eu-west-1_aB3dE6gHi", "Name": "people", "LambdaConfig": {},
            "Policies": {"PasswordPolicy": {"MinimumLength": 14}}}}"#,
    );
    place.write(
        "odd.json",
        r#"{"UserPool": {"Id": "eu-west-1_aB3dE6gHi", "Novelty": 1}}"#,
    );
    place.write(
        "lite.json",
        r#"{"UserPool": {"Id": "eu-west-1_aB3dE6gHi", "Name": "people", "UserPoolTier": "LITE"}}"#,
    );
    place.link("three_routes");
    assert_snapshot(&place.run("wire --bin ./sign_up --format sam"), "wire-sam");
    let update =
        format!("wire --bin ./sign_up --format update-user-pool --function-arn {FUNCTION} --describe");
    let outputs = [
        place.run(&format!(
            "wire --bin ./sign_up --format lambda-config --function-arn {FUNCTION}"
        )),
        place.run(&format!("{update} pool.json")),
        place.run(&format!("{update} odd.json")),
        place.run(&format!(
            "{} lite.json",
            update.replace("sign_up", "three_routes")
        )),
        place.run("wire --bin ./sign_up --format lambda-config"),
        place.run("wire --bin ./sign_up --format update-user-pool"),
    ];
    assert_snapshot(&outputs.concat(), "wire");
}
