//! The service of the present, which a reset replaces.

use std::sync::{Arc, PoisonError, RwLock};

use crate::service::Service;

/// Holds the service that new calls get.
///
/// A call and a custom sender keep the service that they began with. A reset ends it, so nothing that they do later is seen.
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

    /// Back to the state at start: users, messages, records, drills and the clock. Custom senders that run are ended.
    pub(crate) fn reset(&self) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let next = current.successor();
        // First, so that nothing of before comes after the records are cleared.
        current.end();
        next.clock.reset();
        next.records.clear();
        *current = Arc::new(next);
    }
}
