//! What happens in the pools, as it happens: for a terminal or a log.
//!
//! Unlike the records of triggers and the outbox, activities aren't kept: a reader sees what comes after it
//! began to read.

use std::time::Duration;

use tokio::sync::broadcast;

use crate::messages::outbox::OutboxMessage;
use crate::triggers::record::TriggerRecord;

/// How many activities a reader may be behind before it misses some.
const CAPACITY: usize = 4096;

/// Something that happened.
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
    /// An operation of the API was answered. Its triggers and messages come before it.
    Call(CallRecord),
    /// A trigger was fired. A custom sender comes when the function was called, and again if it has failed. Secrets read
    /// `***`.
    Trigger(TriggerRecord),
    /// A message was sent.
    Message(OutboxMessage),
}

/// An operation of the API that was answered.
///
/// The input and the answer aren't in it: both may hold secrets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallRecord {
    /// The operation, as the request names it.
    ///
    /// It may name no operation at all, if the call failed for that.
    pub operation: String,
    /// The class and the text of the exception that the caller got; `None` for success.
    ///
    /// The class has no namespace: `NotAuthorizedException`.
    pub exception: Option<(String, String)>,
    /// How long the call took.
    ///
    /// It includes the functions that the call waited for. It is measured by the system, so that moving the
    /// clock of the pools doesn't change it.
    pub duration: Duration,
}

/// A reader of activities, from the moment on at which it was made.
///
/// Each reader gets every activity. It ends with [`LocalPool`](crate::LocalPool).
#[derive(Debug)]
pub struct Activities(broadcast::Receiver<Activity>);

impl Activities {
    /// Waits for the next activity. Returns `None` when the pools have ended.
    ///
    /// A reader that is 4,096 activities behind misses the oldest ones.
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

/// Tells readers what happens.
#[derive(Clone, Debug)]
pub(crate) struct Reporter(broadcast::Sender<Activity>);

impl Default for Reporter {
    fn default() -> Self {
        Self(broadcast::Sender::new(CAPACITY))
    }
}

impl Reporter {
    /// Reports an activity. It is created only if there is a reader.
    pub(crate) fn report(&self, activity: impl FnOnce() -> Activity) {
        if self.0.receiver_count() > 0 {
            // It fails if the last reader has left in this moment.
            let _ = self.0.send(activity());
        }
    }

    /// A reader of what is reported from now on.
    pub(crate) fn subscribe(&self) -> Activities {
        Activities(self.0.subscribe())
    }
}
