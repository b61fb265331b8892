//! The header strings that an event keeps: offsets into its bytes, or copies.

use std::sync::Arc;

/// The header of an event, without borrowing from it.
///
/// It costs no allocation for a plain event, and is passed on with the event's bytes.
#[derive(Clone)]
pub(crate) struct Header {
    pub(crate) version: HeaderString,
    pub(crate) region: HeaderString,
    pub(crate) user_pool_id: HeaderString,
    pub(crate) user_name: HeaderString,
    pub(crate) client_id: HeaderString,
    pub(crate) aws_sdk_version: HeaderString,
}

/// A string of the header. Offsets cost no allocation; a string with escapes has to be copied.
#[derive(Clone)]
pub(crate) enum HeaderString {
    /// Null or absent.
    Absent,
    /// The bytes from `start` to `end` of the event.
    Span { start: u32, end: u32 },
    /// A string that had escapes.
    Copied(Arc<String>),
}

impl HeaderString {
    /// The string, if there is one. `event` is the event that the header belongs to.
    ///
    /// `None` for null and absence. With any other event, the result is a wrong string or `None`, never a panic.
    pub(crate) fn get<'a>(&'a self, event: &'a [u8]) -> Option<&'a str> {
        match self {
            Self::Absent => None,
            Self::Span { start, end } => {
                let span = usize::try_from(*start).ok()?..usize::try_from(*end).ok()?;
                std::str::from_utf8(event.get(span)?).ok()
            }
            Self::Copied(text) => Some(text),
        }
    }
}
