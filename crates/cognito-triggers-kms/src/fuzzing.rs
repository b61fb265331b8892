//! Entry points for the fuzz targets, which use no other internals.

use crate::message::Message;

/// Returns the length of the header at the start of `bytes`, its tag included, or `None` if there is none.
#[must_use]
pub fn header_length(bytes: &[u8]) -> Option<usize> {
    Message::header_length(bytes).ok()
}

/// Opens a message with `data_key`, without checking its signature.
///
/// Returns the length of its header and body, or `None` if it doesn't open.
#[must_use]
pub fn open_unsigned(bytes: &[u8], data_key: &[u8]) -> Option<usize> {
    let message = Message::parse(bytes).ok()?;
    message.open(data_key).ok()?;
    Some(message.signed_length())
}
