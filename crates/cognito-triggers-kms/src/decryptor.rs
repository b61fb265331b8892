//! Opening the code of an event.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cognito_triggers::Secret;
use zeroize::{Zeroize, Zeroizing};

use crate::opener::Opener;
use crate::temporary_password::unescape;
use crate::{Builder, Error, SenderEvent};

/// Opens the codes that Cognito encrypted for a custom sender.
///
/// Make one when the function starts, keep it in the application's state, and clone it as you like: clones
/// share one client. It may be used for many events at once.
#[derive(Clone)]
pub struct Decryptor(Arc<Way>);

enum Way {
    /// Every code is this one.
    #[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only tests make one"))]
    Fixed(Secret),
    /// The code is in a message that only KMS can open.
    Message(Opener),
}

impl Decryptor {
    /// Starts with nothing set; a key and at least one pool are required.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Takes the key from `COGNITO_KMS_KEY_ARN` and the pools from `COGNITO_USER_POOL_IDS`, separated by commas.
    ///
    /// Nothing is connected and no credentials are read before the first code is opened.
    ///
    /// # Errors
    /// A variable is missing, the key isn't a full ARN, or a pool's id isn't one.
    #[cfg(feature = "aws")]
    pub fn from_env() -> Result<Self, Error> {
        Builder::from_variables(|name| std::env::var(name).ok())?.build()
    }

    /// Answers every event that has a code with `code`, without looking at the message: for unit tests of
    /// handlers. Behind the feature `testing`, so that no function is deployed with it.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn fixed(code: impl Into<String>) -> Self {
        Self(Arc::new(Way::Fixed(Secret::new(code))))
    }

    pub(crate) fn opening(opener: Opener) -> Self {
        Self(Arc::new(Way::Message(opener)))
    }

    /// Opens the code of `event`, within the [time limit](Builder::time_limit) of this decryptor.
    ///
    /// `None` means that there is nothing to open: a notice like
    /// `CustomEmailSender_AccountTakeOverNotification` has no code. For a user that an administrator created
    /// the code is the temporary password, with Cognito's HTML escaping undone.
    ///
    /// The event's pool has to be one of this decryptor's, also where there is nothing to open. So call it
    /// before anything is sent.
    ///
    /// # Errors
    /// See [`Error`]. Everything that can be known without KMS is checked before KMS is called.
    pub async fn open<E: SenderEvent>(&self, event: &E) -> Result<Option<Secret>, Error> {
        let time_limit = match &*self.0 {
            Way::Fixed(_) => Duration::ZERO,
            Way::Message(opener) => opener.time_limit,
        };
        self.open_within(time_limit, event).await
    }

    /// Opens the code of `event` like [`open`](Self::open), and lets KMS take at most `time_limit`, its
    /// retries included. Leave time for what comes after: sending the message.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub async fn open_within<E: SenderEvent>(
        &self,
        time_limit: Duration,
        event: &E,
    ) -> Result<Option<Secret>, Error> {
        let opener = match &*self.0 {
            Way::Fixed(code) => return Ok(event.code().map(|_| code.clone())),
            Way::Message(opener) => opener,
        };
        // Before the code: a notice has none, and its links must not go out for any pool but ours.
        opener.check_served(event.user_pool_id())?;
        let Some(code) = event.code() else { return Ok(None) };
        let plaintext = opener.open(code, event.user_pool_id(), time_limit).await?;
        let mut plaintext = into_text(plaintext)?;
        if event.is_temporary_password() {
            plaintext = unescape(&plaintext);
        }
        Ok(Some(Secret::new(std::mem::take(&mut *plaintext))))
    }
}

impl fmt::Debug for Decryptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Way::Fixed(_) => f.write_str("Decryptor::fixed([redacted])"),
            Way::Message(opener) => f
                .debug_struct("Decryptor")
                .field("key_arn", &opener.key.as_str())
                .field("pools", &opener.pools)
                .finish_non_exhaustive(),
        }
    }
}

fn into_text(mut plaintext: Zeroizing<Vec<u8>>) -> Result<Zeroizing<String>, Error> {
    String::from_utf8(std::mem::take(&mut *plaintext))
        .map(Zeroizing::new)
        .map_err(|error| {
            error.into_bytes().zeroize();
            Error::unsupported("its content isn't text")
        })
}
