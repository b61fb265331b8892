//! Events, contexts and effects for these tests.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime},
};

use cognito_triggers_model::{Event, secret::Secret, triggers::PostConfirmation};

use crate::{
    context::Context,
    error::{Error, Result},
    once::{Once, OnceError, Store},
};

/// What Cognito waits, less the margin for the answer.
pub(super) const LIMIT: Duration = Duration::from_millis(4500);

pub(super) fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_315_200)
}

/// A call that begins now, at this time of day.
pub(super) fn call_at(now: SystemTime) -> Context<()> {
    Context::builder(()).clock(now).time_limit(LIMIT).build()
}

pub(super) fn confirmation(user: &str) -> Event<PostConfirmation> {
    Event::from_json(format!(
        r#"{{"version":"1","triggerSource":"PostConfirmation_ConfirmSignUp","region":"eu-central-1",
            "userPoolId":"eu-central-1_a1B2c3D4e","userName":"{user}","callerContext":{{"clientId":"c"}},
            "request":{{"userAttributes":{{"sub":"9f2d","email":"{user}@example.com"}}}},"response":{{}}}}"#
    ))
    .unwrap()
}

pub(super) fn once(store: impl Store) -> Once {
    Once::new(store, &Secret::new("k".repeat(32))).unwrap()
}

/// Counts how often an effect happens; its value is the count.
#[derive(Default)]
pub(super) struct Counter(AtomicU32);

impl Counter {
    pub(super) async fn count(&self) -> Result<u32> {
        Ok(self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }

    pub(super) fn total(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The name of the variant.
pub(super) fn kind(error: &Error) -> &'static str {
    match error.find().unwrap() {
        OnceError::InProgress { .. } => "InProgress",
        OnceError::Unknown { .. } => "Unknown",
        OnceError::Store { .. } => "Store",
        OnceError::Request(_) => "Request",
        OnceError::SecretDecides { .. } => "SecretDecides",
        OnceError::NoSeal { .. } => "NoSeal",
        OnceError::NoAnswer { .. } => "NoAnswer",
        OnceError::Answer { .. } => "Answer",
        OnceError::Random(_) => "Random",
    }
}
