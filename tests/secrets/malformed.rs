//! Secrets where none belongs, and events that are cut, doubled or no JSON at all.

use cognito_triggers::samples;
use serde_json::{Value, json};

use crate::marks::{MARK, marked};

/// Values of a kind that a field may not expect.
fn values() -> [Value; 5] {
    [
        json!(MARK),
        json!([MARK, [MARK]]),
        json!({ "inner": MARK, "deep": { "deeper": MARK } }),
        json!([{ "challengeName": MARK, "challengeResult": MARK }]),
        // The texts of errors often quote what comes before "expected".
        json!(format!("{MARK}, expected `{MARK}` at line 1 column 1")),
    ]
}

/// Events by what is wrong with them.
pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for sample in samples::all().filter(|sample| sample.variant.is_none()) {
        let event: Value = serde_json::from_str(&marked(sample.json)).unwrap();
        all.extend(wrong_kinds(sample.source, &event));
        all.extend(damaged(sample.source, &event.to_string()));
    }
    all.extend(no_events());
    all
}

/// Each field of the request, and the request itself, as each of the values.
fn wrong_kinds(source: &str, event: &Value) -> Vec<(String, Vec<u8>)> {
    let mut places: Vec<_> = event["request"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .map(Some)
        .collect();
    places.push(None);
    let mut all = Vec::new();
    for place in places {
        for value in values() {
            let mut event = event.clone();
            match &place {
                Some(field) => event["request"][field] = value,
                None => event["request"] = value,
            }
            all.push((
                format!("{source}: a wrong {place:?}"),
                event.to_string().into_bytes(),
            ));
        }
    }
    for field in ["version", "region", "userName", "callerContext"] {
        let mut event = event.clone();
        event[field] = json!([MARK]);
        all.push((
            format!("{source}: a wrong {field}"),
            event.to_string().into_bytes(),
        ));
    }
    all
}

fn damaged(source: &str, event: &str) -> Vec<(String, Vec<u8>)> {
    let middle = event.rfind(MARK).unwrap() + MARK.len();
    let texts = [
        ("cut off", event[..middle].to_owned()),
        ("followed by more", format!("{event} {MARK}")),
        ("in a text", Value::from(event).to_string()),
        (
            "with a field twice",
            event.replacen('{', &format!("{{\"request\": \"{MARK}\","), 1),
        ),
        (
            "with an escape that is none",
            event.replacen(MARK, &format!("{MARK}\\q"), 1),
        ),
        ("without its source", event.replacen("triggerSource", "source", 1)),
    ];
    let mut all: Vec<_> = texts
        .into_iter()
        .map(|(problem, text)| (format!("{source} {problem}"), text.into_bytes()))
        .collect();
    let mut bytes = event.as_bytes().to_vec();
    bytes.insert(middle, 0xff);
    all.push((format!("{source} in no encoding"), bytes));
    all
}

fn no_events() -> Vec<(String, Vec<u8>)> {
    let texts = [
        MARK.to_owned(),
        format!("\"{MARK}\""),
        format!("[\"{MARK}\"]"),
        format!("{{\"{MARK}\": \"{MARK}\"}}"),
        format!("{{\"Records\": [{{\"body\": \"{MARK}\"}}]}}"),
        format!("{{\"triggerSource\": null, \"request\": \"{MARK}\"}}"),
        // No line in the router, and the source itself is no word that may be logged whole.
        format!("{{\"triggerSource\": \"A password: {MARK}\", \"request\": {{\"password\": \"{MARK}\"}}}}"),
    ];
    texts
        .into_iter()
        .map(|text| ("no event".to_owned(), text.into_bytes()))
        .collect()
}
