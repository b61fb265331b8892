//! Every trigger has a file with its parts in the usual order, samples, golden answers, and cases in the example.

use std::collections::BTreeSet;

use cognito_triggers::{model::triggers::DEFINITIONS, samples};

use crate::{files, read, root, shipped};

/// The parts of a trigger's file, in this order. Each part may begin in one of these ways.
const PARTS: [(&str, &[&str]); 7] = [
    ("what it is for", &["//! "]),
    ("the marker", &["\npub struct "]),
    ("`Trigger`", &["\nimpl Trigger for "]),
    ("the sources", &["\ntrigger::sources! {"]),
    ("the request", &["\npub struct Request {"]),
    (
        "the response",
        &["\npub struct Response {", "\npub enum Response {"],
    ),
    ("the unit tests", &["\n#[cfg(test)]"]),
];

/// The parts that a version of token generation may take from another version with `pub use`.
const SHARED: [&str; 3] = ["the sources", "the request", "the response"];

#[test]
fn every_file_has_its_parts_in_their_order() {
    for definition in DEFINITIONS {
        let path = format!(
            "crates/cognito-triggers-model/src/triggers/{}.rs",
            definition.route
        );
        let source = read(&path);
        let mut last = (0, "the beginning");
        for (part, beginnings) in PARTS {
            let place = beginnings.iter().find_map(|beginning| source.find(beginning));
            let Some(place) = place else {
                let shared = SHARED.contains(&part)
                    && source.contains("\npub use crate::triggers::pre_token_generation");
                assert!(shared || part == "the unit tests", "{path}: where is {part}?");
                continue;
            };
            assert!(place >= last.0, "{path}: {part} comes before {}", last.1);
            last = (place, part);
        }
    }
}

#[test]
fn every_trigger_names_its_source_and_the_error_text() {
    for definition in DEFINITIONS {
        let path = format!(
            "crates/cognito-triggers-model/src/triggers/{}.rs",
            definition.route
        );
        let docs: String = read(&path)
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .collect::<Vec<_>>()
            .join("");
        let shared = docs.contains("module [`pre_token_generation`]");
        assert!(
            docs.contains(&format!("({})", definition.page)) || shared,
            "{path} links to no page of AWS"
        );
        // Cognito ignores the error of a custom sender, and its text for an error of inbound federation isn't known.
        let silent = definition.route.is_custom_sender() || definition.hook == "InboundFederation";
        let text = format!("`{} failed with error …`", definition.error_name);
        assert!(
            docs.contains(&text) || silent,
            "{path} doesn't say that the user reads {text}"
        );
        assert!(
            docs.contains("rror"),
            "{path} doesn't say what happens to an error"
        );
    }
}

#[test]
fn every_route_has_samples() {
    for definition in DEFINITIONS {
        for source in definition.sources {
            let plain = samples::find(source.name, definition.lambda_version, None);
            let route = plain.map(|sample| sample.route);
            assert_eq!(
                route,
                Some(definition.route),
                "{} has no plain sample",
                source.name
            );
        }
    }
}

#[test]
fn the_example_has_a_case_for_every_source() {
    let cases = "examples/every-trigger/cases";
    let mut covered = BTreeSet::new();
    for path in files(cases, ".event.json") {
        let event: serde_json::Value = serde_json::from_str(&read(&path)).unwrap();
        let route = path.split('/').rev().nth(1).unwrap();
        covered.insert((
            route.to_owned(),
            event["triggerSource"].as_str().unwrap().to_owned(),
        ));
        let answer = path.replace(".event.json", ".answer.json");
        assert!(root().join(&answer).exists(), "{path} has no answer");
    }
    for definition in DEFINITIONS {
        for source in definition.sources {
            let case = (definition.route.to_string(), source.name.to_owned());
            assert!(
                covered.contains(&case),
                "no case for {} in {cases}/{}",
                source.name,
                definition.route
            );
        }
    }
}

#[test]
fn every_mistake_in_ui_is_tried() {
    let list = read("tests/ui/ui.rs");
    for path in files("tests/ui/router", ".rs") {
        let listed = format!("\"{}\"", path.strip_prefix("tests/ui/").unwrap());
        assert!(list.contains(&listed), "tests/ui/ui.rs doesn't try {path}");
        // A snapshot with a warning would hide the message under test.
        let message = path.replace(".rs", ".stderr");
        if root().join(&message).exists() {
            assert!(
                !read(&message).starts_with("warning"),
                "{message} begins with a warning"
            );
        }
        assert_eq!(shipped(&read(&path)), read(&path));
    }
}
