//! Links that prove an email address: signed, with an expiry, and valid for one use.

use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use cognito_triggers_model::secret::Secret;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{error::BoxError, hmac_key};

/// Makes and checks the tokens of links, with HMAC-SHA-256.
///
/// A token holds its subject, its expiry and a random id; the signature covers all three. Whoever has the token can read the
/// subject, so use a `sub` rather than an address.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use cognito_triggers::{Secret, signed_link::{LinkError, SignedLinks}};
///
/// let key = Secret::new("a key of 32 bytes or more, from a secret store");
/// let links = SignedLinks::new(&key, Duration::from_secs(900))?;
/// let now = SystemTime::now();
/// let token = links.token("9f2d-ana", now)?;
/// let url = format!("https://example.com/sign-in?token={}", token.expose());
///
/// let link = links.verify(token.expose(), now)?;
/// assert_eq!(link.subject(), "9f2d-ana");
/// assert!(link.expires() > now);
/// let later = now + Duration::from_secs(901);
/// assert!(matches!(links.verify(token.expose(), later), Err(LinkError::Expired)));
/// # Ok::<_, cognito_triggers::Error>(())
/// ```
///
/// [`redeem`](SignedLinks::redeem) also makes sure that each token works once.
pub struct SignedLinks {
    mac: Hmac<Sha256>,
    lifetime: Duration,
}

/// A token with a valid signature that hasn't expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    subject: String,
    id: String,
    expires: SystemTime,
}

impl Link {
    /// The user for whom the link was made.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The random id of the token, 22 characters. A store uses it to remember that the token was used.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the token stops working. A store may forget it then.
    pub fn expires(&self) -> SystemTime {
        self.expires
    }
}

/// Remembers which tokens were used, for example as items of a DynamoDB table with a time to live.
pub trait UsedLinks {
    /// Notes that a token is used. Returns false if it was noted before.
    ///
    /// It must be one atomic step, such as a conditional write: two calls at the same time must not both get true.
    fn mark_used(&self, link: &Link) -> impl Future<Output = Result<bool, BoxError>> + Send;
}

/// Why a token doesn't work. No text has the token.
#[derive(Debug)]
#[non_exhaustive]
pub enum LinkError {
    /// It isn't a token, or has another signature.
    Invalid,
    /// It has expired.
    Expired,
    /// It was used before.
    Used,
    /// The store failed.
    Store(BoxError),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "the link is not valid",
            Self::Expired => "the link has expired",
            Self::Used => "the link was used before",
            Self::Store(_) => "it is unknown whether the link was used before",
        })
    }
}

impl StdError for LinkError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Store(error) => Some(&**error),
            _ => None,
        }
    }
}

impl SignedLinks {
    /// Signs with this key. A token is valid for `lifetime`.
    ///
    /// # Errors
    /// Fails if the key has fewer than 32 bytes.
    pub fn new(key: &Secret, lifetime: Duration) -> Result<Self, BoxError> {
        let mac = hmac_key::read("links", key)?;
        Ok(Self { mac, lifetime })
    }

