//! What a rule looks at: an event and an answer to it.

use std::cell::OnceCell;

use serde_json::{Map, Value};

use crate::{plain_value, route::Route};

/// An event and the whole answer to it.
pub(super) struct WholeAnswer<'a> {
    /// The event as Cognito sent it, with `request` and `response`.
    pub(super) event: &'a Value,
    /// What the function returned. It may be any JSON value, null included.
    pub(super) answer: &'a Value,
}

/// An event and the `response` to it.
pub(super) struct Answered<'a> {
    /// The route of the event. Rules that several versions of a trigger share look at it.
    pub(super) route: Route,
    /// The `response` of the answer. It is an object: another type breaks `response-not-object` and isn't checked
    /// further.
    pub(super) response: &'a Map<String, Value>,
    /// The event that is answered.
    event: &'a ReceivedEvent<'a>,
    /// The parsed event, if it came as bytes and a rule has asked for a value in it.
    parsed: OnceCell<Value>,
}

/// An event, parsed or not.
pub(super) struct ReceivedEvent<'a> {
    /// `triggerSource`.
    pub(super) source: &'a str,
    /// The whole event.
    pub(super) json: Json<'a>,
}

/// The JSON of an event. Bytes are parsed only when a rule asks for more than `triggerSource`.
pub(super) enum Json<'a> {
    /// A value that the caller has parsed already.
    Parsed(&'a Value),
    /// The bytes of the event. Bytes that aren't JSON read as null.
    Bytes(&'a [u8]),
}

impl<'a> ReceivedEvent<'a> {
    /// An event that the caller has parsed already.
    pub(super) fn parsed(event: &'a Value) -> Self {
        Self {
            source: event_field(event, "triggerSource"),
            json: Json::Parsed(event),
        }
    }
}

/// The route that takes the event.
///
/// `None` if no trigger known here sends such a source, or not with this `version`.
pub(super) fn route(event: &Value) -> Option<Route> {
    let (source, version) = (event_field(event, "triggerSource"), event_field(event, "version"));
    Route::find(source, version).ok()
}

/// A string of the header; empty if it is missing or no string.
fn event_field<'a>(event: &'a Value, name: &str) -> &'a str {
    event.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl<'a> Answered<'a> {
    /// An answer to an event of `route`. It parses nothing yet.
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
                .get_or_init(|| plain_value::from_slice(bytes).unwrap_or_default()),
        };
        event.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The part of `triggerSource` after the underscore.
    ///
    /// Empty for a source without an underscore.
    pub(super) fn source_suffix(&self) -> &str {
        self.event.source.split_once('_').map_or("", |(_, suffix)| suffix)
    }

    /// The string in the event at a JSON pointer, unless it is empty.
    pub(super) fn event_string(&self, pointer: &str) -> Option<&str> {
        self.event(pointer).as_str().filter(|text| !text.is_empty())
    }

    /// Whether the event says `userNotFound`: the user doesn't exist.
    ///
    /// Cognito sends the field only if the app client has PreventUserExistenceErrors enabled. Null and absence read
    /// as false.
    pub(super) fn user_not_found(&self) -> bool {
        is_true(self.event("/request/userNotFound"))
    }

    /// A field of the response, unless it is null.
    ///
    /// Cognito itself fills a `response` with nulls, so null means the same as absence.
    pub(super) fn field(&self, name: &str) -> Option<&'a Value> {
        self.response.get(name).filter(|value| !value.is_null())
    }

    /// A string in the response.
    ///
    /// `None` if it is null, absent or of another type.
    pub(super) fn string(&self, name: &str) -> Option<&'a str> {
        self.field(name).and_then(Value::as_str)
    }

    /// Whether a field of the response is true.
    ///
    /// False if it is null, absent or of another type.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.field(name).is_some_and(is_true)
    }

    /// An object in the response.
    ///
    /// `None` if it is null, absent or of another type.
    pub(super) fn object(&self, name: &str) -> Option<&'a Map<String, Value>> {
        self.field(name).and_then(Value::as_object)
    }
}

/// Whether a value is true, also as the string that attributes hold.
///
/// Attributes are strings, booleans too: Cognito writes `"true"`, and Python code that sets one often writes
/// `"True"`.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// Whether two keys differ only in case and `_`: `auto_confirm_user` and `autoConfirmUser`.
pub(super) fn is_similar_key(one: &str, two: &str) -> bool {
    let plain = |key: &str| key.replace('_', "").to_ascii_lowercase();
    plain(one) == plain(two)
}

/// The JSON type of a value with its article, for messages: "a string".
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
