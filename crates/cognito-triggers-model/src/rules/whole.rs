//! Rules for the answer as a whole: Cognito wants the event back that it sent, with `response` filled.

use serde_json::{Map, Value};

use crate::json::path;
use crate::rules::{
    answered::WholeAnswer,
    findings::Findings,
    rule::{Rule, rules},
};

const PAGE: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html";
const UNRECOGNIZABLE: &str = "InvalidLambdaResponseException: Unrecognizable lambda output";
const INVALID_JSON: &str = "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON";

pub(super) const RULES: &[Rule] = rules! { Whole &[];
    Certain "answer-null" = null, "https://github.com/aws/aws-sdk-js/issues/2692",
        "The answer is the event with its `response` filled, not null.",
        "The call fails: null is what a function leaves behind that returns nothing.",
        error INVALID_JSON;
    Certain "answer-not-object" = not_object,
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/167",
        "The answer is a JSON object: the event with its `response` filled.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Certain "answer-without-header" = without_header, PAGE,
        "The answer has `version`, `region`, `userPoolId`, `userName` and `callerContext` as the event had them.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Certain "answer-renames-header" = renames_header, PAGE,
        "The names in the answer are spelled as in the event, in camel case.",
        "The call fails: a name in another case is another name.",
        error UNRECOGNIZABLE;
    Certain "answer-without-request" = without_request, PAGE,
        "The answer has the `request` of the event.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Certain "answer-without-response" = without_response, PAGE,
        "The answer has a `response`.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Certain "response-not-object" = response_not_object,
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/167",
        "`response` is a JSON object.",
        "The call fails.",
        error UNRECOGNIZABLE;
    Uncertain "response-null" = response_null, PAGE,
        "`response` is an object, empty if there is nothing to say.",
        "Not known; AWS asks for the response parameters.";
    Uncertain "answer-drops-field" = drops_field, PAGE,
        "Whatever stood at the top of the event stands in the answer.",
        "Not known for fields other than the header; AWS asks for the entire event.";
    Uncertain "answer-changes-header" = changes_header, PAGE,
        "The header of the answer is that of the event.",
        "Not known; nobody has reported whether Cognito compares them.";
    Uncertain "answer-changes-attributes" = changes_attributes, PAGE,
        "`request` goes back as it came; what a trigger decides stands in `response`.",
        "Cognito ignores what is changed in `request`: no attribute is set that way.";
};

/// What was seen to be missed.
const HEADER: [&str; 5] = ["version", "region", "userPoolId", "userName", "callerContext"];

fn null(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if whole.answer.is_null() {
        findings.add("", "the answer is null");
    }
}

fn not_object(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if !whole.answer.is_null() && !whole.answer.is_object() {
        findings.add("", "the answer is no JSON object");
    }
}

fn without_header(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (missing, other) in missing(whole) {
        if HEADER.contains(&missing) && other.is_none() {
            findings.add("", format!("`{missing}` is missing"));
        }
    }
}

fn renames_header(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (missing, other) in missing(whole) {
        if let Some(other) = other {
            findings.add(path::key("", other), format!("this is spelled `{missing}`"));
        }
    }
}

fn without_request(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if missing(whole).any(|missing| missing == ("request", None)) {
        findings.add("", "`request` is missing");
    }
}

fn without_response(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if let Some(answer) = whole.answer.as_object()
        && spelled(answer, "response").is_none()
    {
        findings.add("", "`response` is missing");
    }
}

fn response_not_object(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if let Some(response) = whole.answer.get("response")
        && !response.is_null()
        && !response.is_object()
    {
        findings.add("response", "this is no JSON object");
    }
}

fn response_null(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    if whole.answer.get("response").is_some_and(Value::is_null) {
        findings.add("response", "this is null");
    }
}

fn drops_field(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (missing, other) in missing(whole) {
        let has_rule = HEADER.contains(&missing) || matches!(missing, "request" | "response");
        if !has_rule && other.is_none() {
            findings.add("", format!("{} of the event is missing", path::key("", missing)));
        }
    }
}

fn changes_header(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    for (key, sent) in whole.event.as_object().into_iter().flatten() {
        let is_header = !matches!(key.as_str(), "request" | "response");
        if is_header && whole.answer.get(key).is_some_and(|returned| returned != sent) {
            findings.add(path::key("", key), "this is not what the event says");
        }
    }
}

fn changes_attributes(whole: &WholeAnswer<'_>, findings: &mut Findings) {
    const AT: &str = "/request/userAttributes";
    let sent = whole.event.pointer(AT).and_then(Value::as_object);
    let returned = whole.answer.pointer(AT).and_then(Value::as_object);
    let (Some(sent), Some(returned)) = (sent, returned) else {
        return;
    };
    for (name, value) in returned {
        if sent.get(name) != Some(value) {
            let place = path::key("request.userAttributes", name);
            findings.add(place, "this is not what the event says, and it is not read");
        }
    }
}

/// The keys of the event that the answer hasn't, each with the key that is probably meant for it.
fn missing<'a>(whole: &WholeAnswer<'a>) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    let answer = whole.answer.as_object();
    let event = whole.event.as_object().into_iter().flatten();
    event.filter_map(move |(key, _)| {
        let answer = answer?;
        let missing = !answer.contains_key(key);
        missing.then(|| (key.as_str(), spelled(answer, key).filter(|other| other != key)))
    })
}

/// The key that is the same but for upper and lower case and `_`.
fn spelled<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    let plain = |key: &str| key.replace('_', "").to_ascii_lowercase();
    if object.contains_key(key) {
        return object.get_key_value(key).map(|(key, _)| key.as_str());
    }
    let wanted = plain(key);
    object
        .keys()
        .map(String::as_str)
        .find(|candidate| plain(candidate) == wanted)
}
