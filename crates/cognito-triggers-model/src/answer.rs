//! The answer to an event: the received bytes with another `response`.
//!
//! An answer is the event as it was received, byte for byte, with only the value of `response` replaced. Nothing that
//! this crate doesn't know can get lost: unknown fields, nulls, the spelling of numbers and the order of keys.

use std::{fmt, ops::Range};

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::zeroizing::ZeroizingBuffer;

/// The answer to an event, as the bytes that Cognito gets.
///
/// It may hold whatever the event held, so `Debug` prints only its size. Its bytes are overwritten when it is dropped.
#[derive(Clone)]
pub struct Answer(Body);

/// The bytes of an answer.
// A written answer stays in the buffer it was written to: sharing it would cost an allocation.
#[derive(Clone)]
enum Body {
    /// An answer with a new `response`.
    Written(ZeroizingBuffer),
    /// The event as it was received, a value that isn't an event, or an answer that is shared.
    Shared(Bytes),
}

impl Answer {
    /// An answer that is not an event, such as a layer's reply to a caller other than Cognito.
    ///
    /// # Errors
    /// Fails if the value can't be written as JSON.
    pub fn from_json(value: &impl Serialize) -> serde_json::Result<Self> {
        serde_json::to_vec(value).map(|json| Self(Body::Shared(json.into())))
    }

    /// The bytes that Cognito gets: JSON in UTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Body::Written(json) => json.as_slice(),
            Body::Shared(json) => json,
        }
    }

    /// The bytes that Cognito gets, shared with this answer. They are overwritten when both are dropped.
    pub fn share(&mut self) -> Bytes {
        let json = match std::mem::replace(&mut self.0, Body::Shared(Bytes::new())) {
            Body::Written(json) => json.into(),
            Body::Shared(json) => json,
        };
        self.0 = Body::Shared(json.clone());
        json
    }
}

impl From<Answer> for Bytes {
    fn from(answer: Answer) -> Self {
        match answer.0 {
            Body::Written(json) => json.into(),
            Body::Shared(json) => json,
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.as_bytes().len())
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json: &RawValue = serde_json::from_slice(self.as_bytes()).map_err(serde::ser::Error::custom)?;
        json.serialize(serializer)
    }
}

/// Where the answer's `response` goes in an event.
pub struct ResponseSlot {
    event: Bytes,
    /// Where the value of `response` is; `None` if the event has no such key.
    span: Option<Range<usize>>,
}

impl ResponseSlot {
    pub(crate) fn new(event: Bytes, span: Option<Range<usize>>) -> Self {
        Self { event, span }
    }

    /// The event with this `response`. If the event has no such key, it is added at the end.
    ///
    /// # Errors
    /// Fails if `response` can't be written as JSON.
    pub fn fill(&self, response: &impl Serialize) -> serde_json::Result<Answer> {
        const KEY: &[u8] = br#","response":"#;
        let event = self.event.as_ref();
        let (span, key) = match &self.span {
            Some(span) => (span.clone(), &b""[..]),
            None => {
                let last_brace = event.iter().rposition(|&byte| byte == b'}');
                let end = last_brace.unwrap_or(event.len());
                (end..end, KEY)
            }
        };
        // Room for an answer of usual size, so that the buffer doesn't grow.
        let mut answer = ZeroizingBuffer::with_capacity(event.len() + 256);
        answer.extend(event.get(..span.start).unwrap_or_default());
        answer.extend(key);
        serde_json::to_writer(&mut answer, response)?;
        answer.extend(event.get(span.end..).unwrap_or_default());
        Ok(Answer(Body::Written(answer)))
    }

    /// The event as it was received, for triggers whose answer Cognito ignores.
    pub fn unchanged(self) -> Answer {
        Answer(Body::Shared(self.event))
    }
}
