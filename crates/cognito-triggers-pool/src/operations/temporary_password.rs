//! A password that is valid for one sign-in.

use std::time::Duration;

use cognito_triggers_srp::Verifier;

use crate::call::Call;
use crate::clock::Timestamp;
use crate::password;
use crate::state::{Settings, User, UserStatus};

/// A temporary password, ready to be stored. Its verifier is computed beforehand, because that takes too long to do it while
/// the state is locked.
pub(super) struct TemporaryPassword {
    verifier: Verifier,
    /// How many earlier passwords the pool remembers: `PasswordHistorySize`.
    history: usize,
    /// When it was created, by the clock of the pool.
    now: Timestamp,
    /// When it expires, after `TemporaryPasswordValidityDays` of the pool.
    until: Timestamp,
}

impl TemporaryPassword {
    /// Computes the verifier. The policy isn't checked: generated passwords satisfy it, and the caller checks given ones.
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

    /// Sets it as the password of a user, who has to change it at the next sign-in.
    ///
    /// The earlier password goes into the history, if the pool keeps one. The status becomes
    /// `FORCE_CHANGE_PASSWORD`.
    pub(super) fn give(self, user: &mut User) {
        user.set_password(self.verifier, self.history);
        user.temporary_until = Some(self.until);
        user.status = UserStatus::ForceChangePassword;
        user.modified = self.now;
    }
}
