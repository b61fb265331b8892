//! The output of every subcommand: with color and without, at 80 and 120 columns.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "styles/commands.rs"]
mod commands;
#[path = "styles/interactive.rs"]
mod interactive;

use std::process::Command;

use self::commands::{COMMANDS, FOR_PROGRAMS, GROUPS, Group, IN_TERMINAL, WRITING, place};
use crate::support::{Terminal, TestDir, assert_snapshot, serve, without_bar};

/// Sets the variables that turn colors on or off.
fn set_color(command: &mut Command, in_color: bool) {
    command.env(if in_color { "CLICOLOR_FORCE" } else { "NO_COLOR" }, "1");
}

/// What a command prints, with colors as `‹1;31›` and `‹›`.
fn printed(place: &TestDir, line: &str, columns: &str, in_color: bool) -> String {
    let mut command = place.command(line);
    command.env("COLUMNS", columns);
    set_color(&mut command, in_color);
    let text = place.printed(&mut command, line);
    match line.starts_with("pool ") && line.contains("--port 0") {
        true => escaped(&crate::cli::pool::normalize(&text)),
        false => escaped(&text),
    }
}

/// Writes the sequences that set colors as `‹1;31›` and `‹›`. There may be no others.
fn escaped(text: &str) -> String {
    let mut output = String::new();
    let mut rest = text;
    while let Some((before, sequence)) = rest.split_once("\u{1b}[") {
        let (codes, after) = sequence.split_once('m').unwrap();
        assert!(
            codes.chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{sequence}"
        );
        output += &format!("{before}‹{}›", if codes == "0" { "" } else { codes });
        rest = after;
    }
    output + rest
}

/// The text without the colors that [`escaped`] writes.
fn without_color(text: &str) -> String {
    let parts = text.split('‹');
    let plain = |part: &str| part.split_once('›').map_or(part, |(_, after)| after).to_owned();
    parts.map(plain).collect()
}

/// What a command prints in color at 80 columns. It prints the same text without color at 120 columns.
#[track_caller]
fn colored(place: &TestDir, line: &str) -> String {
    let text = printed(place, line, "80", true);
    assert_eq!(without_color(&text), printed(place, line, "120", false), "{line}");
    text
}

#[test]
fn color_changes_no_text() {
    let place = place();
    for columns in ["80", "120"] {
        let mut text = String::new();
        for line in COMMANDS.iter().chain(crate::cli::WRONG_ARGUMENTS) {
            let colored = printed(&place, line, columns, true);
            assert_eq!(
                without_color(&colored),
                printed(&place, line, columns, false),
                "{line}"
            );
            text += &colored;
        }
        assert_snapshot(&text, &format!("styles-{columns}"));
    }
}

#[test]
fn commands_that_write_have_color_too() {
    let mut text = String::new();
    for line in WRITING {
        let colored = printed(&place(), line, "80", true);
        assert_eq!(
            without_color(&colored),
            printed(&place(), line, "120", false),
            "{line}"
        );
        text += &colored;
    }
    assert_snapshot(&text, "styles-writing");
}

/// Errors and reports of faults are not wrapped, so one snapshot holds for both widths.
#[test]
fn faults_have_color_too() {
    let group = |(name, place, lists): &Group| {
        let place = place();
        let lines = lists.iter().copied().flatten();
        let text: String = lines.map(|line| colored(&place, line)).collect();
        assert_snapshot(&text, &format!("styles-{name}"));
    };
    // Some of them wait, each for its own time limit.
    std::thread::scope(|scope| {
        for row in GROUPS {
            scope.spawn(|| group(row));
        }
    });
}

#[test]
fn responses_of_endpoints_have_color_too() {
    let place = crate::cli::faults::place();
    let mut text = String::new();
    for response in crate::cli::faults::RESPONSES {
        let address = serve(|_| (*response).to_owned());
        let shown = colored(&place, &format!("replay one --url http://{address}/"));
        text += &shown.replace(&address.to_string(), "[ADDRESS]");
    }
    assert_snapshot(&text, "styles-endpoint");
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

/// Lists, reports and messages are broken between words in a terminal.
#[test]
fn a_terminal_gets_lines_that_fit() {
    let place = place();
    for columns in [80, 120] {
        let mut text = String::new();
        for args in IN_TERMINAL {
            let mut command = place.command(args);
            command.env("TERM", "xterm").env("NO_COLOR", "1");
            let shown = without_bar(&Terminal::with_columns(command, columns).end());
            let shown = place.normalize(&shown);
            let is_kept = |line: &str| {
                let line = line.trim_start();
                line.split(' ').count() == 1
                    || line.contains(" | ")
                    || line.starts_with('|')
                    || line.starts_with("cargo ")
            };
            for line in shown.lines().filter(|line| !is_kept(line)) {
                assert!(
                    line.chars().count() <= columns.into(),
                    "{args} at {columns}: {line}"
                );
            }
            text += &format!("$ cargo cognito {args}\n{shown}\n");
        }
        assert_snapshot(&text, &format!("terminal-{columns}"));
    }
}

/// What a terminal shows, without any variable, is what the snapshots have. Only its lines are broken.
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
            let shown = without_bar(&Terminal::with_columns(command, columns).end_with_colors());
            let mut command = place.command(args);
            command.env("COLUMNS", columns.to_string());
            set_color(&mut command, true);
            let output = command.output().unwrap();
            let expected = [output.stdout, output.stderr].concat();
            let expected = place.normalize(&String::from_utf8(expected).unwrap());
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(
                words(&place.normalize(&shown)),
                words(&expected),
                "{args} at {columns}"
            );
        }
    }
}

#[test]
fn help_and_explanations_fit_the_width() {
    let place = TestDir::new();
    for columns in [80, 120] {
        let mut text = String::new();
        for name in crate::cli::SUBCOMMANDS {
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
    let place = TestDir::new();
    for name in crate::cli::SUBCOMMANDS {
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
    let place = TestDir::new();
    assert!(run(place.command("replay --nothing").env("CLICOLOR_FORCE", "1")).contains("\u{1b}["));
    assert!(!run(place.command("replay --nothing").env("NO_COLOR", "1")).contains('\u{1b}'));
}
