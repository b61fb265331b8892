//! The output of every subcommand: with color and without, at 80 and 120 columns.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::process::Command;

use crate::support::{Place, Terminal, assert_snapshot};

/// One command for each kind of line that the command prints.
const COMMANDS: &[&str] = &[
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
    "explain auto-verify-without-attribute",
    "explain PreSignUp failed with error x.",
    "explain hook-not-routed",
    "explain TimedOut",
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
    "completions fishy",
    "man nothing",
    "--help",
    "replay --nothing",
];

/// Commands that write, each in a place of its own.
const WRITING: &[&str] = &[
    "replay cases --bin ./sign_up -j1 --accept",
    "replay message.event.json --bin ./messages --accept",
    "event --all-routed written --bin ./sign_up",
];

/// Commands whose output is for programs: it has no color, and no line of it is wrapped.
const FOR_PROGRAMS: &[&str] = &[
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

fn place() -> Place {
    let place = Place::new();
    place.spoil();
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
    place.write("template.yaml", crate::TEMPLATE);
    place.write("wired.yaml", crate::messages::WIRED);
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
    place.write_script("client.sh", crate::pool::CLIENT);
    place
}

/// What a command prints, with escape sequences as `‹1;31›` and `‹›`.
fn printed(place: &Place, args: &str, columns: &str, in_color: bool) -> String {
    let mut command = place.command(args);
    command.env("COLUMNS", columns);
    command.env(if in_color { "CLICOLOR_FORCE" } else { "NO_COLOR" }, "1");
    let text = place.printed(&mut command, args);
    let text = match args.starts_with("pool ") && args.contains("--port 0") {
        true => crate::pool::steady(&text),
        false => text,
    };
    let text = text.replace("\u{1b}[0m", "‹›").replace("\u{1b}[", "‹");
    // Only styles are used: each sequence ends with `m`.
    let mut output = String::new();
    let mut rest = text.as_str();
    while let Some((before, sequence)) = rest.split_once('‹') {
        let (codes, after) = sequence.split_once(['m', '›']).unwrap();
        assert!(
            codes.chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{sequence}"
        );
        output += &format!("{before}‹{codes}›");
        rest = after;
    }
    output + rest
}

/// The text without the escape sequences that [`printed`] writes.
fn without_color(text: &str) -> String {
    let parts = text.split('‹');
    let plain = |part: &str| part.split_once('›').map_or(part, |(_, after)| after).to_owned();
    parts.map(plain).collect()
}

#[test]
fn color_changes_no_text() {
    let place = place();
    for columns in ["80", "120"] {
        let mut colored = String::new();
        for args in COMMANDS {
            let text = printed(&place, args, columns, true);
            assert_eq!(
                without_color(&text),
                printed(&place, args, columns, false),
                "{args}"
            );
            colored += &text;
        }
        for args in WRITING {
            let text = printed(&self::place(), args, columns, true);
            assert_eq!(
                without_color(&text),
                printed(&self::place(), args, columns, false),
                "{args}"
            );
            colored += &text;
        }
        assert_snapshot(&colored, &format!("styles-{columns}"));
    }
}

#[test]
fn output_for_programs_is_the_same_everywhere() {
    let place = place();
    for args in FOR_PROGRAMS {
        let plain = printed(&place, args, "80", false);
        let (_, output) = plain.split_once('\n').unwrap();
        assert!(!output.starts_with('─'), "{args} prints something");
        for columns in ["80", "120"] {
            assert_eq!(printed(&place, args, columns, true), plain, "{args}");
        }
    }
}

/// What a terminal shows, without any variable, is what the snapshots have.
#[test]
fn a_terminal_shows_the_same() {
    let place = place();
    for columns in [80, 120] {
        for args in [
            "replay cases --bin ./sign_up -j1",
            "flow sign-up --bin ./sign_up",
            "check template.yaml --bin ./sign_up",
            "explain UserMigration_ForgotPassword",
            "routes --bin ./sign_up",
            "replay --help",
            "pool --no-function --bin ./sign_up",
        ] {
            let mut command = place.command(args);
            command.env("TERM", "xterm").env_remove("NO_COLOR");
            let shown = Terminal::with_columns(command, columns).end_with_colors();
            let mut command = place.command(args);
            command
                .env("COLUMNS", columns.to_string())
                .env("CLICOLOR_FORCE", "1");
            let output = command.output().unwrap();
            let expected = [output.stdout, output.stderr].concat();
            let expected = place.steady(&String::from_utf8(expected).unwrap());
            assert_eq!(place.steady(&shown), expected, "{args} at {columns}");
        }
    }
}

#[test]
fn help_and_explanations_fit_the_width() {
    let place = Place::new();
    for columns in [80, 120] {
        let mut text = String::new();
        for name in crate::SUBCOMMANDS {
            text += &printed(&place, &format!("{name} --help"), &columns.to_string(), false);
        }
        text += &printed(&place, "--help", &columns.to_string(), false);
        text += &printed(
            &place,
            "explain CustomMessage_AdminCreateUser",
            &columns.to_string(),
            false,
        );
        // The command line itself and links are not wrapped.
        let is_wrapped = |line: &&str| !line.starts_with('$') && line.trim().contains(' ');
        let lines = text.lines().filter(is_wrapped);
        let widest = lines.map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns.min(100), "{widest} columns at {columns}");
        assert_snapshot(&text, &format!("help-{columns}"));
    }
}

/// No line of a help text breaks before it is full.
#[test]
fn help_is_wrapped_by_the_terminal_only() {
    let place = Place::new();
    for name in crate::SUBCOMMANDS {
        let text = printed(&place, &format!("{name} --help"), "80", false);
        let lines: Vec<_> = text.lines().collect();
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            let is_prose = |line: &str| !line.starts_with([' ', '$', '─', '-']) && !line.is_empty();
            let word = next.split(' ').next().unwrap_or_default().chars().count();
            if is_prose(line) && is_prose(next) && !line.ends_with([':', '.']) {
                assert!(line.chars().count() + 1 + word > 80, "{name}: {line}\n{next}");
            }
        }
    }
}

/// `NO_COLOR` and `CLICOLOR_FORCE` apply to argument errors too.
#[test]
fn argument_errors_follow_the_color_rule() {
    let run = |command: &mut Command| String::from_utf8(command.output().unwrap().stderr).unwrap();
    let place = Place::new();
    assert!(run(place.command("replay --nothing").env("CLICOLOR_FORCE", "1")).contains("\u{1b}["));
    assert!(!run(place.command("replay --nothing").env("NO_COLOR", "1")).contains('\u{1b}'));
}
