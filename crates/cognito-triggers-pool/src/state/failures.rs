//! Wrong passwords of a user, and the lockout that they lead to.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// Wrong passwords since the last right one.
///
/// As AWS documents, the fifth failure locks the user out for one second, and each further failure for twice as long as the
/// one before, up to about 15 minutes. Attempts during a lockout don't count. A right password resets the count, and so
/// do 15 minutes without an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failures {
    count: u32,
    last: Timestamp,
}

/// The first failure that locks the user out.
const FIRST_LOCKOUT: u32 = 5;

const MAX_LOCKOUT: Duration = Duration::from_secs(15 * 60);

impl Failures {
    /// Whether the user is locked out.
    pub(crate) fn lock_out(&self, now: Timestamp) -> bool {
        let Some(doublings) = self.count.checked_sub(FIRST_LOCKOUT) else {
            return false;
        };
        let seconds = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
        now < self.last.after(Duration::from_secs(seconds).min(MAX_LOCKOUT))
    }

    /// Counts a wrong password.
    pub(crate) fn count(&mut self, now: Timestamp) {
        if self.last.after(MAX_LOCKOUT) <= now {
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        self.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        START.after(Duration::from_secs(seconds))
    }

    fn failed(times: u32) -> Failures {
        let mut failures = Failures::default();
        (0..times).for_each(|_| failures.count(START));
        failures
    }

    #[test]
    fn the_fifth_failure_locks_out_for_a_second() {
        assert!(!failed(4).lock_out(START));
        assert!(failed(5).lock_out(START));
        assert!(!failed(5).lock_out(after(1)));
    }

    #[test]
    fn each_further_failure_doubles_the_lockout() {
        assert!(failed(8).lock_out(after(7)));
        assert!(!failed(8).lock_out(after(8)));
        for times in [15, 40, 200] {
            assert!(failed(times).lock_out(after(899)));
            assert!(!failed(times).lock_out(after(900)));
        }
    }

    #[test]
    fn a_quarter_of_an_hour_ends_the_count() {
        let mut failures = failed(9);
        failures.count(after(900));
        assert!(!failures.lock_out(after(900)));
    }
}
