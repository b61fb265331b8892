//! Malformed events with secrets: values of wrong types, truncated events, repeated keys, and input that isn't JSON.

use cognito_triggers::samples;
use serde_json::{Value, json};

use super::marked::{MARK, marked};

/// Values of every JSON type, so that each field gets some of a wrong type.
fn values() -> [Value; 5] {
    [
        json!(MARK),
        json!([MARK, [MARK]]),
        json!({ "inner": MARK, "deep": { "deeper": MARK } }),
        json!([{ "challengeName": MARK, "challengeResult": MARK }]),
        // The text of a parser's error is often cut at "expected".
        json!(format!("{MARK}, expected `{MARK}` at line 1 column 1")),
    ]
}

/// All malformed events, each with a description of what is wrong with it.
pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for sample in samples::all().filter(|sample| sample.variant.is_none()) {
        let event: Value = serde_json::from_str(&marked(sample.json)).unwrap();
        all.extend(wrong_types(sample.source, &event));
        all.extend(damaged(sample.source, &event.to_string()));
    }
    all.extend(no_events());
    all
}

/// The event with each of the [`values`] in each field of the request, and in place of the request.
fn wrong_types(source: &str, event: &Value) -> Vec<(String, Vec<u8>)> {
    let mut fields: Vec<_> = event["request"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .map(Some)
        .collect();
    fields.push(None);
    let mut all = Vec::new();
    for field in fields {
        for value in values() {
            let mut event = event.clone();
            match &field {
                Some(field) => event["request"][field] = value,
                None => event["request"] = value,
            }
            all.push((
                format!("{source}: a wrong {field:?}"),
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
        ("in a string", Value::from(event).to_string()),
        (
            "with a field twice",
            event.replacen('{', &format!("{{\"request\": \"{MARK}\","), 1),
        ),
        (
            "with an invalid escape",
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
    all.push((format!("{source} that isn't UTF-8"), bytes));
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
        // No route for it, and a source that must not be logged as it is.
        format!("{{\"triggerSource\": \"A password: {MARK}\", \"request\": {{\"password\": \"{MARK}\"}}}}"),
    ];
    texts
        .into_iter()
        .map(|text| ("no event".to_owned(), text.into_bytes()))
        .collect()
}
