//! What a test sees of the pools.

use std::ops::Deref;

use crate::messages::OutboxMessage;
use crate::triggers::TriggerRecord;

/// Triggers that were fired, the oldest first.
#[derive(Clone, Debug)]
pub struct Events(pub(super) Vec<TriggerRecord>);

/// Messages that were sent, the oldest first.
#[derive(Clone, Debug)]
pub struct Messages(pub(super) Vec<OutboxMessage>);

impl Events {
    /// `triggerSource` of each event.
    pub fn sources(&self) -> Vec<&str> {
        self.0.iter().map(|event| event.trigger_source.as_str()).collect()
    }
}

impl Messages {
    /// The latest message to an email address or phone number.
    pub fn last_to(&self, address: &str) -> Option<&OutboxMessage> {
        self.0.iter().rfind(|message| message.to == address)
    }
}

impl Deref for Events {
    type Target = [TriggerRecord];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Deref for Messages {
    type Target = [OutboxMessage];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
