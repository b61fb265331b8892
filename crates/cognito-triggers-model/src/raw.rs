//! The wire: the only place that reads received bytes and writes answered ones.
//!
//! An answer is the event as it was received, byte for byte, with only the value of `response` replaced. So what
//! this crate doesn't know can't get lost: unknown fields, nulls, spellings of numbers and the order of keys at
//! every depth. Nothing in here builds an answer from what it understood.

use std::{borrow::Cow, collections::HashMap, fmt, ops::Range, sync::Arc};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error, Unexpected},
};
use serde_json::value::RawValue;

use crate::{
    Answer,
    event::Header,
    malformed::Malformed,
    scan::{self, unescaped},
    surrogates,
    zeroizing::ZeroizingBuffer,
};

/// An event as it was received.
///
/// Reads what the typed view doesn't model, such as a field that AWS added yesterday:
///
/// ```
/// # use cognito_triggers::{Event, PreSignUp};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let json = r#"{"triggerSource": "PreSignUp_SignUp", "request": {"riskScore": 0.7}}"#;
/// let event = Event::<PreSignUp>::from_json(json)?;
/// assert_eq!(event.raw().pointer("/request/riskScore"), Some(0.7.into()));
/// # Ok(())
/// # }
/// ```
///
/// It may hold a password or a token, so `Debug` shows its size only.
#[derive(Clone)]
pub struct Raw(Bytes);

impl Raw {
    /// The bytes as they came: UTF-8, JSON.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The value at a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), such as
    /// `/request/clientMetadata`. `None` if there is nothing; `Some(Value::Null)` if there is null.
    pub fn pointer(&self, pointer: &str) -> Option<serde_json::Value> {
        let mended = surrogates::replace_lone_surrogates(&self.0);
        let mut value: &RawValue = serde_json::from_slice(mended.as_ref().unwrap_or(&self.0)).ok()?;
        // Only what lies on the way is read: whatever stands beside it can't hide it.
        for token in pointer
            .strip_prefix('/')
            .map(|path| path.split('/'))
            .into_iter()
            .flatten()
        {
            let token = token.replace("~1", "/").replace("~0", "~");
            value = match value.get().as_bytes().first()? {
                b'{' => serde_json::from_str::<HashMap<Cow<'_, str>, &RawValue>>(value.get())
                    .ok()?
                    .remove(&*token)?,
                b'[' => serde_json::from_str::<Vec<&RawValue>>(value.get())
                    .ok()?
                    .get(token.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        (pointer.is_empty() || pointer.starts_with('/')).then(|| serde_json::from_str(value.get()).ok())?
    }

    /// The text of a piece, if there is one.
    pub fn piece<'a>(&'a self, piece: &'a Piece) -> Option<&'a str> {
        match piece {
            Piece::Absent => None,
            Piece::Received { start, end } => std::str::from_utf8(
                self.0
                    .get(usize::try_from(*start).ok()?..usize::try_from(*end).ok()?)?,
            )
            .ok(),
            Piece::Copied(text) => Some(text),
        }
    }
}

/// A text of the envelope: a place in the received bytes, or a copy if it had escapes.
#[derive(Clone)]
pub enum Piece {
    Absent,
    Received { start: u32, end: u32 },
    Copied(Arc<String>),
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

/// A received event, its envelope read and its `request` still to be read as the type of its trigger.
pub struct Received<'a> {
    /// The text that is read: the event, its half characters replaced.
    bytes: &'a Bytes,
    /// The event as it came, of the same length.
    original: &'a Bytes,
    wire: Envelope<'a>,
}

/// An event to be read.
pub struct Input<'a> {
    original: &'a Bytes,
    mended: Option<Bytes>,
}

impl<'a> Input<'a> {
    pub fn new(event: &'a Bytes) -> Self {
        Self {
            original: event,
            mended: surrogates::replace_lone_surrogates(event),
        }
    }

    pub fn read(&self) -> Result<Received<'_>, Malformed> {
        Received::read(self.original, self.mended.as_ref().unwrap_or(self.original))
    }
}

/// Where the answer goes: the received bytes, and the place of `response` in them.
pub struct Slot {
    received: Bytes,
    response: Option<Range<usize>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a JSON object")]
pub struct Envelope<'a> {
    #[serde(borrow, default)]
    pub version: Text<'a>,
    #[serde(borrow, default)]
    pub trigger_source: Text<'a>,
    #[serde(borrow, default)]
    pub region: Text<'a>,
    #[serde(borrow, default)]
    pub user_pool_id: Text<'a>,
    #[serde(borrow, default)]
    pub user_name: Text<'a>,
    #[serde(borrow, default, deserialize_with = "crate::lenient::object")]
    pub caller_context: CallerContext<'a>,
    #[serde(borrow, default, deserialize_with = "as_received")]
    pub request: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "as_received")]
    pub response: Option<&'a str>,
    /// Whether only the end of `request` was looked for: what stands in it may be no JSON.
    #[serde(skip)]
    pub request_is_unread: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallerContext<'a> {
    #[serde(borrow, default)]
    pub aws_sdk_version: Text<'a>,
    #[serde(borrow, default)]
    pub client_id: Text<'a>,
}

