//! The current service, which a reset replaces.

use std::sync::{Arc, PoisonError, RwLock};

use crate::service::Service;

/// Holds the service that new calls get.
///
/// A call and a custom sender keep the service that they began with. A reset ends it, so later effects aren't visible.
#[derive(Debug)]
pub(crate) struct Current(RwLock<Arc<Service>>);

impl Current {
    pub(crate) fn new(service: Arc<Service>) -> Self {
        Self(RwLock::new(service))
    }

    /// The service for a new call.
    pub(crate) fn get(&self) -> Arc<Service> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Restores the initial users, messages, records, simulated failures and clock. Running custom senders are stopped.
    pub(crate) fn reset(&self) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let next = current.successor();
        // This comes first, so that no effect of the old service appears after the records are cleared.
        current.end();
        next.clock.reset();
        next.records.clear();
        next.calls.clear();
        next.record_done("reset");
        *current = Arc::new(next);
    }
}
