//! Not sending a message twice.
//!
//! Lambda calls a custom sender again when it failed, and once in a while when it didn't. What was sent is remembered
//! here, in this instance. That covers most of it, since a retry mostly meets the instance of the first try. Where a
//! second message does harm, put the name into a table with a conditional write instead.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many messages are remembered; a retry comes within minutes.
const REMEMBERED: usize = 256;

#[derive(Default)]
pub(crate) struct Sent(Mutex<VecDeque<String>>);

/// The right to send one message. Dropped before [`keep`](Claim::keep), it is given back: after an error, a panic
/// or a time-out the next try may send.
pub(crate) struct Claim<'a> {
    sent: &'a Sent,
    name: Option<String>,
}

impl Sent {
    /// The right to send the message of this name, or `None` if somebody else has it.
    pub(crate) fn claim(&self, name: &str) -> Option<Claim<'_>> {
        let mut names = self.names();
        if names.iter().any(|sent| sent == name) {
            return None;
        }
        if names.len() == REMEMBERED {
            names.pop_front();
        }
        names.push_back(name.to_owned());
        Some(Claim {
            sent: self,
            name: Some(name.to_owned()),
        })
    }

    fn names(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim<'_> {
    /// The message is sent: nobody sends it again.
    pub(crate) fn keep(mut self) {
        self.name = None;
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let Some(name) = self.name.take() {
            self.sent.names().retain(|sent| *sent != name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_not_sent_again() {
        let sent = Sent::default();
        sent.claim("a").unwrap().keep();
        assert!(sent.claim("a").is_none());
        assert!(sent.claim("b").is_some());
    }

    #[test]
    fn while_one_sends_the_other_waits_in_vain() {
        let sent = Sent::default();
        let _claim = sent.claim("a").unwrap();
        assert!(sent.claim("a").is_none());
    }

    #[test]
    fn what_failed_may_be_tried_again() {
        let sent = Sent::default();
        drop(sent.claim("a").unwrap());
        assert!(sent.claim("a").is_some());
    }

    #[test]
    fn the_oldest_is_forgotten() {
        let sent = Sent::default();
        for number in 0..=REMEMBERED {
            sent.claim(&number.to_string()).unwrap().keep();
        }
        assert_eq!(sent.names().len(), REMEMBERED);
        assert!(sent.claim("1").is_none());
        assert!(sent.claim("0").is_some());
    }
}
