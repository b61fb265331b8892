//! One call's attempt at an effect: claim the key, run the effect, record it.

use std::{
    future::Future,
    ops::ControlFlow,
    time::{Duration, SystemTime},
};

use cognito_triggers_model::secret::Secret;
use tokio::time::{Instant, sleep, timeout};

use super::{
    error::{MaybeDone, OnceError},
    key::Key,
    settings::{IfStoreFails, IfUnknown, Settings},
    store::{Claim, Claimed, DynStore, Finish, Release, StoreError, Token},
    tries::{FIRST_PAUSE, Tries, jittered, timed_out},
};
use crate::{
    context::Context,
    error::{Error, Result},
};

/// The time that is left for the answer to Lambda when a call gives up waiting for another one.
const RESERVE: Duration = Duration::from_millis(250);
/// The longest pause of a call that waits for another one.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// The time that a step of the store gets at least.
const SHORTEST_STEP: Duration = Duration::from_millis(50);

/// A call that wants to do an effect.
pub(super) struct Attempt<'a, S> {
    pub(super) store: &'a dyn DynStore,
    pub(super) context: &'a Context<S>,
    pub(super) key: &'a Key,
    pub(super) effect: &'a str,
    pub(super) if_store_fails: IfStoreFails,
    pub(super) keep: Duration,
    pub(super) settings: &'a Settings,
}

/// What became of an attempt.
pub(super) enum Performed<R> {
    /// This call has run the effect.
    Now {
        value: R,
        /// What another call recorded that took over from this one.
        earlier: Option<Secret>,
    },
    /// A call before this one has.
    Before { answer: Option<Secret> },
}

/// How a claim ended.
enum Start {
    /// This call runs the effect. It holds the key unless the store failed.
    Run {
        is_guarded: bool,
    },
    Done {
        answer: Option<Secret>,
    },
}

