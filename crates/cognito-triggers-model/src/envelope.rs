//! Reading an event: its envelope in place, and its `request` as the type of a trigger.
//!
//! Nothing is copied unless it has escapes: the envelope borrows from the received bytes, and an
//! [`Event`](crate::event::Event) keeps offsets into them.
//!
//! The envelope is what all events have in common: `version`, `triggerSource`, `region`, `userPoolId`, `userName` and
//! `callerContext`, with `request` and `response` as JSON that isn't parsed yet. Most programs don't need this
//! module: [`Event::from_json`](crate::event::Event::from_json) reads a whole event.

mod fields;
mod header;
mod plain;

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};

pub use fields::{CallerContext, Envelope, HeaderStr};
pub(crate) use header::Header;

use crate::{
    answer::ResponseSlot, envelope::header::HeaderString, lenient, malformed::ParseEventError, raw::Raw,
    surrogates::replace_lone_surrogates,
};

/// The bytes of one event, ready to be read.
///
/// ```
/// use bytes::Bytes;
/// use cognito_triggers_model::envelope::EventBytes;
///
/// let bytes = Bytes::from_static(br#"{"triggerSource": "PreSignUp_SignUp", "response": null}"#);
/// let event = EventBytes::new(&bytes);
/// let received = event.read()?;
/// assert_eq!(received.source(), "PreSignUp_SignUp");
///
/// let answer = received.response_slot().fill(&serde_json::json!({"autoConfirmUser": true}))?;
/// assert_eq!(answer.as_bytes(), br#"{"triggerSource": "PreSignUp_SignUp", "response": {"autoConfirmUser":true}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct EventBytes<'a> {
    /// The bytes as Cognito sent them. The answer is made from these.
    original: &'a Bytes,
    /// A copy without lone surrogates, if the event has any.
    replaced: Option<Bytes>,
}

impl<'a> EventBytes<'a> {
    /// Takes the bytes of an event.
    ///
    /// Looks for lone surrogates, and copies the event if there are any. Nothing else is read.
    pub fn new(event: &'a Bytes) -> Self {
        Self {
            original: event,
            replaced: replace_lone_surrogates(event),
        }
    }

    /// Reads the envelope.
    ///
    /// # Errors
    /// Fails if the bytes aren't one JSON object, `triggerSource` is missing, or a header field has the wrong JSON type.
    ///
    /// An event that isn't from a user pool has no `triggerSource`, and gives [`ParseEventError::NotUserPool`].
    pub fn read(&self) -> Result<Received<'_>, ParseEventError> {
        let bytes = self.replaced.as_ref().unwrap_or(self.original);
        let text = std::str::from_utf8(bytes).map_err(|error| ParseEventError::not_utf8(&error))?;
        // serde fills a struct from an array by position, so arrays have to be refused here.
        if !text.trim_ascii_start().starts_with('{') {
            return Err(ParseEventError::not_an_object(text));
        }
        let envelope = match plain::envelope(text) {
            Some(envelope) => envelope,
            None => parse(text)?,
        };
        let received = Received {
            bytes,
            original: self.original,
            envelope,
        };
        if received.source().is_empty() {
            received.validate_json()?;
            return Err(ParseEventError::NotUserPool);
        }
        Ok(received)
    }
}

/// Reads the envelope with the JSON parser, whatever form it has.
fn parse(text: &str) -> Result<Envelope<'_>, ParseEventError> {
    serde_json::from_str(text).map_err(|error| ParseEventError::document::<Envelope<'_>>(text, &error))
}

/// An event whose envelope is read. Its `request` is parsed by [`request`](Received::request).
///
/// Its offsets are valid in the original bytes as well, because a replaced surrogate keeps its length.
pub struct Received<'a> {
    /// The bytes that are parsed. They have the same length as `original`.
    bytes: &'a Bytes,
    /// The bytes as Cognito sent them.
    original: &'a Bytes,
    /// The envelope, which borrows from `bytes`.
    envelope: Envelope<'a>,
}

impl<'a> Received<'a> {
    /// Parses the part of `request` that [`EventBytes::read`] only delimited. Call it before you refuse an event for
    /// another reason, so that an event that isn't JSON is reported as such.
    ///
    /// # Errors
    /// [`ParseEventError::InvalidJson`] with the location.
    pub fn validate_json(&self) -> Result<(), ParseEventError> {
        if !self.envelope.request_is_unvalidated {
            return Ok(());
        }
        let text = std::str::from_utf8(self.bytes).map_err(|error| ParseEventError::not_utf8(&error))?;
        parse(text).map(|_| ())
    }

