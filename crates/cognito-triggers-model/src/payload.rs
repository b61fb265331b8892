//! An event on its way from the Lambda runtime to the router.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::zeroizing::ZeroizingBuffer;

/// The bytes of an event that hasn't been parsed: the request type of a function as a `tower` service.
///
/// A copy that deserializing makes is overwritten when it is dropped. `Debug` prints only the size.
///
/// ```
/// use cognito_triggers::model::payload::Payload;
///
/// let payload = Payload::from(r#"{"triggerSource": "PreSignUp_SignUp"}"#);
/// assert_eq!(format!("{payload:?}"), "[37 bytes]");
/// ```
#[derive(Clone)]
pub struct Payload(Bytes);

impl<B: Into<Bytes>> From<B> for Payload {
    fn from(bytes: B) -> Self {
        Self(bytes.into())
    }
}

impl Payload {
    /// The bytes, unchanged.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, unchanged and without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json: Box<str> = Box::<RawValue>::deserialize(deserializer)?.into();
        let buffer = ZeroizingBuffer::from(String::from(json).into_bytes());
        Ok(Self(buffer.into()))
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}
