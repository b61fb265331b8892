//! Arbitrary bytes as an event: only JSON is accepted, and the header reads as an independent parser reads it.

#![no_main]

use cognito_triggers::{Event, otherwise::Otherwise};
use cognito_triggers_fuzz::{Node, is_json, members};
use libfuzzer_sys::fuzz_target;

/// What a field of the header reads as: the text of a string, nothing for null, and the JSON of any other scalar.
fn expected(json: Option<&str>) -> Option<String> {
    match json {
        None | Some("null") => None,
        Some(json) if json.starts_with('"') => serde_json::from_str(json).ok(),
        Some(json) => Some(json.to_owned()),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let event = Event::<Otherwise>::from_json(bytes);
    assert!(
        event.is_err() || is_json(bytes),
        "accepted something else than JSON"
    );
    let Some(node) = Node::parse(bytes).filter(|node| !node.has_duplicates()) else {
        return;
    };
    let Some(header) = members(bytes) else {
        assert!(event.is_err(), "accepted something else than an object");
        return;
    };
    let field = |name: &str| {
        header
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| *value)
    };
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            const STRINGS: [&str; 5] = ["version", "triggerSource", "region", "userPoolId", "userName"];
            let strings = STRINGS
                .iter()
                .all(|name| node.get(name).is_none_or(|value| value.as_str().is_some()));
            let objects = ["callerContext", "request"]
                .iter()
                .all(|name| node.get(name).is_none());
            let has_source = node
                .get("triggerSource")
                .and_then(Node::as_str)
                .is_some_and(|source| !source.is_empty());
            assert!(
                !(strings && objects && has_source),
                "refused a good header: {error}"
            );
            return;
        }
    };
    assert_eq!(
        expected(field("triggerSource")).as_deref(),
        Some(event.source.to_string().as_str())
    );
    assert_eq!(expected(field("version")).unwrap_or_default(), event.version());
    assert_eq!(expected(field("region")).unwrap_or_default(), event.region());
    assert_eq!(
        expected(field("userPoolId")).unwrap_or_default(),
        event.user_pool_id()
    );
    assert_eq!(expected(field("userName")).as_deref(), event.user_name());
    let context = field("callerContext")
        .and_then(|json| members(json.as_bytes()))
        .unwrap_or_default();
    let field = |name: &str| {
        context
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| *value)
    };
    assert_eq!(
        expected(field("awsSdkVersion")).as_deref(),
        event.aws_sdk_version()
    );
});
