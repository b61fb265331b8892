//! The commands whose output is held in color and without.

use crate::{
    cli::{binaries, faults, flow, inputs, messages},
    support::TestDir,
};

/// One command for each kind of line that the command prints.
pub(super) const COMMANDS: &[&str] = &[
    "replay cases --bin ./sign_up -j1",
    "replay cases --bin ./sign_up -j1 --log full --filter unrouted",
    "replay message.event.json --bin ./messages",
    "invoke cases/deep/unrouted.event.json broken.json --bin ./sign_up",
    "invoke cases/deep/unrouted.event.json --bin ./sign_up --pretty",
    "flow sign-up --bin ./sign_up",
    "flow waiting.flow.json --bin ./sign_up",
    "check template.yaml --bin ./sign_up",
    "check template.yaml --bin ./sign_up --allow hook-not-routed --allow permission-missing",
    "routes --bin ./sign_up",
    "event PreSignUp_Signup",
    "event --variants CustomMessage_Authentication",
    "explain UserMigration_ForgotPassword",
    "explain Nothing",
    "explain",
    "explain auto-verify-without-attribute",
    "explain PreSignUp failed with error x.",
    "explain hook-not-routed",
    "explain TimedOut",
    "explain Unhandled",
    "explain Malformed",
    "explain PreSignUpp",
    "wire --bin ./sign_up --format lambda-config",
    "wire --bin ./sign_up --format lambda-config --function-arn arn:aws:lambda:eu-west-1:123456789012:function:f",
    "wire --bin ./sign_up --format update-user-pool --describe pool.json --function-arn arn:aws:lambda:eu-west-1:123456789012:function:f",
    "replay --bin ./absent",
    "replay odd --bin ./sign_up -j1",
    "replay cases/nothing.event.json --bin ./sign_up",
    "replay cases --filter nothing --bin ./sign_up",
    "replay message.event.json --bin ./messages --attempts 2",
    "replay cases --bin ./sign_up --fail-fast -j1 --quiet",
    "replay cases/invited.event.json --bin /bin/true",
    "replay cases --bin ./sign_up --review",
    "invoke cases/invited.event.json cases/deep/stranger.event.json --bin ./sign_up --log full",
    "invoke cases/invited.event.json --bin /bin/true",
    "flow nothing --bin ./sign_up",
    "check nothing.yaml",
    "check template.yaml --no-bin --allow permission-missing",
    "check wired.yaml --bin ./sign_up",
    "routes --bin /bin/true",
    "event PreSignUp_SignUp --set request.nothing=1",
    "pool --bin ./sign_up --port 0 --seed 1 --code 123456 -- ./client.sh",
    "pool --no-function --port 0 -- ./no-such-command",
    "pool --no-function --bin ./sign_up",
    "replay cases message.event.json --bin ./sign_up --bin ./messages -j1",
    "replay cases --bin ./sign_up --bin ./sign_up",
    "invoke nowhere.json --bin ./sign_up",
    "invoke cases/invited.event.json --url http://127.0.0.1:1",
    "invoke cases/invited.event.json --url localhost",
    "flow waiting.flow.json --bin ./sign_up --log full",
    "wire --bin ./sign_up --format update-user-pool",
    "explain permision-missing",
    "--help",
    "replay --nothing",
];

/// Commands that other tests have without color: their place, and the lists.
pub(super) type Group = (&'static str, fn() -> TestDir, &'static [&'static [&'static str]]);

pub(super) const GROUPS: &[Group] = &[
    (
        "events",
        TestDir::new,
        &[crate::cli::EVENT_ERRORS, messages::IMPOSSIBLE_EVENTS],
    ),
    ("inputs", inputs::broken, &[inputs::BROKEN]),
    ("paths", binaries::unusable, &[binaries::UNUSABLE]),
    ("binaries", messages::workspace, &[messages::BINARIES]),
    (
        "faults",
        faults::place,
        &[faults::REPLAY, faults::INVOKE, faults::SLOW, faults::ATTEMPTS],
    ),
    ("routes", faults::binaries, &[faults::ROUTES]),
    ("files", faults::files, &[faults::FILES]),
    ("flow", flow::place, &[flow::COMMANDS]),
    ("check", crate::cli::check_place, &[crate::cli::CHECK_ERRORS]),
    #[cfg(target_os = "linux")]
    (
        "bench",
        crate::cli::bench::place,
        &[crate::cli::bench::ERRORS, crate::cli::bench::FAULTS],
    ),
];

/// Commands that write, each in a place of its own.
pub(super) const WRITING: &[&str] = &[
    "replay cases --bin ./sign_up -j1 --accept",
    "replay message.event.json --bin ./messages --accept",
    "event --all-routed written --bin ./sign_up",
];

/// Commands whose lines don't fit a terminal.
pub(super) const IN_TERMINAL: &[&str] = &[
    "event",
    "event --variants CustomMessage_Authentication",
    "flow --list",
    "replay cases message.event.json --bin ./sign_up --bin ./messages -j1",
    "check template.yaml --bin ./sign_up",
    "flow waiting.flow.json --bin ./sign_up",
    "event PreSignUp_Signup",
    "explain PreSignUpp",
    "replay cases --filter nothing --bin ./sign_up",
    "replay cases --bin ./absent",
    "wire --bin ./sign_up --format lambda-config",
    "wire --bin ./sign_up --format update-user-pool --describe pool.json --function-arn arn:aws:lambda:eu-west-1:123456789012:function:f",
];

/// Commands whose output is for programs: it has no color, and no line of it is wrapped.
pub(super) const FOR_PROGRAMS: &[&str] = &[
    "event",
    "event PreSignUp_SignUp",
    "schema",
    "man",
    "man replay",
    "completions bash",
    "completions zsh",
    "completions fish",
    "replay cases --bin ./sign_up -j1 --format json",
    "replay cases --bin ./sign_up -j1 --format junit",
    "check template.yaml --bin ./sign_up --format json",
    "wire --bin ./sign_up --format sam",
    "wire --bin ./sign_up --format terraform",
    "wire --bin ./sign_up --format cdk",
    "flow sign-up --print",
];

pub(super) fn place() -> TestDir {
    let place = TestDir::new();
    place.corrupt_answer();
    place.write_event("message.event.json", "CustomMessage_SignUp");
    let event = place.read("message.event.json");
    let (_, name) = event.split_once("\"userName\": \"").unwrap();
    let (name, _) = name.split_once('"').unwrap();
    place.write("message.event.json", &event.replace(name, "careless"));
    place.write("broken.json", "{\"triggerSource\": oops}");
    place.write(
        "waiting.flow.json",
        r#"{"calls": [{"call": "SignUp", "expect": "UserLambdaValidationException"}]}"#,
    );
    place.write("template.yaml", crate::cli::TEMPLATE);
    place.write("wired.yaml", messages::WIRED);
    place.write(
        "pool.json",
        r#"{"UserPool": {"Id": "eu-west-1_aB3dE6gHi", "Name": "people", "LambdaConfig": {}}}"#,
    );
    let event = place.read("cases/invited.event.json");
    place.write(
        "odd/signup.event.json",
        &event.replace("PreSignUp_SignUp", "PreSignUp_Signup"),
    );
    place.write("odd/cut.event.json", "{\"version\": \"1\"");
    place.write("odd/alone.answer.json", "{}");
    place.write_script("client.sh", crate::cli::pool::CLIENT);
    place
}
