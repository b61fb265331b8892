//! What the store has of a pool's settings and domains.

use std::sync::Arc;

use super::domain::Domain;
use super::settings::Settings;

/// What was stored last of what a pool has only one of. Nothing marks it as changed: it is compared.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    /// Other settings are another allocation, because this one keeps the old one alive.
    pub(super) settings: Arc<Settings>,
    pub(super) domains: Vec<Domain>,
}
