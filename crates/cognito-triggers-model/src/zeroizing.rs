//! Bytes that are overwritten when they are let go: an event may hold a password, an answer the code of a challenge.

use std::io;

use bytes::Bytes;
use zeroize::optimization_barrier;

/// A buffer that is overwritten with zeros when it is dropped, and each time when it gets too small.
// `Zeroizing<Vec<u8>>` would let go of what it outgrows as it is, and zeroes byte by byte, which at the length of an
// event takes as long as to write it. What is written once and then looked at by a barrier isn't optimized away either.
#[derive(Clone, Default)]
pub struct ZeroizingBuffer(Vec<u8>);

impl ZeroizingBuffer {
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    // An answer is written in some dozens of pieces.
    #[inline]
    pub fn extend(&mut self, bytes: &[u8]) {
        if bytes.len() > self.0.capacity() - self.0.len() {
            self.outgrow(bytes.len());
        }
        self.0.extend_from_slice(bytes);
    }

    #[cold]
    fn outgrow(&mut self, more: usize) {
        let capacity = (self.0.len() + more).max(2 * self.0.capacity());
        let mut larger = Self::with_capacity(capacity);
        larger.0.extend_from_slice(&self.0);
        *self = larger;
    }

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

/// Overwritten when the last one lets go of it, the HTTP client for instance.
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
        /// What stood in the buffers of this thread when they were freed.
        pub(super) static LEFT: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    }

    #[test]
    fn what_is_outgrown_is_overwritten() {
        let mut bytes = ZeroizingBuffer::with_capacity(7);
        bytes.write_all(b"hunter2").unwrap();
        assert_eq!(LEFT.take(), Vec::<Vec<u8>>::new());
        bytes.write_all(b"!").unwrap();
        assert_eq!(LEFT.take(), [[0; 7]]);
        assert_eq!(bytes.as_slice(), b"hunter2!");
    }

    #[test]
    fn shared_bytes_are_overwritten_when_the_last_one_lets_go() {
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

        drop(crate::Event::<crate::PreSignUp>::from_json(event).unwrap());
        // The copy, and the one whose half character is replaced.
        assert_eq!(LEFT.take(), [zeros(event.len()), zeros(event.len())]);

        drop(serde_json::from_str::<crate::Payload>(event).unwrap());
        assert_eq!(LEFT.take(), [zeros(event.len())]);

        let received = Bytes::from_static(br#"{"triggerSource":"X_Y","response":null}"#);
        let input = crate::raw::Input::new(&received);
        let answer = input.read().unwrap().slot().answer(&"hunter2").unwrap();
        drop(Bytes::from(answer));
        assert_eq!(LEFT.take(), [zeros(received.len() + 5)]);
    }
}