impl<S> Attempt<'_, S> {
    /// Runs the effect unless it has happened, and records it with its answer.
    pub(super) async fn perform<R, E: Into<Error>>(
        &self,
        effect: impl Future<Output = Result<R, E>>,
        to_stored: impl FnOnce(&R) -> Option<Secret>,
    ) -> Result<Performed<R>> {
        let token = Token::random().map_err(OnceError::Random)?;
        let is_guarded = match self.start(token).await? {
            Start::Done { answer } => return Ok(Performed::Before { answer }),
            Start::Run { is_guarded } => is_guarded,
        };
        let value = match effect.await.map_err(Into::into) {
            Ok(value) => value,
            Err(error) => {
                let is_unknown =
                    self.settings.if_unknown == IfUnknown::Refuse && error.find::<MaybeDone>().is_some();
                match is_guarded {
                    true if is_unknown => self.give_up(token).await,
                    true => self.release(token).await,
                    false => (),
                }
                return Err(error);
            }
        };
        let answer = to_stored(&value);
        let earlier = self.finish(token, answer.as_ref(), is_guarded).await;
        Ok(Performed::Now { value, earlier })
    }

    /// Claims the key, and waits while another call holds it.
    async fn start(&self, token: Token) -> Result<Start, OnceError> {
        let take_over = self.settings.if_unknown == IfUnknown::Repeat;
        let mut pause = FIRST_PAUSE;
        let mut has_waited = false;
        let began = Instant::now();
        loop {
            let lease_until = match self.claim(token, take_over).await {
                Ok(Claimed::Taken) => return Ok(Start::Run { is_guarded: true }),
                Ok(Claimed::Done { answer }) => return Ok(Start::Done { answer }),
                Ok(Claimed::Busy { lease_until }) => lease_until,
                Err(error) => return self.without_store(token, error, has_waited).await,
            };
            let lease_left = lease_until.duration_since(self.context.now()).unwrap_or_default();
            if lease_left.is_zero() && !take_over {
                return Err(OnceError::Unknown {
                    effect: self.effect.to_owned(),
                });
            }
            // Just past the end of the lease, so that the next claim takes over.
            let wait = jittered(pause, token).min(lease_left + Duration::from_millis(1));
            let remaining = self.context.remaining();
            let may_wait = self.settings.wait_at_most.saturating_sub(began.elapsed());
            if remaining.saturating_sub(RESERVE).min(may_wait) <= wait {
                return Err(self.in_progress());
            }
            sleep(wait).await;
            // The process may have been frozen in the meantime. A claim without time would look like a store that fails.
            if self.context.remaining() <= RESERVE {
                return Err(self.in_progress());
            }
            has_waited = true;
            pause = (pause * 2).min((remaining / 20).clamp(FIRST_PAUSE, LONGEST_WAIT));
        }
    }

    fn in_progress(&self) -> OnceError {
        OnceError::InProgress {
            effect: self.effect.to_owned(),
        }
    }

    /// What to do without the store. A call that has waited for another one knows that the effect has begun, and doesn't
    /// begin it too.
    async fn without_store(
        &self,
        token: Token,
        error: StoreError,
        has_waited: bool,
    ) -> Result<Start, OnceError> {
        if self.if_store_fails == IfStoreFails::Run && !has_waited {
            let cause = Error::from(error);
            tracing::warn!(effect = self.effect, error = %cause, "the store failed: a retry may repeat this side effect");
            return Ok(Start::Run { is_guarded: false });
        }
        // The claim may have been written although its answer was lost. The effect wasn't begun.
        let release = Release {
            key: self.key.as_str(),
            token,
        };
        _ = timeout(self.time_limit() / 4, self.store.release_boxed(&release)).await;
        Err(OnceError::Store {
            effect: self.effect.to_owned(),
            error,
        })
    }

    // The steps are loops of their own. A closure for the step would make the future of a handler one that isn't `Send`.
    async fn claim(&self, token: Token, take_over: bool) -> Result<Claimed, StoreError> {
        let mut tries = self.tries(token);
        loop {
            let now = self.context.now();
            let lease_until = later(
                now,
                self.context.remaining().saturating_add(self.settings.clock_skew),
            );
            let claim = Claim {
                key: self.key.as_str(),
                token,
                now,
                lease_until,
                expires: later(now, self.keep).max(lease_until),
                take_over,
            };
            match tries.after(timeout(tries.limit(), self.store.claim_boxed(&claim)).await) {
                ControlFlow::Break(result) => return result,
                ControlFlow::Continue(pause) => sleep(pause).await,
            }
        }
    }

    /// Records an effect, and repeats it as often as it takes.
    async fn record(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        let mut tries = self.tries(finish.token);
        loop {
            match tries.after(timeout(tries.limit(), self.store.finish_boxed(finish)).await) {
                ControlFlow::Break(result) => return result,
                ControlFlow::Continue(pause) => sleep(pause).await,
            }
        }
    }

    /// Records that the effect is done. Returns the answer that another call recorded, if it took over from this one.
    ///
    /// The effect has happened, so a failure of the store is only logged.
    async fn finish(&self, token: Token, answer: Option<&Secret>, is_guarded: bool) -> Option<Secret> {
        let finish = Finish {
            key: self.key.as_str(),
            token,
            answer,
            expires: later(self.context.now(), self.keep),
        };
        let finished = if is_guarded {
            self.record(&finish).await
        } else {
            // The store failed a moment ago, and this call may hold the key all the same: one try.
            let limit = self.time_limit() / 4;
            let once = timeout(limit, self.store.finish_boxed(&finish)).await;
            once.unwrap_or_else(|_| Err(timed_out()))
        };
        match finished {
            Ok(true) => None,
            Ok(false) if !is_guarded => None,
            Ok(false) => {
                tracing::warn!(
                    effect = self.effect,
                    "a side effect took longer than its mark lasted: it may have happened twice"
                );
                // Without `take_over` and with the same token, this reads what is there.
                match self.claim(token, false).await {
                    Ok(Claimed::Done { answer }) => answer,
                    Ok(Claimed::Taken) => {
                        // The record of the other call has expired. This one counts from now on.
                        _ = self.record(&finish).await;
                        None
                    }
                    Ok(Claimed::Busy { .. }) | Err(_) => None,
                }
            }
            Err(error) => {
                let cause = Error::from(error);
                tracing::warn!(effect = self.effect, error = %cause, "a side effect happened and isn't recorded: a retry may repeat it");
                None
            }
        }
    }

    /// Ends the lease of a mark that stays, so that the next call learns at once that the effect may have happened.
    async fn give_up(&self, token: Token) {
        let now = self.context.now();
        let claim = Claim {
            key: self.key.as_str(),
            token,
            now,
            lease_until: now,
            expires: later(now, self.keep),
            take_over: false,
        };
        let mut tries = self.tries(token);
        // If that fails, the lease ends by itself.
        while let ControlFlow::Continue(pause) =
            tries.after(timeout(tries.limit(), self.store.claim_boxed(&claim)).await)
        {
            sleep(pause).await;
        }
    }

    /// Gives the key back. If that fails, the mark expires.
    async fn release(&self, token: Token) {
        let release = Release {
            key: self.key.as_str(),
            token,
        };
        let mut tries = self.tries(token);
        let released = loop {
            match tries.after(timeout(tries.limit(), self.store.release_boxed(&release)).await) {
                ControlFlow::Break(result) => break result,
                ControlFlow::Continue(pause) => sleep(pause).await,
            }
        };
        if let Err(error) = released {
            let cause = Error::from(error);
            tracing::warn!(effect = self.effect, error = %cause, "a retry has to wait until the mark of this call expires");
        }
    }

    fn tries(&self, token: Token) -> Tries {
        Tries::new(token, self.time_limit())
    }

    /// How long a step of the store may take. An effect that took all the time is still worth a try to record it.
    fn time_limit(&self) -> Duration {
        let share = (self.context.remaining() / 3).max(SHORTEST_STEP);
        self.settings.store_timeout.min(share)
    }
}

/// A point in time after another; the same one if the clock has no such time.
fn later(time: SystemTime, by: Duration) -> SystemTime {
    time.checked_add(by).unwrap_or(time)
}
