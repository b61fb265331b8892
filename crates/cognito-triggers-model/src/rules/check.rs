//! Holds an answer against the rules.

use std::cell::OnceCell;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::{Finding, RULES, Rule, Test};
use crate::{raw, route::Route};

/// What Cognito would refuse or ignore if `answer` were the answer to `event`, both as JSON; empty if nothing.
///
/// A replay fails on findings whose rule is [`Certain`](super::Certainty::Certain) and warns of the others. The custom
/// senders' answers are ignored by Cognito, so nothing is found in them; of an event that no trigger known here
/// sends, only the rules for the answer as a whole are checked.
pub fn check(event: &Value, answer: &Value) -> Vec<Finding> {
    let route = route(event);
    let awaited = route.map_or(event.get("response").is_some(), |route| !route.is_custom_sender());
    // Only the events of custom senders have a type; it has been reported that they come under other sources too.
    if !awaited || event.pointer("/request/type").is_some() {
        return Vec::new();
    }
    let mut findings = Findings::default();
    let whole = Whole { event, answer };
    for rule in RULES {
        if let Test::Whole(test) = rule.test {
            findings.of(rule, |findings| test(&whole, findings));
        }
    }
    let mut found = findings.found;
    if let (Some(route), Some(response)) = (route, answer.get("response")) {
        let event = Received {
            source: source(event),
            json: Json::Parsed(event),
        };
        found.extend(self::response(route, &event, response));
    }
    found
}

/// The route that takes the event.
fn route(event: &Value) -> Option<Route> {
    let version = event.get("version").and_then(Value::as_str).unwrap_or_default();
    Route::find(source(event), version).ok()
}

fn source(event: &Value) -> &str {
    let source = event.get("triggerSource").and_then(Value::as_str);
    source.unwrap_or_default()
}

/// What is wrong with a `response`.
pub(super) fn response(route: Route, event: &Received<'_>, response: &Value) -> Vec<Finding> {
    let (Some(response), false) = (response.as_object(), route.is_custom_sender()) else {
        return Vec::new();
    };
    let answered = Answered {
        route,
        event,
        parsed: OnceCell::new(),
        response,
    };
    let mut findings = Findings::default();
    for rule in RULES.iter().filter(|rule| rule.holds_for(route)) {
        if let Test::Response(test) = rule.test {
            findings.of(rule, |findings| test(&answered, findings));
        }
    }
    findings.found
}

/// What Cognito would refuse or ignore in an answer of a function, both as the bytes on the wire; empty if nothing.
///
/// Only the rules for `response` are checked: everything else in an [`Answer`](crate::Answer) is the received event.
pub fn check_answer(route: Route, event: &Bytes, answer: &[u8]) -> Vec<Finding> {
    let input = raw::Input::new(event);
    let Ok(received) = input.read() else {
        return Vec::new();
    };
    let response = received
        .response_in(answer)
        .and_then(|response| serde_json::from_slice(response).ok());
    let event = Received {
        source: received.source(),
        json: Json::Bytes(received.bytes()),
    };
    response.map_or_else(Vec::new, |found| self::response(route, &event, &found))
}

/// An event and the whole of its answer.
pub(super) struct Whole<'a> {
    pub(super) event: &'a Value,
    pub(super) answer: &'a Value,
}

/// An event and the `response` to it.
pub(super) struct Answered<'a> {
    pub(super) route: Route,
    pub(super) response: &'a Map<String, Value>,
    event: &'a Received<'a>,
    parsed: OnceCell<Value>,
}

/// An event as far as it is read.
pub(super) struct Received<'a> {
    pub(super) source: &'a str,
    pub(super) json: Json<'a>,
}

/// JSON, parsed already or not. Many answers are judged by the source of their event alone.
pub(super) enum Json<'a> {
    Parsed(&'a Value),
    Bytes(&'a [u8]),
}

impl<'a> Answered<'a> {
    /// The value in the event at a JSON pointer; null if there is none.
    pub(super) fn event(&self, pointer: &str) -> &Value {
        let event = match self.event.json {
            Json::Parsed(event) => event,
            Json::Bytes(bytes) => self
                .parsed
                .get_or_init(|| serde_json::from_slice(bytes).unwrap_or_default()),
        };
        event.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// What follows the underscore in `triggerSource`.
    pub(super) fn reason(&self) -> &str {
        self.event.source.split_once('_').map_or("", |(_, reason)| reason)
    }

    /// The text in the event at a JSON pointer, unless it is empty.
    pub(super) fn event_text(&self, pointer: &str) -> Option<&str> {
        self.event(pointer).as_str().filter(|text| !text.is_empty())
    }

    /// Whether `userNotFound` says that the user doesn't exist.
    pub(super) fn user_not_found(&self) -> bool {
        is_true(self.event("/request/userNotFound"))
    }

    /// A field of the response, unless it is null.
    pub(super) fn field(&self, name: &str) -> Option<&'a Value> {
        self.response.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.field(name).and_then(Value::as_str)
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.field(name).is_some_and(is_true)
    }

    pub(super) fn object(&self, name: &str) -> Option<&'a Map<String, Value>> {
        self.field(name).and_then(Value::as_object)
    }
}

/// True, also as the text that attributes have.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// The findings so far, and the rule that is being checked.
#[derive(Default)]
pub(super) struct Findings {
    found: Vec<Finding>,
    fresh: Vec<(String, String)>,
}

impl Findings {
    pub(super) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.fresh.push((path.into(), message.into()));
    }

    fn of(&mut self, rule: &'static Rule, test: impl FnOnce(&mut Self)) {
        test(self);
        let fresh = self.fresh.drain(..);
        self.found
            .extend(fresh.map(|(path, message)| Finding { rule, path, message }));
    }
}