impl CallerContext<'_> {
    pub fn is_empty(&self) -> bool {
        self.aws_sdk_version.is_absent() && self.client_id.is_absent()
    }
}

impl<'a> Received<'a> {
    fn read(original: &'a Bytes, bytes: &'a Bytes) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(bytes).map_err(|error| Malformed::not_utf8(&error))?;
        // A list would do for serde: it fills a struct from one by position.
        if !text.trim_ascii_start().starts_with('{') {
            return Err(Malformed::not_an_object(text));
        }
        let wire = match scan::envelope(text) {
            Some(envelope) => envelope,
            None => serde_json::from_str(text).map_err(|error| Malformed::envelope(text, &error))?,
        };
        let received = Self {
            bytes,
            original,
            wire,
        };
        if received.source().is_empty() {
            received.must_be_json()?;
            return Err(Malformed::NotUserPool);
        }
        Ok(received)
    }

    /// Reads what only the end was looked for. To be asked before an event is refused for any other reason.
    pub fn must_be_json(&self) -> Result<(), Malformed> {
        if !self.wire.request_is_unread {
            return Ok(());
        }
        let text = std::str::from_utf8(self.bytes).map_err(|error| Malformed::not_utf8(&error))?;
        match serde_json::from_str::<Envelope<'_>>(text) {
            Ok(_) => Ok(()),
            Err(error) => Err(Malformed::envelope(text, &error)),
        }
    }

    pub fn envelope(&self) -> &Envelope<'a> {
        &self.wire
    }

    pub fn source(&self) -> &str {
        self.wire.trigger_source.as_str()
    }

    /// The event's `request`, as the type of its trigger. A missing one reads as an empty one.
    pub fn request<T: DeserializeOwned>(&self) -> Result<T, Malformed> {
        let json = self.wire.request.unwrap_or("{}");
        let json = if json == "null" { "{}" } else { json };
        if json.starts_with('{')
            && let Ok(request) = serde_json::from_str(json)
        {
            return Ok(request);
        }
        self.must_be_json()?;
        // Read it once more, slowly, to be able to say where.
        let start = self.place(json).map_or(0, |place| place.start);
        Err(Malformed::request::<T>(
            json,
            self.bytes.get(..start).unwrap_or_default(),
        ))
    }

    /// What `request.type` says. Read only where `triggerSource` alone doesn't tell.
    pub fn request_type(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Request {
            #[serde(default, rename = "type", deserialize_with = "crate::lenient::filled")]
            request_type: Option<String>,
        }
        serde_json::from_str::<Request>(self.wire.request?)
            .ok()?
            .request_type
    }

    pub fn has_response(&self) -> bool {
        self.wire.response.is_some()
    }

    pub fn raw(&self) -> Raw {
        Raw(self.original.clone())
    }

    pub fn slot(&self) -> Slot {
        Slot {
            received: self.original.clone(),
            response: self.wire.response.and_then(|response| self.place(response)),
        }
    }

    /// The `response` within an answer to this event. `None` if the event has none.
    pub fn response_in<'b>(&self, answer: &'b [u8]) -> Option<&'b [u8]> {
        let place = self.place(self.wire.response?)?;
        let behind = self.bytes.len().checked_sub(place.end)?;
        answer.get(place.start..answer.len().checked_sub(behind)?)
    }

    pub fn bytes(&self) -> &[u8] {
        self.bytes
    }

    pub fn header(&self) -> Header {
        let Envelope {
            version,
            region,
            user_pool_id,
            user_name,
            caller_context,
            ..
        } = &self.wire;
        Header {
            version: self.piece(version),
            region: self.piece(region),
            user_pool_id: self.piece(user_pool_id),
            user_name: self.piece(user_name),
            client_id: self.piece(&caller_context.client_id),
            aws_sdk_version: self.piece(&caller_context.aws_sdk_version),
        }
    }

    fn piece(&self, text: &Text<'_>) -> Piece {
        let Some(text) = &text.0 else { return Piece::Absent };
        let received = |place: Range<usize>| {
            Some(Piece::Received {
                start: place.start.try_into().ok()?,
                end: place.end.try_into().ok()?,
            })
        };
        let copied = || Piece::Copied(Arc::new(text.to_string()));
        self.place(text).and_then(received).unwrap_or_else(copied)
    }

    /// Where a part of the received text stands; `None` for a text from elsewhere.
    fn place(&self, part: &str) -> Option<Range<usize>> {
        let start = (part.as_ptr() as usize).checked_sub(self.bytes.as_ptr() as usize)?;
        let end = start.checked_add(part.len())?;
        (end <= self.bytes.len()).then_some(start..end)
    }
}

