//! Where marks and answers are kept: the trait, and what a store does in one step.

use std::{
    error::Error as StdError, fmt, future::Future, pin::Pin, str::FromStr, sync::Arc, time::SystemTime,
};

use cognito_triggers_model::secret::Secret;

use crate::error::BoxError;

/// Remembers which effects are in progress and which are done.
///
/// Each method is one atomic step: of two calls at the same time, one sees what the other did. Write them as `async fn`.
/// [`Record::claimed_by`] has the rules, and [`MemoryStore`](super::MemoryStore) is an example.
pub trait Store: Send + Sync + 'static {
    /// Takes a key, unless another call holds it or the effect is done.
    ///
    /// The same claim may come twice, because the answer to the first was lost: if the key is held by this token, it is
    /// taken.
    fn claim(&self, claim: &Claim<'_>) -> impl Future<Output = Result<Claimed, StoreError>> + Send;

    /// Records that the effect is done, if the key is still held by this token. Otherwise it changes nothing and returns
    /// false. The same record may come twice, and is true both times.
    fn finish(&self, finish: &Finish<'_>) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Gives a key back, if it is still held by this token and the effect isn't done. Otherwise it changes nothing and
    /// returns false.
    fn release(&self, release: &Release<'_>) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Whether nobody but this process can read the store. False unless you say so; answers are then sealed.
    fn is_private(&self) -> bool {
        false
    }
}

/// Who holds a key: 16 random bytes, new for every call. Only the holder may replace a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token(u128);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// Fails if there are no random numbers.
    pub fn random() -> Result<Self, BoxError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| format!("no random numbers: {error}"))?;
        Ok(Self(u128::from_le_bytes(bytes)))
    }

    /// A number between 0 and 255, for pauses that differ between calls.
    pub(super) fn jitter(self) -> u32 {
        u32::from(self.0.to_le_bytes().first().copied().unwrap_or_default())
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Token {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        u128::from_str_radix(text, 16).map(Self).map_err(|error| {
            StoreError::new(StoreErrorKind::Corrupt, "a record has no valid token").because(error)
        })
    }
}

/// A call wants a key.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The key, at most 400 bytes of ASCII. It has no personal data.
    pub key: &'a str,
    /// Who wants it.
    pub token: Token,
    /// The time at the caller.
    pub now: SystemTime,
    /// When another call may take the key over.
    pub lease_until: SystemTime,
    /// When the mark may be deleted. Never before `lease_until`.
    pub expires: SystemTime,
    /// Whether this call takes the key over from one whose lease has expired.
    pub take_over: bool,
}

/// The effect is done.
#[derive(Clone, Copy, Debug)]
pub struct Finish<'a> {
    /// The key.
    pub key: &'a str,
    /// Who did it.
    pub token: Token,
    /// What a retry gets; `None` if no answer is kept.
    pub answer: Option<&'a Secret>,
    /// When the record may be deleted.
    pub expires: SystemTime,
}

/// The effect has certainly not happened.
#[derive(Clone, Copy, Debug)]
pub struct Release<'a> {
    /// The key.
    pub key: &'a str,
    /// Who held it.
    pub token: Token,
}

/// What became of a [`Claim`].
#[derive(Clone, Debug)]
pub enum Claimed {
    /// The key is held by this call.
    Taken,
    /// Another call holds it.
    Busy {
        /// Until when its lease runs. A time that has passed means that the other call has died and `take_over` was false.
        lease_until: SystemTime,
    },
    /// The effect is done.
    Done {
        /// What was recorded.
        answer: Option<Secret>,
    },
}

/// What a store has for a key.
#[derive(Clone, Debug)]
pub struct Record {
    /// Who wrote it.
    pub token: Token,
    /// From when on the record counts as absent.
    pub expires: SystemTime,
    /// In progress or done.
    pub state: RecordState,
}

