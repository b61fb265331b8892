//! Rules for the answer as a whole: Cognito wants the event that it sent, with `response` filled.
//!
//! Real runs have shown that an answer without the header, or with keys in another case, ends in `Unrecognizable
//! lambda output`. Whether Cognito compares what comes back with what it sent isn't known.

use serde_json::{Map, Value};

use crate::{
    json::path,
    rules::{
        answered::{WholeAnswer, is_similar_key, json_type},
        findings::Findings,
        rule::{Rule, rules},
    },
    trigger::GUIDE,
};

/// The error for JSON of the wrong shape.
const UNRECOGNIZABLE: &str = "InvalidLambdaResponseException: Unrecognizable lambda output";
/// The error for null, for nothing, and for an output that isn't JSON.
const INVALID_JSON: &str = "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON";

/// These rules look only at the top level of the answer. The content of `request` and `response` has rules of its own.
pub(super) const RULES: &[Rule] = rules! { Whole &[];
    Certain "answer-null" = null, "https://github.com/aws/aws-sdk-js/issues/2692",
        "The answer is the event with its `response` filled, not null.",
        "The call fails. A function that returns nothing answers null.",
        error INVALID_JSON;
    Certain "answer-not-object" = not_object,
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/167",
        "The answer is a JSON object: the event with its `response` filled.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Certain "answer-without-header" = without_header, GUIDE,
        "The answer has `version`, `region`, `userPoolId`, `userName` and `callerContext` as the event has them.",
        "The call fails if all of them are missing. What happens if only some are missing isn't known.",
        error UNRECOGNIZABLE;
    Certain "answer-renames-header" = renames_header, GUIDE,
        "The keys of the answer are spelled as in the event, in camel case.",
        "A key in another case is another key. The call fails if `request`, `response` or the whole header is renamed.",
        error UNRECOGNIZABLE;
    Certain "answer-without-request" = without_request, "https://github.com/brefphp/bref/pull/1727",
        "The answer has the `request` of the event, a JSON object.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Certain "answer-without-response" = without_response, GUIDE,
        "The answer has a `response`.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Certain "response-not-object" = response_not_object,
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/167",
        "`response` is a JSON object.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Uncertain "response-null" = response_null, GUIDE,
        "`response` is an object, empty if there is nothing to decide.",
        "Not known; AWS asks for the response parameters.";
    Uncertain "answer-drops-field" = drops_field, GUIDE,
        "The answer has every top-level key of the event.",
        "Not known for keys outside the header; AWS asks for the entire event.";
    Uncertain "answer-changes-header" = changes_header, GUIDE,
        "The header of the answer is that of the event.",
        "Not known: no report says whether Cognito compares them.";
};

/// The fields whose absence has been reported to fail the call.
///
/// `triggerSource` isn't among them: what happens without it isn't known.
const HEADER: [&str; 5] = ["version", "region", "userPoolId", "userName", "callerContext"];

/// `answer-null`: a function that returns nothing answers null.
fn null(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if whole.answer.is_null() {
        findings.add("", "the answer is null");
    }
}

/// `answer-not-object`: a string, a number, a boolean or an array.
fn not_object(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if !whole.answer.is_null() && !whole.answer.is_object() {
        findings.add("", "the answer is not a JSON object");
    }
}

/// `answer-without-header`: certain if the answer has no field of the header at all, and uncertain if some are there.
fn without_header(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (key, other) in missing(whole) {
        if HEADER.contains(&key) && other.is_none() {
            let message = format!("`{key}` is missing");
            if has_header(whole) {
                findings.add_uncertain("", message);
            } else {
                findings.add("", message);
            }
        }
    }
}

/// `answer-renames-header`: the path is the key as the answer spells it.
fn renames_header(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (key, other) in missing(whole) {
        if let Some(other) = other {
            let message = format!("the event spells this `{key}`");
            if HEADER.contains(&key) && has_header(whole) {
                findings.add_uncertain(path::key("", other), message);
            } else {
                findings.add(path::key("", other), message);
            }
        }
    }
}

/// Whether the answer has any field of the header.
fn has_header(whole: &WholeAnswer<'_>) -> bool {
    HEADER.iter().any(|key| whole.answer.get(key).is_some())
}

/// `answer-without-request`: a `request` of another type counts as missing, if the event has an object.
fn without_request(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if missing(whole).any(|missing| missing == ("request", None)) {
        findings.add("", "`request` is missing");
    }
    if let (Some(Value::Object(_)), Some(request)) = (whole.event.get("request"), whole.answer.get("request"))
        && !request.is_object()
    {
        let message = format!(
            "this is {}; return the object that the event has",
            json_type(request)
        );
        findings.add("request", message);
    }
}

/// `answer-without-response`: a `response` in another spelling breaks `answer-renames-header` instead.
fn without_response(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if let Some(answer) = whole.answer.as_object()
        && spelled(answer, "response").is_none()
    {
        findings.add("", "`response` is missing");
    }
}

/// `response-not-object`: null has a rule of its own.
fn response_not_object(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if let Some(response) = whole.answer.get("response")
        && !response.is_null()
        && !response.is_object()
    {
        findings.add(
            "response",
            format!("this is {}, not a JSON object", json_type(response)),
        );
    }
}

/// `response-null`: what Cognito does with it isn't known.
fn response_null(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if whole.answer.get("response").is_some_and(Value::is_null) {
        findings.add("response", "this is null");
    }
}

/// `answer-drops-field`: looks at keys without a rule of their own, such as `triggerSource` and new ones.
fn drops_field(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (key, other) in missing(whole) {
        let has_rule = HEADER.contains(&key) || matches!(key, "request" | "response");
        if !has_rule && other.is_none() {
            findings.add("", format!("{} of the event is missing", path::key("", key)));
        }
    }
}

/// `answer-changes-header`: compares values as JSON, so the order of keys makes no difference.
fn changes_header(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (key, sent) in whole.event.as_object().into_iter().flatten() {
        let is_header = !matches!(key.as_str(), "request" | "response");
        if is_header && whole.answer.get(key).is_some_and(|returned| returned != sent) {
            findings.add(path::key("", key), "this differs from the event");
        }
    }
}

/// The keys of the event that the answer lacks, each with the key that is probably meant instead.
///
/// Empty if the answer isn't an object.
fn missing<'a>(whole: &WholeAnswer<'a>) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    let answer = whole.answer.as_object();
    let event = whole.event.as_object().into_iter().flatten();
    event.filter_map(move |(key, _)| {
        let answer = answer?;
        let is_missing = !answer.contains_key(key);
        is_missing.then(|| (key.as_str(), spelled(answer, key)))
    })
}

/// The key that is the same except for case and `_`.
///
/// The key itself, if the object has it. `None` if no key is similar.
fn spelled<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    let exact = object.get_key_value(key);
    let similar = || object.iter().find(|(other, _)| is_similar_key(other, key));
    exact.or_else(similar).map(|(key, _)| key.as_str())
}
