//! How often a step of the store is repeated, and for how long.

use std::{ops::ControlFlow, time::Duration};

use tokio::time::{Instant, error::Elapsed};

use super::store::{StoreError, StoreErrorKind, Token};

/// The first pause before the store is asked again, and the longest one.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// The tries of one step. A step that has no answer after half of the time is abandoned and repeated: each may come twice.
pub(super) struct Tries {
    token: Token,
    limit: Duration,
    end: Instant,
    pause: Duration,
    /// What the store said last. It says more than the end of the time does.
    last: Option<StoreError>,
}

impl Tries {
    pub(super) fn new(token: Token, limit: Duration) -> Self {
        Self {
            token,
            limit,
            end: Instant::now() + limit,
            pause: FIRST_PAUSE,
            last: None,
        }
    }

    /// How long the next try may take.
    pub(super) fn limit(&self) -> Duration {
        let left = self.end.saturating_duration_since(Instant::now());
        left.min(self.limit / 2)
    }

    /// What to do after a try: end with its result, or try again after a pause.
    pub(super) fn after<T>(
        &mut self,
        tried: Result<Result<T, StoreError>, Elapsed>,
    ) -> ControlFlow<Result<T, StoreError>, Duration> {
        let error = match tried {
            Ok(Ok(done)) => return ControlFlow::Break(Ok(done)),
            Ok(Err(error)) => error,
            Err(_) => self.last.take().unwrap_or_else(timed_out),
        };
        let wait = jittered(self.pause, self.token);
        if !error.kind().is_transient() || Instant::now() + wait >= self.end {
            return ControlFlow::Break(Err(error));
        }
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        self.last = Some(error);
        ControlFlow::Continue(wait)
    }
}

pub(super) fn timed_out() -> StoreError {
    StoreError::new(StoreErrorKind::TimedOut, "the store didn't answer in time")
}

/// A pause of half to all of this length, so that calls that wait together don't ask together.
pub(super) fn jittered(pause: Duration, token: Token) -> Duration {
    pause / 2 + pause * token.jitter() / 510
}
