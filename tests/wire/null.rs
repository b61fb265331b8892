//! Every field may be null and every field may be absent: whatever a handler needs, it has to ask for.

use cognito_triggers::samples;
use serde_json::Value;

use crate::support::{self, Caller};

/// The JSON pointers of everything in a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut visit = |key: &str, inner: &Value| {
        let place = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        places(inner, &place, found);
        found.push(place);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| visit(key, inner)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(at, inner)| visit(&at.to_string(), inner)),
        _ => (),
    }
}

fn without(event: &Value, place: &str) -> Value {
    let mut event = event.clone();
    let (parent, key) = place.rsplit_once('/').unwrap();
    match event.pointer_mut(parent).unwrap() {
        Value::Object(map) => drop(map.remove(&key.replace("~1", "/").replace("~0", "~"))),
        Value::Array(list) => drop(list.remove(key.parse().unwrap())),
        _ => unreachable!("a place is within something"),
    }
    event
}

#[test]
fn nothing_but_the_source_has_to_be_there() {
    let caller = Caller::new(support::defaults());
    let mut tried = 0;
    for sample in samples::all() {
        let event: Value = serde_json::from_str(sample.json).unwrap();
        let mut all = Vec::new();
        places(&event, "", &mut all);
        // What an event is shows in these two. Where there is no `response`, `request.type` may say it.
        all.retain(|place| !["/triggerSource", "/version"].contains(&place.as_str()));
        for place in all {
            let mut null = event.clone();
            *null.pointer_mut(&place).unwrap() = Value::Null;
            for changed in [null, without(&event, &place)] {
                let (answer, calls) = caller.call(changed.to_string().as_bytes());
                let name = support::name(sample);
                let answer = answer.unwrap_or_else(|refusal| panic!("{name} {place}: {}", refusal.detail()));
                assert_eq!(calls[0].route, sample.route.as_str(), "{name} {place}");
                let answer: Value = serde_json::from_slice(answer.as_bytes()).unwrap();
                assert_eq!(answer["request"], changed["request"], "{name} {place}");
                tried += 1;
            }
        }
    }
    assert!(tried > 2000, "{tried}");
}
