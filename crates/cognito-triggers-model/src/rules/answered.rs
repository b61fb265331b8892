//! What a rule looks at: an event and an answer to it.

use std::cell::OnceCell;

use serde_json::{Map, Value};

use crate::route::Route;

/// An event and the whole answer to it.
pub(super) struct WholeAnswer<'a> {
    pub(super) event: &'a Value,
    pub(super) answer: &'a Value,
}

/// An event and the `response` to it.
pub(super) struct Answered<'a> {
    pub(super) route: Route,
    pub(super) response: &'a Map<String, Value>,
    event: &'a ReceivedEvent<'a>,
    parsed: OnceCell<Value>,
}

/// An event, parsed or not.
pub(super) struct ReceivedEvent<'a> {
    pub(super) source: &'a str,
    pub(super) json: Json<'a>,
}

/// The JSON of an event. Bytes are parsed only when a rule asks for more than `triggerSource`.
pub(super) enum Json<'a> {
    Parsed(&'a Value),
    Bytes(&'a [u8]),
}

impl<'a> Answered<'a> {
    pub(super) fn new(route: Route, event: &'a ReceivedEvent<'a>, response: &'a Map<String, Value>) -> Self {
        Self {
            route,
            response,
            event,
            parsed: OnceCell::new(),
        }
    }

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

    /// The part of `triggerSource` after the underscore.
    pub(super) fn source_suffix(&self) -> &str {
        self.event.source.split_once('_').map_or("", |(_, suffix)| suffix)
    }

    /// The string in the event at a JSON pointer, unless it is empty.
    pub(super) fn event_string(&self, pointer: &str) -> Option<&str> {
        self.event(pointer).as_str().filter(|text| !text.is_empty())
    }

    /// Whether the event says `userNotFound`: the user doesn't exist.
    pub(super) fn user_not_found(&self) -> bool {
        is_true(self.event("/request/userNotFound"))
    }

    /// A field of the response, unless it is null.
    pub(super) fn field(&self, name: &str) -> Option<&'a Value> {
        self.response.get(name).filter(|value| !value.is_null())
    }

    /// A string in the response.
    pub(super) fn string(&self, name: &str) -> Option<&'a str> {
        self.field(name).and_then(Value::as_str)
    }

    /// Whether a field of the response is true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.field(name).is_some_and(is_true)
    }

    /// An object in the response.
    pub(super) fn object(&self, name: &str) -> Option<&'a Map<String, Value>> {
        self.field(name).and_then(Value::as_object)
    }
}

/// Whether a value is true, also as the string that attributes hold.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// The JSON type of a value, in words.
pub(super) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
