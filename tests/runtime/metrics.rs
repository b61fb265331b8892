//! The lines of metrics that a process writes: one for each call, whatever happens to it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    AUTHENTICATED, CONFIRMED, SIGN_UP,
    api::{Api, Function, Reply},
};

/// An API that sends each of these events a number of times, each time under an id of its own.
fn sending(events: &'static [&'static str], times: usize) -> Api {
    let count = events.len() * times;
    Api::start(move |request, number| match request.is_next() {
        true if number <= count => Reply::event(&format!("id-{number}"), events[number % events.len()]),
        true => Reply::Hold,
        false => Reply::status(202),
    })
}

/// What a function prints in a mode until it has answered all events.
fn printed(mode: &str, events: &'static [&'static str], times: usize, concurrency: &str) -> String {
    let api = sending(events, times);
    let settings = [
        ("MODE", mode),
        ("METRICS", "1"),
        ("AWS_LAMBDA_MAX_CONCURRENCY", concurrency),
        ("RUST_BACKTRACE", "0"),
    ];
    let function = Function::start(&api, &settings);
    let calls = events.len() * times;
    assert!(api.wait(|requests| requests.iter().filter(|request| !request.is_next()).count() == calls));
    function.terminate();
    function.end().stdout
}

/// The lines of metrics. A line that has some, and not at its beginning, fails the test.
fn lines(printed: &str) -> Vec<Value> {
    let lines = printed.lines().filter(|line| line.contains("CloudWatchMetrics"));
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Route and outcome of each line, and how often.
fn outcomes(printed: &str) -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    for line in lines(printed) {
        let outcome = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"][1]["Name"];
        let [route, outcome] = [&line["route"], outcome].map(|text| text.as_str().unwrap().to_owned());
        *found.entry((route, outcome)).or_default() += 1;
    }
    found
}

fn expected<const N: usize>(rows: [(&str, &str, usize); N]) -> BTreeMap<(String, String), usize> {
    let row = |(route, outcome, count): (&str, &str, usize)| ((route.to_owned(), outcome.to_owned()), count);
    rows.map(row).into()
}

#[test]
fn each_call_has_one_line_of_metrics() {
    let printed = printed("", &[SIGN_UP, CONFIRMED, AUTHENTICATED, "[]"], 2, "1");
    assert_eq!(
        outcomes(&printed),
        expected([
            ("none", "Malformed", 2),
            ("post_authentication", "Panicked", 2),
            ("post_confirmation", "Answered", 2),
            ("pre_sign_up", "Answered", 2),
        ])
    );
}

/// The function ends its call before the layer does, or never sees it.
#[test]
fn a_layer_decides_the_outcome_that_is_counted() {
    // A timeout of 100 ms in front of a handler that takes 400 ms.
    let timed = printed("layers", &[CONFIRMED, SIGN_UP], 1, "1");
    let failed = ("post_confirmation", "Failed", 1);
    assert_eq!(
        outcomes(&timed),
        expected([failed, ("pre_sign_up", "Answered", 1)])
    );
    let duration = |line: &Value| line["Duration"].as_f64().unwrap();
    assert!(
        lines(&timed).iter().any(|line| duration(line) >= 100.0),
        "{timed}"
    );

    let panicked = printed("panicking-layer", &[SIGN_UP], 3, "1");
    assert_eq!(outcomes(&panicked), expected([("pre_sign_up", "Panicked", 3)]));

    let pinged = printed("observing-layer", &[r#"{"ping":true}"#], 1, "1");
    assert_eq!(outcomes(&pinged), expected([("none", "Answered", 1)]));
}

#[test]
fn lines_of_concurrent_calls_are_whole() {
    let printed = printed("", &[SIGN_UP, AUTHENTICATED], 300, "32");
    assert_eq!(
        outcomes(&printed),
        expected([
            ("post_authentication", "Panicked", 300),
            ("pre_sign_up", "Answered", 300)
        ])
    );
    // Lines of the log among them are whole, too.
    let log = printed.lines().filter(|line| line.contains("trigger{request_id"));
    assert!(log.count() >= 600, "{printed:.3000}");
}

#[test]
fn lambda_passes_the_lines_at_any_level() {
    let api = sending(&[SIGN_UP], 1);
    let settings = [
        ("METRICS", "1"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_LEVEL", "ERROR"),
    ];
    let function = Function::start(&api, &settings);
    assert!(api.wait(|requests| requests.iter().filter(|request| request.is_next()).count() == 2));
    function.terminate();
    let printed = function.end().stdout;
    let [line] = &lines(&printed)[..] else {
        panic!("{printed}")
    };
    assert_eq!(line["level"], "ERROR");
    assert_eq!(printed.lines().count(), 1, "{printed}");
}
