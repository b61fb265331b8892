//! Protection against sending a message twice.
//!
//! Lambda retries a custom sender that failed, and occasionally one that succeeded. This instance remembers what it sent
//! or may have sent. This covers most retries, because they usually reach the same instance. The README says what to do if
//! a second message does harm.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a message is remembered. Longer than Lambda retries it, which is at most the event's maximum age in the
/// function's settings (180 seconds in the template).
const RETENTION: Duration = Duration::from_mins(10);

/// The messages that this instance sent or is sending.
///
/// The keys are hashes of channel and message id, because an id is as long as an encrypted code.
#[derive(Default)]
pub(crate) struct SentMessages {
    messages: Mutex<HashMap<u64, State>>,
    hasher: RandomState,
}

/// How a message is sent. An email and a text message with the same id are two messages.
#[derive(Clone, Copy, Hash)]
pub(crate) enum Channel {
    Email,
    Sms,
}

#[derive(Clone, Copy)]
enum State {
    InFlight,
    /// The request was sent, and no answer arrived.
    Unknown(Instant),
    Sent(Instant),
}

/// The permission to send one message.
///
/// If it is dropped before [`sending`](SendPermit::sending), the next call may send the message. If it is dropped later, for
/// example by a panic, the message counts as possibly sent.
pub(crate) struct SendPermit<'a> {
    sent: &'a SentMessages,
    hash: u64,
    /// The state to remember on drop; `None` if the next call may send the message.
    final_state: Option<State>,
}

impl SentMessages {
    /// Returns the permission to send the message with this id, or `None` if it was already sent.
    ///
    /// # Errors
    /// Fails if another call is sending the message, or if an earlier call doesn't know whether it did. The event then
    /// fails and reaches the on-failure destination, where an operator sees it.
    pub(crate) fn claim(&self, channel: Channel, id: &str) -> Result<Option<SendPermit<'_>>, &'static str> {
        self.claim_at(channel, id, Instant::now())
    }

    fn claim_at(
        &self,
        channel: Channel,
        id: &str,
        now: Instant,
    ) -> Result<Option<SendPermit<'_>>, &'static str> {
        let hash = self.hasher.hash_one((channel, id));
        let mut messages = self.messages();
        messages.retain(|_, state| match state {
            State::InFlight => true,
            State::Unknown(then) | State::Sent(then) => now.saturating_duration_since(*then) < RETENTION,
        });
        match messages.get(&hash) {
            Some(State::Sent(_)) => return Ok(None),
            Some(State::InFlight) => return Err("another call is sending this message right now"),
            Some(State::Unknown(_)) => {
                return Err(
                    "an earlier attempt ended without an answer: the message may be on its way and isn't sent again",
                );
            }
            None => messages.insert(hash, State::InFlight),
        };
        Ok(Some(SendPermit {
            sent: self,
            hash,
            final_state: None,
        }))
    }

    fn messages(&self) -> MutexGuard<'_, HashMap<u64, State>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SendPermit<'_> {
    /// Marks the message as being sent. From here on it may be on its way.
    pub(crate) fn sending(&mut self) {
        self.final_state = Some(State::Unknown(Instant::now()));
    }

    /// Marks the message as accepted. It is never sent again.
    pub(crate) fn sent(mut self) {
        self.final_state = Some(State::Sent(Instant::now()));
    }

    /// Marks the message as certainly not accepted. The next call may send it.
    pub(crate) fn not_accepted(mut self) {
        self.final_state = None;
    }
}

impl Drop for SendPermit<'_> {
    fn drop(&mut self) {
        let mut messages = self.sent.messages();
        match self.final_state {
            Some(state) => messages.insert(self.hash, state),
            None => messages.remove(&self.hash),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::Channel::{Email, Sms};
    use super::*;

    #[test]
    fn a_sent_message_is_not_sent_again() {
        let sent = SentMessages::default();
        sent.claim(Email, "a").unwrap().unwrap().sent();
        assert!(sent.claim(Email, "a").unwrap().is_none());
        assert!(sent.claim(Email, "b").unwrap().is_some());
        assert!(sent.claim(Sms, "a").unwrap().is_some());
    }

    #[test]
    fn a_concurrent_call_for_one_message_fails() {
        let sent = SentMessages::default();
        let permit = sent.claim(Email, "a").unwrap().unwrap();
        assert!(sent.claim(Email, "a").is_err());
        drop(permit);
        assert!(sent.claim(Email, "a").unwrap().is_some());
    }

    #[test]
    fn a_message_that_may_be_on_its_way_is_an_error() {
        let sent = SentMessages::default();
        let panicked = std::panic::catch_unwind(|| {
            let mut permit = sent.claim(Email, "a").unwrap().unwrap();
            permit.sending();
            panic!("in the middle");
        });
        assert!(panicked.is_err());
        assert!(
            sent.claim(Email, "a")
                .is_err_and(|why| why.contains("may be on its way"))
        );
        let mut refused = sent.claim(Email, "b").unwrap().unwrap();
        refused.sending();
        refused.not_accepted();
        assert!(sent.claim(Email, "b").unwrap().is_some());
    }

    #[test]
    fn a_message_is_remembered_longer_than_lambda_retries() {
        let sent = SentMessages::default();
        let _in_flight = sent.claim(Email, "slow").unwrap().unwrap();
        for number in 0..1000 {
            sent.claim(Email, &number.to_string()).unwrap().unwrap().sent();
        }
        let last_retry = Instant::now() + Duration::from_mins(5);
        assert!(sent.claim_at(Email, "0", last_retry).unwrap().is_none());
        let later = Instant::now() + RETENTION;
        assert!(sent.claim_at(Email, "0", later).unwrap().is_some());
        assert!(sent.claim_at(Email, "slow", later).is_err());
        assert_eq!(sent.messages().len(), 1);
    }
}
