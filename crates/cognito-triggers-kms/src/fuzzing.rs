//! Doors for the fuzz targets, which know nothing else of the inside.

use crate::message::{Message, header_length as length};

/// The length of the header that `bytes` begin with, tag included.
#[must_use]
pub fn header_length(bytes: &[u8]) -> Option<usize> {
    length(bytes).ok()
}

/// The length of header and body of a message that `data_key` opens, the signature not looked at.
#[must_use]
pub fn open_unsigned(bytes: &[u8], data_key: &[u8]) -> Option<usize> {
    let message = Message::parse(bytes).ok()?;
    message.open(data_key).ok()?;
    Some(message.signed_length())
}
