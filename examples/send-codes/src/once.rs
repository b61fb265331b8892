//! Not sending a message twice.
//!
//! Lambda calls a custom sender again when it failed, and once in a while when it didn't. What was sent, or may have
//! been, is remembered here, in this instance. That covers most of it, since a retry mostly meets the instance of the
//! first try. The README of this example says what to do where a second message does harm.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a message is remembered: longer than Lambda may come again with it, which is the event's maximum age in the
/// function's settings (180 seconds in the template).
const REMEMBERED: Duration = Duration::from_mins(10);

/// By the hash of medium and name: the name of a message is as long as its code.
#[derive(Default)]
pub(crate) struct Sent {
    messages: Mutex<HashMap<u64, State>>,
    hasher: RandomState,
}

/// An e-mail and a text message are two, whatever they have in common.
#[derive(Clone, Copy, Hash)]
pub(crate) enum Medium {
    Mail,
    Sms,
}

#[derive(Clone, Copy)]
enum State {
    InFlight,
    /// It was handed over, and no answer came.
    Unknown(Instant),
    Sent(Instant),
}

/// The right to send one message. Dropped before [`sending`](Claim::sending), it is given back: the next try may send.
/// Dropped after that, in a panic for instance, the message may be on its way.
pub(crate) struct Claim<'a> {
    sent: &'a Sent,
    hash: u64,
    /// What is remembered in the end; nothing, if the next try may send.
    end: Option<State>,
}

impl Sent {
    /// The right to send the message of this name, or `None` if it was sent.
    ///
    /// # Errors
    /// Another call is sending it, or an earlier one doesn't know whether it did. Neither is a success: the event
    /// belongs into the queue of those that failed, where somebody sees it.
    pub(crate) fn claim(&self, medium: Medium, name: &str) -> Result<Option<Claim<'_>>, &'static str> {
        self.claim_at(medium, name, Instant::now())
    }

    fn claim_at(&self, medium: Medium, name: &str, now: Instant) -> Result<Option<Claim<'_>>, &'static str> {
        let hash = self.hasher.hash_one((medium, name));
        let mut messages = self.messages();
        messages.retain(|_, state| match state {
            State::InFlight => true,
            State::Unknown(then) | State::Sent(then) => now.saturating_duration_since(*then) < REMEMBERED,
        });
        match messages.get(&hash) {
            Some(State::Sent(_)) => return Ok(None),
            Some(State::InFlight) => return Err("another call is sending this message right now"),
            Some(State::Unknown(_)) => {
                return Err(
                    "an earlier try ended without an answer: the message may be on its way, and isn't sent again",
                );
            }
            None => messages.insert(hash, State::InFlight),
        };
        Ok(Some(Claim {
            sent: self,
            hash,
            end: None,
        }))
    }

    fn messages(&self) -> MutexGuard<'_, HashMap<u64, State>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim<'_> {
    /// It is handed over now.
    pub(crate) fn sending(&mut self) {
        self.end = Some(State::Unknown(Instant::now()));
    }

    /// It was taken: nobody sends it again.
    pub(crate) fn sent(mut self) {
        self.end = Some(State::Sent(Instant::now()));
    }

    /// It certainly wasn't taken: the next try may send.
    pub(crate) fn not_taken(mut self) {
        self.end = None;
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut messages = self.sent.messages();
        match self.end {
            Some(state) => messages.insert(self.hash, state),
            None => messages.remove(&self.hash),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::Medium::{Mail, Sms};
    use super::*;

    #[test]
    fn what_is_sent_is_not_sent_again() {
        let sent = Sent::default();
        sent.claim(Mail, "a").unwrap().unwrap().sent();
        assert!(sent.claim(Mail, "a").unwrap().is_none());
        assert!(sent.claim(Mail, "b").unwrap().is_some());
        assert!(sent.claim(Sms, "a").unwrap().is_some());
    }

    #[test]
    fn while_one_sends_the_other_fails() {
        let sent = Sent::default();
        let claim = sent.claim(Mail, "a").unwrap().unwrap();
        assert!(sent.claim(Mail, "a").is_err());
        drop(claim);
        assert!(sent.claim(Mail, "a").unwrap().is_some());
    }

    #[test]
    fn what_may_be_on_its_way_is_no_success() {
        let sent = Sent::default();
        let panicked = std::panic::catch_unwind(|| {
            let mut claim = sent.claim(Mail, "a").unwrap().unwrap();
            claim.sending();
            panic!("in the middle");
        });
        assert!(panicked.is_err());
        assert!(
            sent.claim(Mail, "a")
                .is_err_and(|why| why.contains("may be on its way"))
        );
        let mut refused = sent.claim(Mail, "b").unwrap().unwrap();
        refused.sending();
        refused.not_taken();
        assert!(sent.claim(Mail, "b").unwrap().is_some());
    }

    #[test]
    fn it_is_remembered_for_longer_than_lambda_tries() {
        let sent = Sent::default();
        let _in_flight = sent.claim(Mail, "slow").unwrap().unwrap();
        for number in 0..1000 {
            sent.claim(Mail, &number.to_string()).unwrap().unwrap().sent();
        }
        let last_try = Instant::now() + Duration::from_mins(5);
        assert!(sent.claim_at(Mail, "0", last_try).unwrap().is_none());
        let later = Instant::now() + REMEMBERED;
        assert!(sent.claim_at(Mail, "0", later).unwrap().is_some());
        assert!(sent.claim_at(Mail, "slow", later).is_err());
        assert_eq!(sent.messages().len(), 1);
    }
}