    /// A token for a subject, such as a user's `sub`. It has letters, digits, `-`, `_` and dots, and needs no escaping in a URL.
    ///
    /// # Errors
    /// Fails if there are no random numbers.
    pub fn token(&self, subject: &str, now: SystemTime) -> Result<Secret, BoxError> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| format!("no random numbers: {error}"))?;
        let seconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let expires = seconds(now).saturating_add(self.lifetime.as_secs());
        let signed = format!("{}.{expires}.{}", BASE64.encode(subject), BASE64.encode(id));
        let signature = BASE64.encode(self.signature(&signed).finalize().into_bytes());
        Ok(Secret::new(format!("{signed}.{signature}")))
    }

    fn signature(&self, signed: &str) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(signed.as_bytes());
        mac
    }

    /// Checks signature and expiry, the signature in constant time. A token may be checked any number of times.
    ///
    /// # Errors
    /// Fails if the token isn't valid or has expired.
    pub fn verify(&self, token: &str, now: SystemTime) -> Result<Link, LinkError> {
        let link = self.signed(token).ok_or(LinkError::Invalid)?;
        if now >= link.expires {
            Err(LinkError::Expired)
        } else {
            Ok(link)
        }
    }

    fn signed(&self, token: &str) -> Option<Link> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = BASE64.decode(signature).ok()?;
        self.signature(signed).verify_slice(&signature).ok()?;
        let mut parts = signed.split('.');
        let (subject, expires, id) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Link {
            subject: String::from_utf8(BASE64.decode(subject).ok()?).ok()?,
            id: id.to_owned(),
            expires: UNIX_EPOCH.checked_add(Duration::from_secs(expires.parse().ok()?))?,
        })
    }

    /// Checks a token and marks it as used, so that each works once.
    ///
    /// ```
    /// use std::{collections::HashSet, sync::Mutex, time::{Duration, SystemTime}};
    /// use cognito_triggers::{Secret, signed_link::{Link, LinkError, SignedLinks, UsedLinks}};
    ///
    /// /// A store for one process. Yours is a table that all instances of the function share.
    /// #[derive(Default)]
    /// struct InMemory(Mutex<HashSet<String>>);
    ///
    /// impl UsedLinks for InMemory {
    ///     async fn mark_used(&self, link: &Link) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    ///         let mut ids = self.0.lock().map_err(|error| error.to_string())?;
    ///         Ok(ids.insert(link.id().to_owned()))
    ///     }
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let key = Secret::new("a key of 32 bytes or more, from a secret store");
    /// let links = SignedLinks::new(&key, Duration::from_secs(900))?;
    /// let (now, used) = (SystemTime::now(), InMemory::default());
    /// let token = links.token("9f2d-ana", now)?;
    ///
    /// let link = links.redeem(token.expose(), now, &used).await?;
    /// assert_eq!(link.subject(), "9f2d-ana");
    /// let again = links.redeem(token.expose(), now, &used).await;
    /// assert!(matches!(again, Err(LinkError::Used)));
    /// # Ok::<_, cognito_triggers::Error>(())
    /// # }).map_err(|error| error.to_string())?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the token isn't valid, has expired or was used before, or the store fails.
    pub async fn redeem(
        &self,
        token: &str,
        now: SystemTime,
        used: &impl UsedLinks,
    ) -> Result<Link, LinkError> {
        let link = self.verify(token, now)?;
        match used.mark_used(&link).await {
            Ok(true) => Ok(link),
            Ok(false) => Err(LinkError::Used),
            Err(error) => Err(LinkError::Store(error)),
        }
    }
}

impl fmt::Debug for SignedLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedLinks")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::Mutex};

    use super::*;

    #[derive(Default)]
    struct InMemory(Mutex<HashSet<String>>);

    impl UsedLinks for InMemory {
        async fn mark_used(&self, link: &Link) -> Result<bool, BoxError> {
            Ok(self
                .0
                .lock()
                .map_err(|error| error.to_string())?
                .insert(link.id().to_owned()))
        }
    }

    fn links(key: &str) -> SignedLinks {
        SignedLinks::new(&Secret::new(key.repeat(32)), Duration::from_secs(60)).unwrap()
    }

    #[test]
    fn a_changed_token_is_not_valid() {
        let now = SystemTime::now();
        let token = links("a").token("ana.b@example.com", now).unwrap();
        let token = token.expose();
        assert_eq!(
            links("a").verify(token, now).unwrap().subject(),
            "ana.b@example.com"
        );
        assert!(matches!(links("b").verify(token, now), Err(LinkError::Invalid)));
        for place in 0..token.len() {
            let mut changed = token.to_owned().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(links("a").verify(&changed, now).is_err(), "{place}");
        }
        for short in ["", ".", "...", &token[..token.len() - 4], &format!("{token}.")] {
            assert!(
                matches!(links("a").verify(short, now), Err(LinkError::Invalid)),
                "{short}"
            );
        }
    }

    #[tokio::test]
    async fn a_token_works_once_and_in_time() {
        let (now, used) = (SystemTime::now(), InMemory::default());
        let links = links("a");
        let (first, second) = (links.token("ana", now).unwrap(), links.token("ana", now).unwrap());
        assert!(links.redeem(first.expose(), now, &used).await.is_ok());
        assert!(matches!(
            links.redeem(first.expose(), now, &used).await,
            Err(LinkError::Used)
        ));
        let late = now + Duration::from_secs(61);
        assert!(matches!(
            links.redeem(second.expose(), late, &used).await,
            Err(LinkError::Expired)
        ));
        assert!(links.redeem(second.expose(), now, &used).await.is_ok());
    }

    #[test]
    fn a_short_key_is_refused_and_nothing_is_printed() {
        let error = SignedLinks::new(&Secret::new("hunter2"), Duration::from_secs(1)).unwrap_err();
        assert_eq!(error.to_string(), "the key for links has 7 bytes; use 32 or more");
        assert!(!format!("{:?}", links("hunter2")).contains("hunter2"));
    }
}
