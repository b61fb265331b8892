use super::*;
use crate::{attributes::Attributes, event::Event, text_map::TextMap, triggers::PreSignUp};

fn answered(event: &'static str, response: &str) -> String {
    let bytes = Bytes::from_static(event.as_bytes());
    let response: serde_json::Value = serde_json::from_str(response).unwrap();
    let event = EventBytes::new(&bytes);
    let slot = event.read().unwrap().response_slot();
    let answer = slot.fill(&response).unwrap();
    String::from_utf8(answer.as_bytes().to_vec()).unwrap()
}

#[test]
fn only_the_response_changes() {
    let event = r#" {"new" : 1.50, "response" : {"a":null} ,"triggerSource":"X_Y","n":1e2,"request":{"response":1}} "#;
    let expected = r#" {"new" : 1.50, "response" : {"a":true} ,"triggerSource":"X_Y","n":1e2,"request":{"response":1}} "#;
    assert_eq!(answered(event, r#"{"a":true}"#), expected);
}

#[test]
fn a_missing_or_null_response_is_filled_in() {
    assert_eq!(
        answered(r#"{"triggerSource":"X_Y"}"#, "{}"),
        r#"{"triggerSource":"X_Y","response":{}}"#
    );
    assert_eq!(
        answered(r#"{"response":null,"triggerSource":"X_Y"}"#, "{}"),
        r#"{"response":{},"triggerSource":"X_Y"}"#
    );
}

#[test]
fn lone_surrogates_go_back_as_they_came() {
    let event = r#"{"triggerSource":"X_Y","userName":"a\ud83d","request":{"a":"\ude00"},"response":{}}"#;
    assert_eq!(answered(event, "{}"), event);
    let event = Event::<PreSignUp>::from_json(event).unwrap();
    assert_eq!(event.user_name(), Some("a\u{fffd}"));
}

#[test]
fn a_header_takes_any_number_as_it_was_written() {
    let event = r#"{"triggerSource":"X_Y","version":1.0,"userName":1e999,"region":null}"#;
    let event = Event::<PreSignUp>::from_json(event).unwrap();
    assert_eq!((event.version(), event.user_name()), ("1.0", Some("1e999")));
    assert_eq!(event.region(), "");
}

#[test]
fn escaped_keys_are_the_same_keys() {
    let event = r#"{"trigger\u0053ource":"X\u005fY","\u0072esponse":0}"#;
    assert_eq!(
        answered(event, "{}"),
        r#"{"trigger\u0053ource":"X\u005fY","\u0072esponse":{}}"#
    );
    let bytes = Bytes::from_static(event.as_bytes());
    assert_eq!(EventBytes::new(&bytes).read().unwrap().source(), "X_Y");
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only parsed, never read")]
struct Request {
    user_attributes: Attributes,
    validation_data: TextMap,
}

fn problem(event: &'static str) -> String {
    let bytes = Bytes::from_static(event.as_bytes());
    match EventBytes::new(&bytes).read() {
        Ok(received) => received.request::<Request>().unwrap_err().to_string(),
        Err(malformed) => malformed.to_string(),
    }
}

#[test]
fn an_error_names_the_location_and_never_the_value() {
    assert_eq!(
        problem("hunter2"),
        "not a JSON object: expected a value (line 1, column 1)"
    );
    assert_eq!(
        problem("\"hunter2, expected x\""),
        "not a JSON object: it is another JSON value (line 1, column 1)"
    );
    assert_eq!(
        problem("{} hunter2"),
        "not a JSON object: unexpected text after the value (line 1, column 4)"
    );
    assert_eq!(
        problem("{\"triggerSource\":\"a\",\n\"region\":[\"hunter2\"]}"),
        "`region`: expected a string, or null (line 2, column 21)"
    );
    assert_eq!(
        problem("{\"triggerSource\":\"a\",\n \"request\":{\"userAttributes\":\n\"hunter2\"}}"),
        "`request.userAttributes`: expected an object of strings, or null (line 3, column 9)"
    );
    assert_eq!(
        problem(
            r#"{"triggerSource":"a","request":{"validationData":{},"validationData":{},"userAttributes":{}}}"#
        ),
        "`request`: a key occurs twice (line 1, column 68)"
    );
    assert_eq!(
        problem(r#"{"triggerSource":"a","region":"b","region":"c"}"#),
        "`region`: a key occurs twice (line 1, column 42)"
    );
    assert!(problem(r#"{"Records":[]}"#).starts_with("not an event of a user pool"));
}

/// `request` of a plain event is only delimited until something is wrong.
#[test]
fn a_request_that_is_not_json_is_reported_as_such() {
    for event in [
        r#"{"triggerSource":"a","request":{"userAttributes":{]},"validationData":{}}}"#,
        r#"{"triggerSource":"a","request":{"userAttributes":"hunter2",}}"#,
        r#"{"triggerSource":"a","request":{"b" "c"}}"#,
        r#"{"request":{"b":tru}}"#,
        r#"{"request":{"b":"\x"}}"#,
    ] {
        let expected = serde_json::from_str::<serde_json::Value>(event).unwrap_err();
        let (line, column) = (expected.line(), expected.column());
        let problem = problem(event);
        assert!(problem.starts_with("not a JSON object: "), "{event}: {problem}");
        assert!(
            problem.ends_with(&format!("(line {line}, column {column})")),
            "{event}: {problem}"
        );
    }
}
