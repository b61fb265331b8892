//! Every field of an event may be null or absent, except `triggerSource` and `version`.

use cognito_triggers::samples;
use serde_json::Value;

use super::support::{self, Caller};

/// Adds the JSON pointers of everything in a value, whose own pointer is `parent`, to `found`.
fn pointers(value: &Value, parent: &str, found: &mut Vec<String>) {
    let mut visit = |key: &str, inner: &Value| {
        let pointer = format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"));
        pointers(inner, &pointer, found);
        found.push(pointer);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| visit(key, inner)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, inner)| visit(&index.to_string(), inner)),
        _ => (),
    }
}

/// The event without the value at a pointer.
fn without(event: &Value, pointer: &str) -> Value {
    let mut event = event.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match event.pointer_mut(parent).unwrap() {
        Value::Object(map) => drop(map.remove(&key.replace("~1", "/").replace("~0", "~"))),
        Value::Array(items) => drop(items.remove(key.parse().unwrap())),
        _ => unreachable!("only objects and arrays contain values"),
    }
    event
}

#[test]
fn every_field_but_the_source_may_be_null_or_absent() {
    let caller = Caller::new(support::defaults());
    let mut tried = 0;
    for sample in samples::all() {
        let event: Value = serde_json::from_str(sample.json).unwrap();
        let mut all = Vec::new();
        pointers(&event, "", &mut all);
        // These two select the route. An event of a custom sender has no `response`, and there `request.type` may do so.
        all.retain(|pointer| !["/triggerSource", "/version"].contains(&pointer.as_str()));
        for pointer in all {
            let mut null = event.clone();
            *null.pointer_mut(&pointer).unwrap() = Value::Null;
            for changed in [null, without(&event, &pointer)] {
                let (answer, calls) = caller.call(changed.to_string().as_bytes());
                let name = support::name(sample);
                let answer =
                    answer.unwrap_or_else(|refusal| panic!("{name} {pointer}: {}", refusal.detail()));
                assert_eq!(calls[0].route, sample.route.as_str(), "{name} {pointer}");
                let answer: Value = serde_json::from_slice(answer.as_bytes()).unwrap();
                assert_eq!(answer["request"], changed["request"], "{name} {pointer}");
                tried += 1;
            }
        }
    }
    assert!(tried > 2000, "{tried}");
}