impl Slot {
    /// The received event with `response` for its answer. An event without the key gets it as its last one.
    pub fn answer(&self, response: &impl Serialize) -> serde_json::Result<Answer> {
        const KEY: &[u8] = br#","response":"#;
        let received = self.received.as_ref();
        let (place, key) = match &self.response {
            Some(place) => (place.clone(), &b""[..]),
            None => {
                let end = received
                    .iter()
                    .rposition(|&byte| byte == b'}')
                    .unwrap_or(received.len());
                (end..end, KEY)
            }
        };
        // Room for an answer of usual size, so that writing it doesn't grow the buffer.
        let mut answer = ZeroizingBuffer::with_capacity(received.len() + 256);
        answer.extend(received.get(..place.start).unwrap_or_default());
        answer.extend(key);
        serde_json::to_writer(&mut answer, response)?;
        answer.extend(received.get(place.end..).unwrap_or_default());
        Ok(Answer::written(answer))
    }

    /// The event as it came.
    pub fn unchanged(self) -> Answer {
        Answer::unchanged(self.received)
    }
}

fn as_received<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de str>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(|raw| Some(raw.get()))
}

/// A text of the envelope: borrowed where it has no escapes, absent for null.
#[derive(Default)]
pub struct Text<'a>(Option<Cow<'a, str>>);

impl<'a> Text<'a> {
    pub fn borrowed(text: &'a str) -> Self {
        Self(Some(Cow::Borrowed(text)))
    }

    pub fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    pub fn as_option(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        Ok(Self(match (json, json.as_bytes().first()) {
            ("null", _) => None,
            (_, Some(b'{' | b'[')) => {
                return Err(D::Error::invalid_type(
                    Unexpected::Other("an object or a list"),
                    &"a text, or null",
                ));
            }
            (_, Some(b'"')) => Some(match unescaped(json) {
                Some(text) => Cow::Borrowed(text),
                None => Cow::Owned(serde_json::from_str(json).map_err(D::Error::custom)?),
            }),
            _ => Some(Cow::Borrowed(json)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(event: &'static str, response: &str) -> String {
        let bytes = Bytes::from_static(event.as_bytes());
        let response: serde_json::Value = serde_json::from_str(response).unwrap();
        let answer = Input::new(&bytes)
            .read()
            .unwrap()
            .slot()
            .answer(&response)
            .unwrap();
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
    fn half_characters_are_read_and_go_back_as_they_came() {
        let event = r#"{"triggerSource":"X_Y","userName":"a\ud83d","request":{"a":"\ude00"},"response":{}}"#;
        assert_eq!(answered(event, "{}"), event);
        let event = crate::Event::<crate::PreSignUp>::from_json(event).unwrap();
        assert_eq!(event.user_name(), Some("a\u{fffd}"));
        assert_eq!(event.raw().pointer("/request/a"), Some("\u{fffd}".into()));
    }

    #[test]
    fn a_pointer_reads_past_what_it_does_not_name() {
        let event = r#"{"triggerSource":"X_Y","request":{"n":1e999,"a~/b":[{"c":"d"}]}}"#;
        let raw = crate::Event::<crate::PreSignUp>::from_json(event)
            .unwrap()
            .raw()
            .clone();
        assert_eq!(raw.pointer("/request/a~0~1b/0/c"), Some("d".into()));
        assert_eq!(
            (raw.pointer("/request/nothing"), raw.pointer("request")),
            (None, None)
        );
        assert!(raw.pointer("").is_none() && raw.pointer("/request/a~0~1b").is_some());
    }

    #[test]
    fn a_header_takes_any_number_as_it_was_written() {
        let event = r#"{"triggerSource":"X_Y","version":1.0,"userName":1e999,"region":null}"#;
        let event = crate::Event::<crate::PreSignUp>::from_json(event).unwrap();
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
        assert_eq!(Input::new(&bytes).read().unwrap().source(), "X_Y");
    }
}
