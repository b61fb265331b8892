//! Passwords: the policy of a pool, and the stored verifiers.

use cognito_triggers_srp::{Salt, Verifier};

use crate::error::ApiError;
use crate::ids::Ids;
use crate::state::{PasswordPolicy, Settings, User};

/// The wording of the error for a password that breaks the policy. Both are Cognito's; it depends on the operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wording {
    /// `Password did not conform with policy`
    DidNotConform,
    /// `Password does not conform to policy`
    DoesNotConform,
}

/// Checks a password against the policy of its pool.
///
/// # Errors
/// `InvalidPasswordException` for the first rule that the password breaks.
pub(crate) fn check(password: &str, policy: PasswordPolicy, wording: Wording) -> Result<(), ApiError> {
    // The characters that Cognito counts as symbols. A space counts; the pattern of passwords allows it only inside.
    let symbol = |c: char| c.is_ascii_punctuation() || c == ' ';
    let has = |class: &dyn Fn(char) -> bool| password.chars().any(class);
    let problem = if password.chars().count() < policy.minimum_length {
        "Password not long enough"
    } else if policy.uppercase && !has(&|c| c.is_ascii_uppercase()) {
        "Password must have uppercase characters"
    } else if policy.lowercase && !has(&|c| c.is_ascii_lowercase()) {
        "Password must have lowercase characters"
    } else if policy.numbers && !has(&|c| c.is_ascii_digit()) {
        "Password must have numeric characters"
    } else if policy.symbols && !has(&symbol) {
        "Password must have symbol characters"
    } else {
        return Ok(());
    };
    let start = match wording {
        Wording::DidNotConform => "Password did not conform with policy",
        Wording::DoesNotConform => "Password does not conform to policy",
    };
    Err(ApiError::new(
        "InvalidPasswordException",
        format!("{start}: {problem}"),
    ))
}

/// The verifier of a password, which is stored in its place.
pub(crate) fn verifier(ids: &Ids, settings: &Settings, username: &str, password: &str) -> Verifier {
    Verifier::new(settings.pool_name(), username, password, Salt::new(ids.bytes()))
}

/// Whether this is the user's password. It takes the same time for a user without a password, whom nothing matches.
pub(crate) fn matches(user: &User, settings: &Settings, password: &str) -> bool {
    match &user.password {
        Some(stored) => stored.matches(settings.pool_name(), &user.username, password),
        None => {
            spend_time(settings, &user.username, password);
            false
        }
    }
}

/// Takes as long as the check of a password, so that the time of an answer doesn't reveal that there is no such user.
pub(crate) fn spend_time(settings: &Settings, username: &str, password: &str) {
    let fake = Verifier::fake(&settings.id, username);
    // No password is known that matches.
    let _ = fake.matches(settings.pool_name(), username, password);
}

/// Refuses a password that the user had before, if the pool remembers passwords.
pub(crate) fn check_history(user: &User, settings: &Settings, password: &str) -> Result<(), ApiError> {
    let history = settings.password_policy().history;
    let earlier = user
        .password
        .iter()
        .chain(user.old_passwords.iter().rev())
        .take(history);
    let mut earlier = earlier.filter(|old| old.matches(settings.pool_name(), &user.username, password));
    match earlier.next() {
        Some(_) => Err(ApiError::new(
            "PasswordHistoryPolicyViolationException",
            "Password has previously been used",
        )),
        None => Ok(()),
    }
}
