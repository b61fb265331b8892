//! An arbitrary event and an arbitrary `response`, separated by a zero byte. The rules find the same in bytes as in parsed
//! JSON, and no text of a caller hides a finding.

#![no_main]

use bytes::Bytes;
use cognito_triggers::model::rules::{self, Finding};
use cognito_triggers_fuzz::{Node, is_json, members};
use cognito_triggers_model::{Route, envelope::EventBytes};
use libfuzzer_sys::fuzz_target;

/// The event with `response` as the value of its key of this name.
fn answer(event: &[u8], response: &[u8]) -> Option<Vec<u8>> {
    let (_, received) = members(event)?.into_iter().find(|(name, _)| name == "response")?;
    let start = received.as_ptr() as usize - event.as_ptr() as usize;
    Some([&event[..start], response, &event[start + received.len()..]].concat())
}

fn texts(findings: &[Finding]) -> Vec<String> {
    let mut texts: Vec<_> = findings.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts
}

fuzz_target!(|bytes: &[u8]| {
    let Some(end) = bytes.iter().position(|byte| *byte == 0) else {
        return;
    };
    let (event, response) = (&bytes[..end], &bytes[end + 1..]);
    // Two values in a row would end the response and put the second one beside it.
    if !is_json(response) {
        return;
    }
    let Some(answer) = answer(event, response) else {
        return;
    };
    let parse = |bytes: &[u8]| Node::parse(bytes).filter(|node| !node.has_duplicates());
    let (Some(event_node), Some(answer_node)) = (parse(event), parse(&answer)) else {
        return;
    };
    let (event_value, answer_value) = (event_node.to_value(), answer_node.to_value());
    let in_json = rules::check(&event_value, &answer_value);
    for finding in &in_json {
        assert!(rules::RULES.contains(finding.rule));
    }

    let text = |name: &str| event_node.get(name).and_then(Node::as_str);
    let (Some(source), Some(version)) = (text("triggerSource"), text("version")) else {
        return;
    };
    let Ok(route) = Route::find(source, version) else {
        return;
    };
    // `check` takes an event with a type for one of a custom sender, and finds nothing.
    if event_value.pointer("/request/type").is_some() {
        return;
    }
    // An event whose header is malformed, such as a `region` that is no string, is refused and has no answer.
    let event = Bytes::copy_from_slice(event);
    if EventBytes::new(&event).read().is_err() {
        return;
    }
    let in_bytes = texts(&rules::check_answer(route, &event, &answer));
    // A response that isn't an object breaks a rule for the whole answer, and no other is looked at.
    if !matches!(answer_node.get("response"), Some(Node::Object(_))) {
        assert_eq!(in_bytes, Vec::<String>::new());
        return;
    }
    // `check` has the rules for the whole answer as well, which hold for an answer of our own by construction.
    let in_json: Vec<_> = texts(&in_json)
        .into_iter()
        .filter(|text| text.starts_with("response"))
        .collect();
    let in_bytes: Vec<_> = in_bytes
        .into_iter()
        .filter(|text| text.starts_with("response"))
        .collect();
    assert_eq!(in_bytes, in_json);
});
