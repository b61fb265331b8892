//! The outbox. Nothing leaves the machine.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::weight::forget_oldest;

/// A message that was sent to a user.
///
/// It is serialized with names in camel case, as `GET /_dev/messages` returns it. The code is in plain text, even if a custom
/// sender got it encrypted.
///
/// ```
/// # use cognito_triggers_pool::LocalPool;
/// # use serde_json::json;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let pool = LocalPool::builder().start().await?;
/// pool.call("AdminCreateUser", json!({
///     "UserPoolId": "us-east-1_localpool",
///     "Username": "ana",
///     "UserAttributes": [{ "Name": "email", "Value": "ana@example.com" }],
///     "DesiredDeliveryMediums": ["EMAIL"],
///     "TemporaryPassword": "Temp0rary!",
/// }))
/// .await?;
/// let messages = pool.messages();
/// assert_eq!(messages[0].medium, "EMAIL");
/// assert_eq!(messages[0].code, "Temp0rary!");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OutboxMessage {
    /// Its number, from 1 on, and again from 1 on after a reset.
    pub seq: u64,
    /// The id of the user pool.
    pub user_pool_id: String,
    /// The real user name.
    ///
    /// In a pool with `UsernameAttributes`, it is the `sub`.
    pub user_name: String,
    /// `EMAIL` or `SMS`.
    pub medium: &'static str,
    /// The email address or phone number.
    ///
    /// It isn't masked, unlike in answers of the API.
    pub to: String,
    /// `triggerSource` of the trigger that writes the message (CustomMessage, even if the pool has none) or that sent it.
    pub trigger_source: String,
    /// The subject of an email; `None` for SMS, and if a custom sender sent the message.
    pub subject: Option<String>,
    /// The body; `None` if a custom sender sent the message.
    pub body: Option<String>,
    /// The code or the temporary password in the message.
    pub code: String,
    /// When it was sent, in seconds since 1970 by the clock of the pool.
    pub at: i64,
}

/// The messages that were sent, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The number of the latest message.
    next: u64,
    messages: VecDeque<OutboxMessage>,
    /// How many bytes they take.
    bytes: usize,
}

impl OutboxMessage {
    /// How many bytes it takes, about.
    fn weight(&self) -> usize {
        let texts = [
            &self.user_pool_id,
            &self.user_name,
            &self.to,
            &self.trigger_source,
            &self.code,
        ];
        let more = [&self.subject, &self.body].into_iter().flatten();
        size_of::<Self>() + texts.into_iter().chain(more).map(String::len).sum::<usize>()
    }
}

impl Outbox {
    /// Adds a message, and returns it with its number. The oldest ones are dropped if there are more than 10,000, or if they take more
    /// than 64 MiB; the newest one stays.
    pub(crate) fn push(&self, mut message: OutboxMessage) -> OutboxMessage {
        self.with(|inner| {
            inner.next += 1;
            message.seq = inner.next;
            inner.bytes += message.weight();
            inner.messages.push_back(message.clone());
            forget_oldest(&mut inner.messages, &mut inner.bytes, OutboxMessage::weight);
            message
        })
    }

    /// The messages in the outbox, the oldest first.
    pub(crate) fn all(&self) -> Vec<OutboxMessage> {
        self.matching(|_| true)
    }

    /// The messages that are wanted, the oldest first. The others aren't copied.
    pub(crate) fn matching(&self, is_wanted: impl Fn(&OutboxMessage) -> bool) -> Vec<OutboxMessage> {
        self.with(|inner| {
            let messages = inner.messages.iter();
            messages.filter(|message| is_wanted(message)).cloned().collect()
        })
    }

    fn with<T>(&self, use_inner: impl FnOnce(&mut Inner) -> T) -> T {
        use_inner(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weight::REMEMBERED_BYTES;

    #[test]
    fn messages_take_a_limited_amount_of_memory() {
        let outbox = Outbox::default();
        let push = |length: usize| {
            outbox.push(OutboxMessage {
                seq: 0,
                user_pool_id: String::new(),
                user_name: String::new(),
                medium: "EMAIL",
                to: String::new(),
                trigger_source: String::new(),
                subject: None,
                body: Some("x".repeat(length)),
                code: String::new(),
                at: 0,
            })
        };
        let kept = || -> Vec<u64> { outbox.all().iter().map(|message| message.seq).collect() };
        for _ in 0..10 {
            push(REMEMBERED_BYTES / 4);
        }
        assert_eq!(kept(), [8, 9, 10]);
        push(REMEMBERED_BYTES * 2);
        assert_eq!(kept(), [11], "the newest one stays");
        push(1);
        push(1);
        assert_eq!(kept(), [12, 13]);
    }
}
