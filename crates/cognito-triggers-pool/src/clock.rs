//! The time, which tests and `POST /_dev/clock` can move.
//!
//! Codes, sessions, tokens, lockouts and hourly limits use this clock. Time limits of functions use the system's clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// A point in time, in milliseconds since 1970.
///
/// Times before 1970 are negative. Additions saturate at the maximum value.
///
/// ```
/// use std::time::Duration;
/// use cognito_triggers_pool::Timestamp;
///
/// let start = Timestamp::from_millis(1_500);
/// assert_eq!(start.seconds(), 1);
/// assert_eq!(start.after(Duration::from_secs(2)).millis(), 3_500);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time this many milliseconds after the beginning of 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    ///
    /// Fractions are rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The time `duration` later.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// The time in the format of the API: seconds with up to three decimal places.
    pub(crate) fn to_json(self) -> Value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds fit into 53 bits until the year 287396"
        )]
        let seconds = self.0 as f64 / 1000.0;
        Number::from_f64(seconds).map_or(Value::Null, Value::Number)
    }
}

/// The clock of the pools: the system's time plus an offset.
///
/// ```
/// use std::time::Duration;
/// use cognito_triggers_pool::{Clock, Timestamp};
///
/// let clock = Clock::default();
/// clock.set(Timestamp::from_millis(1_700_000_000_000));
/// clock.advance_in("us-east-1_localpool", Duration::from_secs(60));
/// let (all, one) = (clock.now(), clock.now_in("us-east-1_localpool"));
/// assert!(one >= all.after(Duration::from_secs(60)));
/// clock.set_in("us-east-1_localpool", all);
/// ```
#[derive(Debug, Default)]
pub struct Clock {
    offsets: Mutex<Offsets>,
}

/// Offsets in milliseconds.
#[derive(Debug, Default)]
struct Offsets {
    /// For all pools.
    all: i64,
    /// For single pools, added to the offset for all.
    pools: HashMap<String, i64>,
}

impl Clock {
    /// The time of all pools that don't have their own time.
    pub fn now(&self) -> Timestamp {
        self.with(|offsets| Timestamp(system().saturating_add(offsets.all)))
    }

    /// The time of one pool.
    ///
    /// A pool whose time was never moved separately has the time of all pools. The pool need not exist.
    pub fn now_in(&self, user_pool_id: &str) -> Timestamp {
        self.with(|offsets| {
            let own = offsets.pools.get(user_pool_id).copied().unwrap_or_default();
            Timestamp(system().saturating_add(offsets.all).saturating_add(own))
        })
    }

    /// Advances the time of all pools, including those with their own time.
    pub fn advance(&self, duration: Duration) {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        self.with(|offsets| offsets.all = offsets.all.saturating_add(millis));
    }

    /// Advances the time of one pool.
    ///
    /// The other pools keep their time.
    pub fn advance_in(&self, user_pool_id: &str, duration: Duration) {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        self.with(|offsets| {
            let own = offsets.pools.entry(user_pool_id.to_owned()).or_default();
            *own = own.saturating_add(millis);
        });
    }

    /// Sets the time of all pools, including those with their own time. The clock continues from there.
    pub fn set(&self, now: Timestamp) {
        self.with(|offsets| {
            offsets.all = now.0.saturating_sub(system());
            offsets.pools.clear();
        });
    }

    /// Sets the time of one pool. Its clock continues from there.
    ///
    /// A later [`advance`](Self::advance) also advances this pool.
    pub fn set_in(&self, user_pool_id: &str, now: Timestamp) {
        self.with(|offsets| {
            let own = now.0.saturating_sub(system()).saturating_sub(offsets.all);
            offsets.pools.insert(user_pool_id.to_owned(), own);
        });
    }

    /// Returns to the system's time.
    pub(crate) fn reset(&self) {
        self.with(|offsets| *offsets = Offsets::default());
    }

    /// Locks the offsets. A panic while they were locked can't leave them invalid, because they are numbers.
    fn with<T>(&self, use_offsets: impl FnOnce(&mut Offsets) -> T) -> T {
        use_offsets(&mut self.offsets.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The system's time in milliseconds since 1970; 0 if it is before that.
fn system() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    #[test]
    fn one_pool_moves_alone() {
        let clock = Clock::default();
        let before = clock.now();
        clock.advance_in("eu-west-1_a", DAY);
        assert!(clock.now_in("eu-west-1_a") >= before.after(DAY));
        assert!(clock.now_in("eu-west-1_b") < before.after(DAY));
    }

    #[test]
    fn a_time_that_is_set_runs_on() {
        let clock = Clock::default();
        clock.set(Timestamp::from_millis(1_000));
        let found = clock.now();
        assert!((1_000..10_000).contains(&found.millis()), "{found:?}");
        clock.advance(DAY);
        assert!(clock.now() >= found.after(DAY));
    }

    #[test]
    fn the_api_writes_seconds_with_milliseconds() {
        assert_eq!(
            Timestamp::from_millis(1_700_000_000_123).to_json().to_string(),
            "1700000000.123"
        );
    }
}
