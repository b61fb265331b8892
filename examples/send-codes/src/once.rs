//! Not sending a message twice.
//!
//! Lambda calls a custom sender again when it failed, and once in a while when it didn't. What was sent, or may have
//! been, is remembered here, in this instance. That covers most of it, since a retry mostly meets the instance of the
//! first try. Where a second message does harm, put the name into a table with a conditional write instead.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a message is remembered. Lambda tries again after one minute, and two minutes after that.
const REMEMBERED: Duration = Duration::from_mins(10);

/// By the hash of a name: the name of a message is as long as its code.
#[derive(Default)]
pub(crate) struct Sent {
    messages: Mutex<HashMap<u64, State>>,
    hasher: RandomState,
}

#[derive(Clone, Copy)]
enum State {
    InFlight,
    Sent(Instant),
}

/// The right to send one message. Dropped before [`keep`](Claim::keep), it is given back: the next try may send.
pub(crate) struct Claim<'a> {
    sent: &'a Sent,
    hash: u64,
    state: Option<State>,
}

impl Sent {
    /// The right to send the message of this name, or `None` if it was sent.
    ///
    /// # Errors
    /// Another call is sending it. That one may fail yet, so this one mustn't be a success: Lambda is to come again.
    pub(crate) fn claim(&self, name: &str) -> Result<Option<Claim<'_>>, &'static str> {
        self.claim_at(name, Instant::now())
    }

    fn claim_at(&self, name: &str, now: Instant) -> Result<Option<Claim<'_>>, &'static str> {
        let hash = self.hasher.hash_one(name);
        let mut messages = self.messages();
        messages.retain(|_, state| match state {
            State::InFlight => true,
            State::Sent(then) => now.saturating_duration_since(*then) < REMEMBERED,
        });
        match messages.get(&hash) {
            Some(State::Sent(_)) => return Ok(None),
            Some(State::InFlight) => return Err("another call is sending this message right now"),
            None => messages.insert(hash, State::InFlight),
        };
        Ok(Some(Claim {
            sent: self,
            hash,
            state: None,
        }))
    }

    fn messages(&self) -> MutexGuard<'_, HashMap<u64, State>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim<'_> {
    /// The message is sent, or may be: nobody sends it again.
    pub(crate) fn keep(mut self) {
        self.state = Some(State::Sent(Instant::now()));
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut messages = self.sent.messages();
        match self.state {
            Some(state) => messages.insert(self.hash, state),
            None => messages.remove(&self.hash),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_not_sent_again() {
        let sent = Sent::default();
        sent.claim("a").unwrap().unwrap().keep();
        assert!(sent.claim("a").unwrap().is_none());
        assert!(sent.claim("b").unwrap().is_some());
    }

    #[test]
    fn while_one_sends_the_other_fails() {
        let sent = Sent::default();
        let claim = sent.claim("a").unwrap().unwrap();
        assert!(sent.claim("a").is_err());
        drop(claim);
        assert!(sent.claim("a").unwrap().is_some());
    }

    #[test]
    fn it_is_remembered_for_longer_than_lambda_tries() {
        let sent = Sent::default();
        let _in_flight = sent.claim("slow").unwrap().unwrap();
        for number in 0..1000 {
            sent.claim(&number.to_string()).unwrap().unwrap().keep();
        }
        let last_try = Instant::now() + Duration::from_mins(5);
        assert!(sent.claim_at("0", last_try).unwrap().is_none());
        let later = Instant::now() + REMEMBERED;
        assert!(sent.claim_at("0", later).unwrap().is_some());
        assert!(sent.claim_at("slow", later).is_err());
        assert_eq!(sent.messages().len(), 1);
    }
}
