//! The two keys with which a pool signs its tokens.

use std::sync::{Arc, LazyLock};
use std::thread;

use tokio::sync::watch;

use crate::jwt::SigningKey;

/// The keys of a pool: ID tokens and access tokens are signed with different ones.
#[derive(Debug)]
pub(crate) struct KeyPair {
    pub(crate) id: SigningKey,
    pub(crate) access: SigningKey,
}

impl KeyPair {
    /// Makes two keys. It takes longer than the start of a pool may.
    fn generate() -> Option<Self> {
        Some(Self {
            id: SigningKey::generate()?,
            access: SigningKey::generate()?,
        })
    }
}

/// The keys of this process, or the promise of them.
///
/// All pools of a process share them, so that a test process with a hundred pools makes two keys.
static SHARED: LazyLock<watch::Receiver<Option<Arc<KeyPair>>>> = LazyLock::new(|| {
    let (sender, receiver) = watch::channel(None);
    thread::spawn(move || {
        if let Some(pair) = KeyPair::generate() {
            sender.send_replace(Some(Arc::new(pair)));
        }
    });
    receiver
});

/// Begins to make the keys of this process in the background, unless that has begun.
pub(crate) fn prepare() {
    LazyLock::force(&SHARED);
}

/// The keys of this process. The first caller waits until they are made.
///
/// `None` when the system has no random numbers.
pub(crate) async fn shared() -> Option<Arc<KeyPair>> {
    let mut receiver = SHARED.clone();
    receiver.wait_for(Option::is_some).await.ok()?.clone()
}
