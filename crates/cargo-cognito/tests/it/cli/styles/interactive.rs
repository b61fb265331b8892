//! The same for output that depends on a terminal or on time: `--review`, the progress bar, and `--watch`.

use std::{sync::mpsc::channel, thread, time::Duration};

use super::{escaped, set_color, without_color};
use crate::{
    cli::watch::Watching,
    support::{Terminal, TestDir, assert_snapshot, serve},
};

/// A command in a terminal.
fn in_terminal(place: &TestDir, line: &str, columns: u16, in_color: bool) -> Terminal {
    let mut command = place.command(line);
    command.env("TERM", "xterm");
    set_color(&mut command, in_color);
    Terminal::with_columns(command, columns)
}

/// Compares with the snapshot of this name what a terminal shows in color. It is the same in both widths, and without color.
#[track_caller]
fn assert_shown(name: &str, shown: impl Fn(u16, bool) -> String) {
    let text = escaped(&shown(80, true));
    assert_eq!(escaped(&shown(120, true)), text);
    for columns in [80, 120] {
        assert_eq!(shown(columns, false), without_color(&text));
    }
    assert_snapshot(&text, name);
}

/// The answers don't fit a line, so each width has a snapshot.
#[test]
fn the_questions_of_review() {
    let shown = |columns, in_color| {
        let place = TestDir::new();
        place.corrupt_answer();
        let line = "replay cases --bin ./sign_up --review -j1";
        let mut terminal = in_terminal(&place, line, columns, in_color);
        for answer in ["perhaps", "n", "y", "q"] {
            terminal.wait_for("approve this answer? [y]es, [n]o, [q]uit: ");
            terminal.type_line(answer);
        }
        place.normalize(&terminal.end_with_colors())
    };
    for columns in [80, 120] {
        let text = escaped(&shown(columns, true));
        assert_eq!(shown(columns, false), without_color(&text));
        assert_snapshot(&text, &format!("styles-review-{columns}"));
    }
}

#[test]
fn the_bar_of_a_long_run() {
    assert_shown("styles-bar", |columns, in_color| {
        let place = TestDir::new();
        for suffix in ["event", "answer"] {
            for name in ["a", "b"] {
                place.write_event(
                    &format!("long/{name}.{suffix}.json"),
                    "PostConfirmation_ConfirmSignUp",
                );
            }
        }
        let (go_on, may_go_on) = channel();
        let address = serve(move |event| {
            may_go_on.recv().unwrap();
            format!("200 OK\n\n{event}")
        });
        let line = format!("replay long --url http://{address}/ -j1 --deadline 60s");
        let mut terminal = in_terminal(&place, &line, columns, in_color);
        // Only a run that takes more than a second has a progress bar, and it may start late.
        thread::sleep(Duration::from_secs(3));
        go_on.send(()).unwrap();
        terminal.wait_for("1/2");
        go_on.send(()).unwrap();
        place.normalize(&terminal.end_with_colors())
    });
}

#[test]
fn the_lines_between_the_runs_of_watch() {
    assert_shown("styles-watch", |columns, in_color| {
        let place = TestDir::new();
        let answer = place.read("cases/invited.answer.json");
        let mut command = place.command("replay cases --bin ./sign_up --watch -j1");
        command.env("COLUMNS", columns.to_string());
        set_color(&mut command, in_color);
        let watching = Watching::start_command(&place, command);
        watching.wait_for("2 cases: 2 passed");
        place.write("cases/invited.answer.json", &answer.replace("true", "false"));
        watching.wait_for("2 cases: 1 passed, 1 different");
        place.remove("sign_up");
        watching.wait_for("to have it built");
        let shown = watching.output();
        assert_eq!(watching.interrupt(), Some(130));
        shown
    });
}
