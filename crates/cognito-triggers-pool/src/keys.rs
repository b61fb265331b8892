//! The two keys with which a pool signs its tokens.

use std::sync::{Arc, LazyLock};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::jwt::SigningKey;

/// The keys of a pool: ID tokens and access tokens are signed with different ones.
#[derive(Debug)]
pub(crate) struct KeyPair {
    pub(crate) id: SigningKey,
    pub(crate) access: SigningKey,
}

impl KeyPair {
    /// Generates two keys. This would make the start of a pool too slow.
    fn generate() -> Option<Self> {
        Some(Self {
            id: SigningKey::generate()?,
            access: SigningKey::generate()?,
        })
    }

    /// The private keys as a value that can be stored: PKCS #8 in Base64.
    pub(crate) fn to_json(&self) -> Value {
        let text = |key: &SigningKey| key.to_der().map(|der| STANDARD.encode(der));
        json!({ "id": text(&self.id), "access": text(&self.access) })
    }

    /// Reads the keys of [`to_json`](Self::to_json). `None` if they aren't keys.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        let key = |name: &str| {
            let der = STANDARD.decode(value.get(name)?.as_str()?).ok()?;
            SigningKey::from_der(&der)
        };
        Some(Self {
            id: key("id")?,
            access: key("access")?,
        })
    }
}

/// The keys of this process, once they are generated.
///
/// All pools of a process share them, so that a test process with a hundred pools generates only two keys.
static SHARED: LazyLock<watch::Receiver<Option<Arc<KeyPair>>>> = LazyLock::new(|| {
    let (sender, receiver) = watch::channel(None);
    thread::spawn(move || {
        if let Some(pair) = KeyPair::generate() {
            sender.send_replace(Some(Arc::new(pair)));
        }
    });
    receiver
});

/// Starts to generate the keys of this process in the background, unless that has already started.
pub(crate) fn prepare() {
    LazyLock::force(&SHARED);
}

/// The keys of this process. It waits until they are generated.
///
/// `None` if the system has no source of randomness.
pub(crate) async fn shared() -> Option<Arc<KeyPair>> {
    let mut receiver = SHARED.clone();
    receiver.wait_for(Option::is_some).await.ok()?.clone()
}
