//! Cases from samples, and the binaries of this crate's examples.

use std::{path::PathBuf, process::Command};

use cognito_triggers_model::{json::Json, samples};
use cognito_triggers_replay::{Approved, Case};

/// The path of a compiled example of this crate. Cargo builds the examples with the tests.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("examples").join(name);
    if !path.exists() {
        // `cargo test --test NAME` doesn't build them.
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let args = [
            "build",
            "--quiet",
            "--all-features",
            "--package",
            env!("CARGO_PKG_NAME"),
            "--example",
            name,
        ];
        assert!(Command::new(cargo).args(args).status().unwrap().success());
    }
    path
}

/// Cases of the plain samples of some sources. The approved answer is the event itself.
pub(crate) fn cases(sources: &[&str]) -> Vec<Case> {
    sources
        .iter()
        .map(|source| {
            let sample = samples::find(source, None, None).unwrap();
            let json = Json::parse(sample.json).unwrap();
            Case {
                name: (*source).to_owned(),
                event_path: format!("{source}.event.json").into(),
                event: sample.json.into(),
                event_json: json.clone(),
                answer_path: format!("{source}.answer.json").into(),
                approved: Some(Approved::new(sample.json.to_owned(), json)),
            }
        })
        .collect()
}

/// A report with `[TIME]` for every duration.
pub(crate) fn no_durations(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once("s]") {
            Some((number, after)) if number.trim().parse::<f64>().is_ok() => {
                plain.push_str("[TIME]");
                rest = after;
            }
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain + rest
}
