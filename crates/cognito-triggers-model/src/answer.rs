//! The answer to an event, as the bytes that Cognito gets.

use std::fmt;

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::zeroizing::ZeroizingBuffer;

/// The answer: the event as received with its `response` filled.
#[derive(Clone)]
pub struct Answer(Body);

// An answer that was written stays the buffer it was written into: to share it would be one more allocation.
#[derive(Clone)]
enum Body {
    Written(ZeroizingBuffer),
    Unchanged(Bytes),
}

impl Answer {
    pub fn written(json: ZeroizingBuffer) -> Self {
        Self(Body::Written(json))
    }

    pub fn unchanged(event: Bytes) -> Self {
        Self(Body::Unchanged(event))
    }

    /// The bytes that Cognito gets: JSON.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Body::Written(json) => json.as_slice(),
            Body::Unchanged(event) => event,
        }
    }
}

impl From<Answer> for Bytes {
    fn from(answer: Answer) -> Self {
        match answer.0 {
            Body::Written(json) => json.into(),
            Body::Unchanged(event) => event,
        }
    }
}

/// It may hold what the event held, so only its size is printed.
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