    /// The fields of the envelope.
    ///
    /// Fields that were null or absent are absent. Unknown fields aren't kept; they are in [`raw`](Self::raw).
    pub fn envelope(&self) -> &Envelope<'a> {
        &self.envelope
    }

    /// `triggerSource`, never empty.
    pub fn source(&self) -> &str {
        self.envelope.trigger_source.as_str()
    }

    /// Parses `request` as the type of a trigger. Null and absence read as `{}`.
    ///
    /// # Errors
    /// [`ParseEventError::Field`] with the path and the location of the first value that doesn't fit.
    pub fn request<T: DeserializeOwned>(&self) -> Result<T, ParseEventError> {
        let json = self.envelope.request.unwrap_or("{}");
        let json = if json == "null" { "{}" } else { json };
        if json.starts_with('{')
            && let Ok(request) = serde_json::from_str(json)
        {
            return Ok(request);
        }
        self.validate_json()?;
        // Parsed once more, now with the path of each value, which is slower.
        let start = self.span(json).map_or(0, |span| span.start);
        let before = self.bytes.get(..start).unwrap_or_default();
        Err(ParseEventError::request::<T>(json, before))
    }

    /// `request.type`, which only the events of custom senders have.
    ///
    /// AWS documents `customEmailSenderRequestV1` and `customSMSSenderRequestV1`. `None` if it is null, empty or absent, or if
    /// `request` can't be read.
    pub fn request_type(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Request {
            #[serde(default, rename = "type", deserialize_with = "lenient::nonempty")]
            request_type: Option<String>,
        }
        serde_json::from_str::<Request>(self.envelope.request?)
            .ok()?
            .request_type
    }

    /// Whether the event has a `response`. The events of custom senders have none.
    pub fn has_response(&self) -> bool {
        self.envelope.response.is_some()
    }

    /// The event as it was received.
    ///
    /// Lone surrogates are still in it.
    pub fn raw(&self) -> Raw {
        Raw::new(self.original.clone())
    }

    /// Where the answer's `response` goes.
    ///
    /// Use [`ResponseSlot::fill`] for a new `response`, and [`ResponseSlot::unchanged`] to return the event as it
    /// came.
    pub fn response_slot(&self) -> ResponseSlot {
        let span = self.envelope.response.and_then(|response| self.span(response));
        ResponseSlot::new(self.original.clone(), span)
    }

    /// The `response` within an answer to this event; `None` if the event has none.
    ///
    /// The answer must have been made by [`ResponseSlot::fill`]: outside `response` it is the event.
    pub fn response_in<'b>(&self, answer: &'b [u8]) -> Option<&'b [u8]> {
        let span = self.span(self.envelope.response?)?;
        let after = self.bytes.len().checked_sub(span.end)?;
        answer.get(span.start..answer.len().checked_sub(after)?)
    }

    /// The bytes that are parsed: the event with lone surrogates replaced.
    pub fn bytes(&self) -> &[u8] {
        self.bytes
    }

    /// The header strings, without borrowing from the event.
    pub(crate) fn header(&self) -> Header {
        let Envelope {
            version,
            region,
            user_pool_id,
            user_name,
            caller_context,
            ..
        } = &self.envelope;
        Header {
            version: self.keep(version),
            region: self.keep(region),
            user_pool_id: self.keep(user_pool_id),
            user_name: self.keep(user_name),
            client_id: self.keep(&caller_context.client_id),
            aws_sdk_version: self.keep(&caller_context.aws_sdk_version),
        }
    }

    /// A string of the envelope as offsets into the event. A string with escapes is copied, and so is one past 4 GiB.
    fn keep(&self, text: &HeaderStr<'_>) -> HeaderString {
        let Some(text) = text.as_option() else {
            return HeaderString::Absent;
        };
        let offsets = |span: Range<usize>| {
            Some(HeaderString::Span {
                start: span.start.try_into().ok()?,
                end: span.end.try_into().ok()?,
            })
        };
        let copied = || HeaderString::Copied(Arc::new(text.to_owned()));
        self.span(text).and_then(offsets).unwrap_or_else(copied)
    }

    /// The offsets of a slice of the event; `None` if the string isn't a part of it.
    fn span(&self, part: &str) -> Option<Range<usize>> {
        let start = (part.as_ptr() as usize).checked_sub(self.bytes.as_ptr() as usize)?;
        let end = start.checked_add(part.len())?;
        (end <= self.bytes.len()).then_some(start..end)
    }
}

#[cfg(test)]
mod tests;
