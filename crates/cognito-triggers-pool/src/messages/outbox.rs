//! The messages that were sent. Nothing leaves the machine.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// How many messages are remembered.
const REMEMBERED: usize = 10_000;

/// A message that was sent to a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OutboxMessage {
    /// The user pool.
    pub user_pool_id: String,
    /// The real user name.
    pub user_name: String,
    /// `EMAIL` or `SMS`.
    pub medium: &'static str,
    /// The email address or phone number.
    pub to: String,
    /// `triggerSource` of the trigger that could write the message, or that sent it.
    pub trigger_source: String,
    /// The subject of an email; `None` for SMS, and if a custom sender sent the message.
    pub subject: Option<String>,
    /// The text; `None` if a custom sender sent the message.
    pub body: Option<String>,
    /// The code or the temporary password in it.
    pub code: String,
    /// When it was sent, in seconds since 1970.
    pub at: i64,
}

/// The messages that were sent, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    messages: VecDeque<OutboxMessage>,
    /// How many of the next messages can't be delivered.
    drills: usize,
}

impl Outbox {
    pub(crate) fn push(&self, message: OutboxMessage) {
        self.with(|inner| {
            inner.messages.push_back(message);
            if inner.messages.len() > REMEMBERED {
                inner.messages.pop_front();
            }
        });
    }

    pub(crate) fn all(&self) -> Vec<OutboxMessage> {
        self.with(|inner| inner.messages.iter().cloned().collect())
    }

    /// Makes the next message undeliverable.
    pub(crate) fn add_drill(&self) {
        self.with(|inner| inner.drills += 1);
    }

    /// Whether this message can't be delivered.
    pub(crate) fn takes_drill(&self) -> bool {
        self.with(|inner| {
            let takes = inner.drills > 0;
            inner.drills = inner.drills.saturating_sub(1);
            takes
        })
    }

    pub(crate) fn clear(&self) {
        self.with(|inner| *inner = Inner::default());
    }

    fn with<T>(&self, use_inner: impl FnOnce(&mut Inner) -> T) -> T {
        use_inner(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
