//! What all effects of a function share.

use std::sync::Arc;

use hmac::Hmac;
use sha2::Sha256;

use super::{seal::Seal, store::DynStore};

/// The store, the key and the seal.
pub(super) struct Shared {
    /// An HMAC that has its key, and no message yet.
    pub(super) mac: Hmac<Sha256>,
    pub(super) store: Arc<dyn DynStore>,
    pub(super) seal: Option<Arc<dyn Seal>>,
}
