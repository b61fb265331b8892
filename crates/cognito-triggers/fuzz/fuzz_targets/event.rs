//! Arbitrary bytes as the event of every trigger. Nothing panics, and every way to read a value gives the same value.

#![no_main]

use cognito_triggers::{Event, PreSignUp, model::Trigger};
use cognito_triggers_fuzz::{Node, VisitEvent, events};
use libfuzzer_sys::fuzz_target;

/// How many JSON pointers are compared: each of them reads the event from its start.
const POINTERS: usize = 64;

struct Compare<'a> {
    bytes: &'a [u8],
    node: Option<Node>,
}

impl VisitEvent for Compare<'_> {
    fn visit<T: Trigger>(&mut self, event: &Event<T>) {
        assert_eq!(event.raw().as_bytes(), self.bytes);
        // Every trigger has the same raw view, so the first one is compared only.
        let Some(node) = self.node.take() else { return };
        for (pointer, value) in node.pointers(POINTERS) {
            assert_eq!(
                event.raw().pointer(&pointer),
                Some(value.to_value()),
                "at {pointer:?}"
            );
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let node = Node::parse(bytes).filter(|node| !node.has_duplicates());
    let metadata = node
        .as_ref()
        .and_then(|node| node.get("request")?.get("clientMetadata"))
        .cloned();
    events(bytes, &mut Compare { bytes, node });

    let (Some(Node::Object(metadata)), Ok(event)) = (metadata, Event::<PreSignUp>::from_json(bytes)) else {
        return;
    };
    // A name whose value is null is left out.
    let kept = metadata.iter().filter(|(_, value)| *value != Node::Null);
    let names: Vec<_> = kept.map(|(name, _)| name.as_str()).collect();
    assert_eq!(event.request.client_metadata.keys().collect::<Vec<_>>(), names);
    for (name, value) in &metadata {
        let text = event.request.client_metadata.get(name);
        match value {
            Node::Null => assert_eq!(text, None),
            Node::String(value) => {
                assert_eq!(text, Some(value.as_str()));
                let json = event.request.client_metadata.get_json::<serde_json::Value>(name);
                let expected = Node::parse(value.as_bytes()).filter(|node| !node.has_duplicates());
                if let (Ok(Some(json)), Some(expected)) = (json, expected) {
                    assert_eq!(json, expected.to_value(), "in {name:?}");
                }
            }
            _ => assert!(text.is_some()),
        }
    }
});
