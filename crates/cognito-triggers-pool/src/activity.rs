//! A live feed of what happens in the pools, for a terminal or a log.
//!
//! Unlike the records of triggers and the outbox, activities aren't stored: a reader gets only those after its
//! subscription.

use tokio::sync::broadcast;

use crate::calls::CallRecord;
use crate::messages::outbox::OutboxMessage;
use crate::triggers::record::TriggerRecord;

/// How many unread activities a reader can have before it misses the oldest.
const CAPACITY: usize = 4096;

/// Something that happened in the pools.
///
/// ```
/// use cognito_triggers_pool::{Activity, LocalPool};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = LocalPool::builder().start().await?;
/// let mut activities = pool.activities();
/// pool.call("ListUserPools", json!({ "MaxResults": 10 })).await?;
///
/// let Some(Activity::Call(call)) = activities.next().await else {
///     return Err("no call was reported".into());
/// };
/// assert_eq!(call.operation, "ListUserPools");
/// assert_eq!(call.exception, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Activity {
    /// A call of the API ended. Its triggers and messages come before it. Secrets are replaced by `***`.
    Call(CallRecord),
    /// A trigger was fired. A custom sender is reported when its function is called, and again if an attempt
    /// fails. Secrets are replaced by `***`.
    Trigger(TriggerRecord),
    /// A message was sent.
    Message(OutboxMessage),
    /// The data can't be stored, and why. The pool answers no calls any more.
    DataFailed(String),
    /// A call can't be written to the recording, and why. The recording ends before this call, and the pool goes on.
    RecordingFailed(String),
}

/// A subscription to the activities after its creation.
///
/// Every subscription gets all activities. It ends when the [`LocalPool`](crate::LocalPool) is dropped.
#[derive(Debug)]
pub struct Activities(broadcast::Receiver<Activity>);

impl Activities {
    /// Waits for the next activity. Returns `None` once the `LocalPool` is dropped.
    ///
    /// A reader with more than 4,096 unread activities misses the oldest ones.
    pub async fn next(&mut self) -> Option<Activity> {
        loop {
            match self.0.recv().await {
                Ok(activity) => return Some(activity),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

/// Sends activities to all readers.
#[derive(Clone, Debug)]
pub(crate) struct Reporter(broadcast::Sender<Activity>);

impl Default for Reporter {
    fn default() -> Self {
        Self(broadcast::Sender::new(CAPACITY))
    }
}

impl Reporter {
    /// Reports an activity. `activity` is called only if there is a reader.
    pub(crate) fn report(&self, activity: impl FnOnce() -> Activity) {
        if self.0.receiver_count() > 0 {
            // Sending fails if the last reader was dropped just now.
            let _ = self.0.send(activity());
        }
    }

    /// Subscribes to what is reported from now on.
    pub(crate) fn subscribe(&self) -> Activities {
        Activities(self.0.subscribe())
    }
}
