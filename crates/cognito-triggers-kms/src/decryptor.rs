//! Opening the code of an event.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cognito_triggers_model::secret::Secret;
use zeroize::{Zeroize, Zeroizing};

use crate::error::Error;
use crate::opener::Opener;
use crate::sender_event::SenderEvent;
use crate::temporary_password::unescape_html;

/// Opens the codes that Cognito encrypts for a custom sender.
///
/// Build one decryptor when the function starts and keep it in the application's state. Cloning is cheap, and clones
/// share one KMS client. A decryptor can open many codes concurrently.
///
/// ```
/// # use cognito_triggers_kms::Error;
/// use cognito_triggers_kms::{Decryptor, SenderEvent};
///
/// async fn print_length(decryptor: &Decryptor, event: &impl SenderEvent) -> Result<(), Error> {
///     match decryptor.open(event).await? {
///         Some(code) => println!("the code has {} characters", code.expose().len()),
///         None => println!("this event is a notice without a code"),
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Decryptor(Arc<Inner>);

enum Inner {
    /// Returns this code for every event.
    #[cfg_attr(
        not(feature = "testing"),
        expect(dead_code, reason = "only tests construct it")
    )]
    Fixed(Secret),
    /// Opens the message in the event with a data key from KMS.
    Opener(Opener),
}

impl Decryptor {
    /// Returns a decryptor that returns `code` for every event that has a code, and never reads the message.
    ///
    /// It is meant for unit tests of handlers. It needs the feature `testing`, so that no deployed function has
    /// it by accident.
    ///
    /// ```
    /// let decryptor = cognito_triggers_kms::Decryptor::fixed("123456");
    /// ```
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn fixed(code: impl Into<String>) -> Self {
        Self(Arc::new(Inner::Fixed(Secret::new(code))))
    }

    pub(crate) fn with_opener(opener: Opener) -> Self {
        Self(Arc::new(Inner::Opener(opener)))
    }

    /// Opens the code of `event` within this decryptor's [timeout](crate::DecryptorBuilder::timeout).
    ///
    /// Returns `None` if the event has no code: notices such as `CustomEmailSender_AccountTakeOverNotification`
    /// have none. For a user whom an administrator created, the code is the temporary password; the HTML escaping
    /// that Cognito applies to it is undone.
    ///
    /// The event's pool must be one of this decryptor's pools, even if there is no code to open. So call this method
    /// before you send anything.
    ///
    /// # Errors
    /// [`Error`] lists the reasons. Everything that can be checked without KMS is checked before KMS is called.
    pub async fn open<E: SenderEvent>(&self, event: &E) -> Result<Option<Secret>, Error> {
        let timeout = match &*self.0 {
            Inner::Fixed(_) => Duration::ZERO,
            Inner::Opener(opener) => opener.timeout,
        };
        self.open_within(event, timeout).await
    }

    /// Opens the code of `event` like [`open`](Self::open), with `timeout` as the limit for KMS, retries included.
    ///
    /// Leave time for sending the message: half of what remains of the call is a good start.
    ///
    /// ```
    /// # use cognito_triggers_kms::{Decryptor, Error, SenderEvent};
    /// use std::time::Duration;
    ///
    /// # async fn open(decryptor: Decryptor, event: impl SenderEvent, remaining: Duration) -> Result<(), Error> {
    /// let code = decryptor.open_within(&event, remaining / 2).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The same as for [`open`](Self::open).
    pub async fn open_within<E: SenderEvent>(
        &self,
        event: &E,
        timeout: Duration,
    ) -> Result<Option<Secret>, Error> {
        let opener = match &*self.0 {
            Inner::Fixed(code) => return Ok(event.code().map(|_| code.clone())),
            Inner::Opener(opener) => opener,
        };
        // This comes first because a notice has no code, and its links must not go out for an unknown pool.
        opener.check_configured(event.user_pool_id())?;
        let Some(code) = event.code() else { return Ok(None) };
        let plaintext = opener.open(code, event.user_pool_id(), timeout).await?;
        let mut plaintext = into_string(plaintext)?;
        if event.is_temporary_password() {
            plaintext = unescape_html(&plaintext);
        }
        Ok(Some(Secret::new(std::mem::take(&mut *plaintext))))
    }
}

impl fmt::Debug for Decryptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Inner::Fixed(_) => f.write_str("Decryptor::fixed([redacted])"),
            Inner::Opener(opener) => f
                .debug_struct("Decryptor")
                .field("key_arn", &opener.key.as_str())
                .field("pools", &opener.pools)
                .finish_non_exhaustive(),
        }
    }
}

fn into_string(mut plaintext: Zeroizing<Vec<u8>>) -> Result<Zeroizing<String>, Error> {
    String::from_utf8(std::mem::take(&mut *plaintext))
        .map(Zeroizing::new)
        .map_err(|error| {
            error.into_bytes().zeroize();
            Error::unsupported("its content isn't UTF-8 text")
        })
}
