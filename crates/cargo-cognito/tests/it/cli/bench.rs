//! `bench`, with real binaries. What it measures differs from run to run, so its lines are no snapshots.
#![cfg(target_os = "linux")]

use serde_json::Value;

use crate::support::{TestDir, assert_snapshot, stdout};

#[test]
fn two_binaries_are_measured_and_compared() {
    let place = TestDir::new();
    let run = place.run("bench --bin ./sign_up --against ./sign_up --rounds 3 --calls 20 --format json");
    assert!(run.ends_with("─── exit code 0\n"), "{run}");
    let report: Value = serde_json::from_str(stdout(&run)).unwrap();
    assert_eq!((&report["rounds"], &report["calls"]), (&3.into(), &20.into()));
    assert_eq!(report["binaries"].as_array().unwrap().len(), 2);
    let measured = report["binaries"][0]["measured"].as_object().unwrap();
    assert_eq!(measured.len(), 8);
    for (name, spread) in measured {
        let [low, median, high] = ["low", "median", "high"].map(|part| spread[part].as_f64().unwrap());
        assert!(0.0 < low && low <= median && median <= high, "{name}: {spread}");
    }
    let of = |name: &str| measured[name]["median"].as_f64().unwrap();
    assert!(of("first_poll_ms") < of("first_answer_ms"));
    assert!(of("call_p50_us") <= of("call_p99_us"));
    let size = place.path("sign_up").metadata().unwrap().len();
    assert!((of("size_kib") * 1024.0 - size as f64).abs() < 1.0);
    // The same binary twice has the same size.
    assert_eq!(report["ratios"][0]["ratios"]["size_kib"]["median"], 1.0);
    assert_eq!(report["ratios"][0]["to"], "./sign_up");
}

/// A row with its numbers as `N`, and the spaces between them as one: both differ from run to run.
fn without_numbers(line: &str) -> String {
    let Some(row) = line.strip_prefix("  ") else {
        return line.to_owned();
    };
    let is_number = |word: &str| word.contains('–') || word.parse::<f64>().is_ok();
    let words = row.split_whitespace();
    let words = words.map(|word| if is_number(word) { "N" } else { word });
    format!("  {}", words.collect::<Vec<_>>().join(" "))
}

#[test]
fn a_table_has_a_row_for_each_quantity() {
    let line = "bench --bin ./sign_up --against ./sign_up --event sign_up.json --rounds 1 --calls 5";
    let run = place().run(line);
    let text = stdout(&run);
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{run}");
    let lines: Vec<_> = text.lines().map(without_numbers).collect();
    assert_snapshot(&lines.join("\n"), "bench-table");
    let in_color = place().run(&format!("CLICOLOR_FORCE=1 {line}"));
    assert_eq!(
        in_color.matches("\n\u{1b}[1m./sign_up\u{1b}[0m\n").count(),
        2,
        "{in_color}"
    );
}

/// Events and functions that can't be measured.
pub(crate) fn place() -> TestDir {
    let place = TestDir::new();
    place.link_misbehaving();
    place.write_event("sign_up.json", "PreSignUp_SignUp");
    place.write_event("confirmed.json", "PostConfirmation_ConfirmSignUp");
    place.write("broken.json", "{");
    place.write_script("ends", "#!/bin/sh\necho the table is missing >&2\nexit 3\n");
    place
}

pub(crate) const ERRORS: &[&str] = &[
    "bench --bin ./nowhere",
    "bench --bin /bin/true",
    "bench --bin ./ends --event confirmed.json",
    "bench --bin ./sign_up --event confirmed.json",
    "bench --bin ./sign_up --against ./ends --rounds 1 --calls 1",
    "bench --bin ./sign_up --event broken.json",
    "bench --bin ./sign_up --event nowhere.json",
    "bench --bin ./sign_up --rounds 0",
    "bench",
];

#[test]
fn what_cannot_be_measured_is_an_error() {
    assert_snapshot(&place().run_each(ERRORS), "bench-errors");
}

pub(crate) const FAULTS: &[&str] = &[
    "FAKE=init-error bench --bin ./misbehaving --event sign_up.json --rounds 1 --calls 1",
    "FAKE=init-error-without-words bench --bin ./misbehaving --event sign_up.json --rounds 1 --calls 1",
    "FAKE=exit-at-start bench --bin ./misbehaving --event sign_up.json --rounds 1 --calls 1",
    "FAKE=resets bench --bin ./misbehaving --event sign_up.json --rounds 1 --calls 1",
];

#[test]
fn a_function_that_never_answers_says_why() {
    assert_snapshot(&place().run_each(FAULTS), "bench-faults");
}
