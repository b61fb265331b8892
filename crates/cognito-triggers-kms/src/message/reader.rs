//! A cursor over the bytes of a message. It never goes past their end.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Error;

/// Decodes the `code` of an event: standard base64 with padding, and nothing around it.
pub(crate) fn decode(code: &str) -> Result<Vec<u8>, Error> {
    STANDARD
        .decode(code)
        .map_err(|_| Error::not_a_message("it isn't standard base64 with padding"))
}

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// What errors call the bytes.
    name: &'static str,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self::of_part(bytes, "the message")
    }

    pub(super) fn of_part(bytes: &'a [u8], name: &'static str) -> Self {
        Self { bytes, at: 0, name }
    }

    /// The next `count` bytes; `what` they are goes into the error when the input ends before.
    pub(super) fn take(&mut self, count: usize, what: &'static str) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.at..end)).ok_or_else(|| {
            Error::damaged(format!(
                "{} ends at byte {}, inside {what}",
                self.name,
                self.bytes.len()
            ))
        })?;
        self.at += count;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], Error> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, what)?);
        Ok(array)
    }

    pub(super) fn u8(&mut self, what: &'static str) -> Result<u8, Error> {
        self.array(what).map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self, what: &'static str) -> Result<u16, Error> {
        self.array(what).map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self, what: &'static str) -> Result<u32, Error> {
        self.array(what).map(u32::from_be_bytes)
    }

    /// A field that carries its own length in two bytes in front.
    pub(super) fn field(&mut self, what: &'static str) -> Result<&'a [u8], Error> {
        let length = self.u16(what)?;
        self.take(length.into(), what)
    }

    /// Everything that was read so far.
    pub(super) fn consumed(&self) -> &'a [u8] {
        self.bytes.get(..self.at).unwrap_or_default()
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// Nothing may follow what was read.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self.bytes.len() - self.at {
            0 => Ok(()),
            1 => Err(Error::damaged(format!("{} has one byte too many", self.name))),
            more => Err(Error::damaged(format!("{} has {more} bytes too many", self.name))),
        }
    }
}
