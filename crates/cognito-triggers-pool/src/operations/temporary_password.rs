//! A password that is good for one sign-in.

use std::time::Duration;

use cognito_triggers_srp::Verifier;

use crate::call::Call;
use crate::clock::Timestamp;
use crate::password;
use crate::state::{Settings, User, UserStatus};

/// A temporary password, ready to be stored: computing its verifier takes longer than the state may be locked.
pub(super) struct TemporaryPassword {
    verifier: Verifier,
    /// How many earlier passwords the pool remembers.
    ///
    /// `PasswordHistorySize`.
    history: usize,
    /// When it was made, by the clock of the pool.
    now: Timestamp,
    /// When it stops working, by `TemporaryPasswordValidityDays` of the pool.
    until: Timestamp,
}

impl TemporaryPassword {
    /// Computes the verifier. The password isn't checked against the policy: a password that the pool makes
    /// satisfies it, and the caller checks one that was given.
    pub(super) fn new(call: &Call, settings: &Settings, username: &str, password: &str) -> Self {
        let policy = settings.password_policy();
        let now = call.now(settings);
        Self {
            verifier: password::verifier(&call.service.ids, settings, username, password),
            history: policy.history,
            now,
            until: now.after(Duration::from_secs(u64::from(policy.temporary_days) * 24 * 3600)),
        }
    }

    /// Gives it to a user, who has to change it at the next sign-in.
    ///
    /// Replaces the password that the user had, which the pool may remember. The status becomes
    /// `FORCE_CHANGE_PASSWORD`.
    pub(super) fn give(self, user: &mut User) {
        user.set_password(self.verifier, self.history);
        user.temporary_until = Some(self.until);
        user.status = UserStatus::ForceChangePassword;
        user.modified = self.now;
    }
}