/// The state of an effect.
#[derive(Clone, Debug)]
pub enum RecordState {
    /// A call is doing it.
    InProgress {
        /// When another call may take over.
        lease_until: SystemTime,
    },
    /// It has happened.
    Done {
        /// What a retry gets.
        answer: Option<Secret>,
    },
}

impl Record {
    /// What becomes of a claim if the store has this record. `None` means that it has none.
    ///
    /// If it is [`Taken`](Claimed::Taken), the store replaces the record by [`Claim::record`] in the same step.
    pub fn claimed_by(record: Option<&Self>, claim: &Claim<'_>) -> Claimed {
        match record {
            Some(record) if record.expires > claim.now => match &record.state {
                RecordState::Done { answer } => Claimed::Done {
                    answer: answer.clone(),
                },
                RecordState::InProgress { lease_until } => {
                    let is_free = claim.take_over && *lease_until <= claim.now;
                    if is_free || record.token == claim.token {
                        Claimed::Taken
                    } else {
                        Claimed::Busy {
                            lease_until: *lease_until,
                        }
                    }
                }
            },
            _ => Claimed::Taken,
        }
    }
}

impl Claim<'_> {
    /// The mark of a call that has taken the key.
    pub fn record(&self) -> Record {
        Record {
            token: self.token,
            expires: self.expires,
            state: RecordState::InProgress {
                lease_until: self.lease_until,
            },
        }
    }
}

/// Why a store didn't do what it was asked for. No text has an answer.
///
/// ```
/// use cognito_triggers::once::{StoreError, StoreErrorKind};
///
/// let error = StoreError::new(StoreErrorKind::Throttled, "the table has too much to do").because("HTTP 400");
/// assert!(error.kind().is_transient());
/// ```
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    source: Option<BoxError>,
}

/// What is wrong with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// It has too much to do. Trying again helps.
    Throttled,
    /// It can't be reached, or failed. Trying again may help.
    Unavailable,
    /// It didn't answer in time. Trying again may help.
    TimedOut,
    /// It refuses this function: a permission or credentials are missing.
    Denied,
    /// There is no such table.
    Missing,
    /// It has no room left.
    Full,
    /// A record can't be read.
    Corrupt,
    /// Anything else.
    Other,
}

impl StoreErrorKind {
    /// Whether trying again may help.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Throttled | Self::Unavailable | Self::TimedOut)
    }
}

impl StoreError {
    /// An error with a text for the logs: what is wrong, and what to do.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<BoxError>) -> Self {
        self.source = Some(cause.into());
        self
    }

    /// What is wrong.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl<S: Store> Store for Arc<S> {
    async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
        S::claim(self, claim).await
    }

    async fn finish(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        S::finish(self, finish).await
    }

    async fn release(&self, release: &Release<'_>) -> Result<bool, StoreError> {
        S::release(self, release).await
    }

    fn is_private(&self) -> bool {
        S::is_private(self)
    }
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`Store`] as a trait object. `Once` boxes the futures here, so that a store needs no box.
pub(super) trait DynStore: Send + Sync {
    fn claim_boxed<'a>(&'a self, claim: &'a Claim<'a>) -> BoxFuture<'a, Claimed>;
    fn finish_boxed<'a>(&'a self, finish: &'a Finish<'a>) -> BoxFuture<'a, bool>;
    fn release_boxed<'a>(&'a self, release: &'a Release<'a>) -> BoxFuture<'a, bool>;
    fn keeps_private(&self) -> bool;
}

impl<S: Store> DynStore for S {
    fn claim_boxed<'a>(&'a self, claim: &'a Claim<'a>) -> BoxFuture<'a, Claimed> {
        Box::pin(self.claim(claim))
    }

    fn finish_boxed<'a>(&'a self, finish: &'a Finish<'a>) -> BoxFuture<'a, bool> {
        Box::pin(self.finish(finish))
    }

    fn release_boxed<'a>(&'a self, release: &'a Release<'a>) -> BoxFuture<'a, bool> {
        Box::pin(self.release(release))
    }

    fn keeps_private(&self) -> bool {
        self.is_private()
    }
}
