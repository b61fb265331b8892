//! `Once`: the store, the key and the seal of a function's effects.

use std::{env, fmt, sync::Arc};

use cognito_triggers_model::secret::Secret;
use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;

use super::{effect::Effect, memory::MemoryStore, seal::Seal, shared::Shared, store::Store};
use crate::{error::BoxError, hmac_key};

/// The variable that [`Once::from_env`] reads.
pub const KEY_VARIABLE: &str = "COGNITO_ONCE_KEY";

/// Makes side effects happen once. [The module](super) says how, and what it can't promise.
///
/// It belongs into the state of the function. It is cheap to clone.
#[derive(Clone)]
pub struct Once(Arc<Shared>);

impl Once {
    /// Uses this store, and this key for the HMACs of its keys.
    ///
    /// The key has to be the same in all instances, and random: 32 bytes or more, from a secret store. There is no default,
    /// because whoever knows the key can find out from the store which user did what. Another key forgets what was recorded.
    ///
    /// ```
    /// use cognito_triggers::{Secret, once::{MemoryStore, Once}};
    ///
    /// let key = Secret::new("a key of 32 bytes or more, from a secret store");
    /// let once = Once::new(MemoryStore::new(), &key)?;
    /// let error = Once::new(MemoryStore::new(), &Secret::new("hunter2")).unwrap_err();
    /// assert_eq!(error.to_string(), "the key for side effects has 7 bytes; use 32 or more");
    /// # Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the key has fewer than 32 bytes.
    pub fn new(store: impl Store, key: &Secret) -> Result<Self, BoxError> {
        Ok(Self::of(hmac_key::read("side effects", key)?, store))
    }

    /// Uses this store, and the key in the environment variable `COGNITO_ONCE_KEY`.
    ///
    /// ```no_run
    /// use cognito_triggers::once::{MemoryStore, Once};
    ///
    /// let once = Once::from_env(MemoryStore::new())?;
    /// # Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the variable isn't set, and as [`new`](Once::new) does.
    pub fn from_env(store: impl Store) -> Result<Self, BoxError> {
        let key = env::var(KEY_VARIABLE).map(Secret::new).map_err(|error| {
            format!("{KEY_VARIABLE}: {error}; set it to 32 random bytes or more, as hexadecimal digits")
        })?;
        Self::new(store, &key)
    }

    /// Uses the memory of this process and a random key, for one instance of the function.
    ///
    /// # Errors
    /// Fails if there are no random numbers.
    pub fn in_memory() -> Result<Self, BoxError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| format!("no random numbers: {error}"))?;
        let mac = Hmac::new_from_slice(&key).map_err(|error| error.to_string())?;
        Ok(Self::of(mac, MemoryStore::new()))
    }

    fn of(mac: Hmac<Sha256>, store: impl Store) -> Self {
        Self(Arc::new(Shared {
            mac,
            store: Arc::new(store),
            seal: None,
        }))
    }

    /// Seals the answers of [`Effect::answer`] before the store gets them.
    #[must_use]
    pub fn seal_with(self, seal: impl Seal) -> Self {
        Self(Arc::new(Shared {
            mac: self.0.mac.clone(),
            store: Arc::clone(&self.0.store),
            seal: Some(Arc::new(seal)),
        }))
    }

    /// An effect with its name, such as `"welcome"`. The name is a part of the key, and stands in the store and in logs.
    ///
    /// Two effects of one handler need two names.
    pub fn effect(&self, name: impl Into<String>) -> Effect {
        Effect::new(Arc::clone(&self.0), name.into())
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once")
            .field("private", &self.0.store.keeps_private())
            .field("sealed", &self.0.seal.is_some())
            .finish_non_exhaustive()
    }
}
