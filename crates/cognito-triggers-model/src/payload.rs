//! An event as the bytes that came.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::zeroizing::ZeroizingBuffer;

/// An event as received, not read yet. The runtime hands it on as one piece.
#[derive(Clone)]
pub struct Payload(Bytes);

impl<B: Into<Bytes>> From<B> for Payload {
    fn from(bytes: B) -> Self {
        Self(bytes.into())
    }
}

impl Payload {
    /// The bytes as they came.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json: Box<str> = Box::<RawValue>::deserialize(deserializer)?.into();
        Ok(Self(
            ZeroizingBuffer::from(String::from(json).into_bytes()).into(),
        ))
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}
