//! A bounds-checked cursor over the bytes of a message.

use crate::error::Error;

/// A cursor over a message or a section of it. Integers are big-endian.
///
/// Every method that reads fails if the input ends too early. The error names the section, the byte, and the field, which
/// the parameter `field` describes.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    /// The name of the section in errors.
    name: &'static str,
}

impl<'a> Reader<'a> {
    /// Returns a cursor over a whole message.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self::of_section(bytes, "the message")
    }

    /// Returns a cursor over a section that errors call `name`.
    pub(super) fn of_section(bytes: &'a [u8], name: &'static str) -> Self {
        Self {
            bytes,
            position: 0,
            name,
        }
    }

    /// Reads the next `count` bytes.
    pub(super) fn take(&mut self, count: usize, field: &'static str) -> Result<&'a [u8], Error> {
        let end = self.position.checked_add(count);
        let taken = end
            .and_then(|end| self.bytes.get(self.position..end))
            .ok_or_else(|| {
                Error::tampered(format!(
                    "{} ends at byte {}, inside {field}",
                    self.name,
                    self.bytes.len()
                ))
            })?;
        self.position += count;
        Ok(taken)
    }

    /// Reads the next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Error> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, field)?);
        Ok(array)
    }

    /// Reads one byte.
    pub(super) fn u8(&mut self, field: &'static str) -> Result<u8, Error> {
        self.array(field).map(u8::from_be_bytes)
    }

    /// Reads an integer of two bytes.
    pub(super) fn u16(&mut self, field: &'static str) -> Result<u16, Error> {
        self.array(field).map(u16::from_be_bytes)
    }

    /// Reads an integer of four bytes.
    pub(super) fn u32(&mut self, field: &'static str) -> Result<u32, Error> {
        self.array(field).map(u32::from_be_bytes)
    }

    /// Reads a field that starts with its length in two bytes.
    pub(super) fn field(&mut self, field: &'static str) -> Result<&'a [u8], Error> {
        let length = self.u16(field)?;
        self.take(length.into(), field)
    }

    /// Returns everything that was read so far.
    pub(super) fn consumed(&self) -> &'a [u8] {
        self.bytes.get(..self.position).unwrap_or_default()
    }

    /// Returns whether everything was read.
    pub(super) fn is_empty(&self) -> bool {
        self.position == self.bytes.len()
    }

    /// Ends reading.
    ///
    /// # Errors
    /// Fails if bytes are left over.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self.bytes.len() - self.position {
            0 => Ok(()),
            1 => Err(Error::tampered(format!("{} has one byte too many", self.name))),
            more => Err(Error::tampered(format!(
                "{} has {more} bytes too many",
                self.name
            ))),
        }
    }
}
