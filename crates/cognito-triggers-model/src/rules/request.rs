//! Rules for the `request` of an answer: it goes back unchanged.
//!
//! Functions with typed events write null as an empty map, and add nulls. That is common, and such functions are in
//! production, so these rules look for lost content, for other JSON types, and for the two nulls that a report names.

use serde_json::{Map, Value};

use crate::{
    json::path,
    rules::{
        answered::{WholeAnswer, json_type},
        findings::Findings,
        rule::{Rule, rules},
    },
    trigger::GUIDE,
};

/// Whether Cognito compares the returned `request` with its own isn't known, so all of these rules are uncertain.
pub(super) const RULES: &[Rule] = rules! { Whole &[];
    Uncertain "answer-loses-request" = loses_request, GUIDE,
        "The answer keeps every value of the event's `request`; a typed function may write null as an empty map.",
        "Not known; AWS asks for the request parameters.";
    Uncertain "answer-changes-request-type" = changes_type, "https://github.com/brefphp/bref/pull/1727",
        "The values of `request` keep their JSON type.",
        "Not known in general. PHP writes an empty object as `[]`, and Cognito then reports `Unrecognizable lambda output`.";
    Uncertain "answer-adds-null" = adds_null, GUIDE,
        "If the event has no `request.clientMetadata` or no `callerContext.clientId`, the answer doesn't have it as null.",
        "One report: `Unrecognizable lambda output`; typed functions that add nulls are also in production.";
    Uncertain "answer-changes-attributes" = changes_attributes, GUIDE,
        "The attributes in `request` are returned unchanged; a trigger decides in `response`.",
        "Cognito ignores changes in `request`: they set no attribute.";
};

/// `answer-loses-request`: a value is lost if the event has content and the answer has null, nothing or an empty
/// value.
fn loses_request(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    compare(whole, &mut |path, sent, returned| {
        if has_content(sent) && !returned.is_some_and(has_content) && !is_other_type(sent, returned) {
            let message = match returned {
                None => "this is missing; the event has it",
                Some(Value::Null) => "this is null; the event has a value",
                Some(_) => "this is empty; the event has content",
            };
            findings.add(path, message);
        }
    });
}

/// `answer-changes-request-type`: null never counts as another type.
fn changes_type(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    compare(whole, &mut |path, sent, returned| {
        if let Some(returned) = returned.filter(|_| is_other_type(sent, returned)) {
            let message = format!(
                "this is {}; the event has {}",
                json_type(returned),
                json_type(sent)
            );
            findings.add(path, message);
        }
    });
}

/// Whether something is lost if the value is missing, null or empty.
fn has_content(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// Whether both values are there, neither is null, and their JSON types differ.
fn is_other_type(sent: &Value, returned: Option<&Value>) -> bool {
    let returned = returned.filter(|returned| !returned.is_null() && !sent.is_null());
    returned.is_some_and(|returned| json_type(sent) != json_type(returned))
}

/// A callback that gets the path of a value, the value in the event, and the one in the answer if there is one.
type Visit<'a> = &'a mut dyn FnMut(String, &Value, Option<&Value>);

/// Walks the `request` of the event and of the answer together, and visits every pair of values that isn't two objects or
/// two arrays with content.
///
/// An answer whose `request` is missing or not an object isn't compared: it breaks `answer-without-request`.
fn compare(whole: &WholeAnswer<'_>, visit: Visit<'_>) {
    if let (Some(sent), Some(returned @ Value::Object(_))) =
        (whole.event.get("request"), whole.answer.get("request"))
    {
        compare_values("request".to_owned(), sent, Some(returned), visit);
    }
}

/// `path` is the path of the value, and `returned` is `None` if the answer lacks it. Objects and arrays are walked only if
/// the answer has content there.
fn compare_values(path: String, sent: &Value, returned: Option<&Value>, visit: Visit<'_>) {
    match (sent, returned) {
        (Value::Object(sent), Some(Value::Object(returned))) if !returned.is_empty() => {
            for (key, value) in sent {
                // A function may leave out a field that its types don't know; that works in production.
                let may_be_absent = path == "request" && !value.is_object() && !value.is_array();
                if returned.contains_key(key) || !may_be_absent {
                    compare_values(path::key(&path, key), value, returned.get(key), visit);
                }
            }
        }
        (Value::Array(sent), Some(Value::Array(returned))) if !returned.is_empty() => {
            for (index, value) in sent.iter().enumerate() {
                compare_values(path::item(&path, index), value, returned.get(index), visit);
            }
        }
        _ => visit(path, sent, returned),
    }
}

/// `answer-adds-null`: looks only at the two members that the report names. Other added nulls are common.
fn adds_null(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (object, key) in [("request", "clientMetadata"), ("callerContext", "clientId")] {
        let is_absent = whole
            .event
            .get(object)
            .is_some_and(|sent| sent.is_object() && sent.get(key).is_none());
        let returned = whole.answer.get(object).and_then(|returned| returned.get(key));
        if is_absent && returned.is_some_and(Value::is_null) {
            findings.add(
                path::key(object, key),
                "this is null; the event doesn't have it, so leave it out",
            );
        }
    }
}

/// `answer-changes-attributes`: finds attributes that the answer changes or adds in `request.userAttributes`.
fn changes_attributes(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    let attributes = |json: &Value| -> Option<Map<String, Value>> {
        json.pointer("/request/userAttributes")?.as_object().cloned()
    };
    let (Some(sent), Some(returned)) = (attributes(whole.event), attributes(whole.answer)) else {
        return;
    };
    for (name, value) in &returned {
        // Lost values and other types have rules of their own.
        let is_changed = match sent.get(name) {
            Some(sent) => sent != value && !is_other_type(sent, Some(value)) && has_content(value),
            None => !value.is_null(),
        };
        if is_changed {
            let path = path::key("request.userAttributes", name);
            findings.add(
                path,
                "this differs from the event, and Cognito doesn't read it; answer in `response`",
            );
        }
    }
}
