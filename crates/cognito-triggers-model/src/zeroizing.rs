//! A byte buffer that is overwritten when it is dropped. An event may hold a password, an answer the code of a challenge.

use std::io;

use bytes::Bytes;
use zeroize::optimization_barrier;

/// A buffer that is overwritten with zeros when it is dropped, and whenever it moves to a larger allocation.
///
/// It has no `Debug`, so its content can't get into a log by accident.
// `Zeroizing<Vec<u8>>` frees an outgrown allocation as it is, and it zeroes byte by byte, which takes as long as writing
// an event. A plain fill followed by an optimization barrier isn't optimized away either.
#[derive(Clone, Default)]
pub struct ZeroizingBuffer(Vec<u8>);

impl ZeroizingBuffer {
    /// An empty buffer with room for this many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// Appends bytes.
    ///
    /// Nothing is left behind in an outgrown allocation.
    // Inlined, because an answer is written in dozens of pieces.
    #[inline]
    pub fn extend(&mut self, bytes: &[u8]) {
        if bytes.len() > self.0.capacity() - self.0.len() {
            self.grow(bytes.len());
        }
        self.0.extend_from_slice(bytes);
    }

    /// Moves to an allocation of at least twice the size; the old one is overwritten.
    #[cold]
    fn grow(&mut self, more: usize) {
        let capacity = (self.0.len() + more).max(2 * self.0.capacity());
        let mut larger = Self::with_capacity(capacity);
        larger.0.extend_from_slice(&self.0);
        *self = larger;
    }

    /// The bytes so far.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for ZeroizingBuffer {
    fn drop(&mut self) {
        self.0.fill(0);
        optimization_barrier(self.0.as_slice());
        #[cfg(test)]
        tests::LEFT.with_borrow_mut(|left| left.push(self.0.clone()));
    }
}

impl From<Vec<u8>> for ZeroizingBuffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for ZeroizingBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The bytes are overwritten when the last reference to them is dropped, by the HTTP client for instance.
impl From<ZeroizingBuffer> for Bytes {
    fn from(bytes: ZeroizingBuffer) -> Self {
        Self::from_owner(bytes)
    }
}

impl io::Write for ZeroizingBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, io::Write};

    use super::*;

    thread_local! {
        /// The content of this thread's buffers when they were freed.
        pub(super) static LEFT: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    }

    #[test]
    fn an_outgrown_allocation_is_overwritten() {
        let mut bytes = ZeroizingBuffer::with_capacity(7);
        bytes.write_all(b"hunter2").unwrap();
        assert_eq!(LEFT.take(), Vec::<Vec<u8>>::new());
        bytes.write_all(b"!").unwrap();
        assert_eq!(LEFT.take(), [[0; 7]]);
        assert_eq!(bytes.as_slice(), b"hunter2!");
    }

    #[test]
    fn shared_bytes_are_overwritten_at_the_last_drop() {
        let bytes = Bytes::from(ZeroizingBuffer::from(b"hunter2".to_vec()));
        let shared = bytes.slice(3..);
        drop(bytes);
        assert_eq!(shared, b"ter2"[..]);
        assert!(LEFT.take().is_empty());
        drop(shared);
        assert_eq!(LEFT.take(), [[0; 7]]);
    }

    #[test]
    fn answers_and_copies_of_events_are_overwritten() {
        let event = r#"{"triggerSource":"X_Y","userName":"\ud83d","response":null}"#;
        let zeros = |length| vec![0; length];

        drop(crate::event::Event::<crate::triggers::PreSignUp>::from_json(event).unwrap());
        // The copy of the event, and the copy without the lone surrogate.
        assert_eq!(LEFT.take(), [zeros(event.len()), zeros(event.len())]);

        drop(serde_json::from_str::<crate::payload::Payload>(event).unwrap());
        assert_eq!(LEFT.take(), [zeros(event.len())]);

        let received = Bytes::from_static(br#"{"triggerSource":"X_Y","response":null}"#);
        let input = crate::envelope::EventBytes::new(&received);
        let answer = input.read().unwrap().response_slot().fill(&"hunter2").unwrap();
        drop(Bytes::from(answer));
        assert_eq!(LEFT.take(), [zeros(received.len() + 5)]);
    }
}
