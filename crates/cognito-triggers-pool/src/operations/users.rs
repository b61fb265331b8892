//! Users as an administrator sees them, and their passwords.
//!
//! Who calls these operations signs with IAM credentials, which the pool doesn't look at. No trigger runs and
//! no message is sent. All of them fail with `ResourceNotFoundException` for an unknown pool and with
//! `UserNotFoundException` for an unknown user: administrators see who exists, whatever
//! `PreventUserExistenceErrors` says. The rows of the truth table are AS-01 to AS-04 and ST-02 to ST-06.

use serde_json::{Value, json};

use super::temporary_password::TemporaryPassword;
use crate::call::Call;
use crate::error::ApiError;
use crate::password::{self, Wording};
use crate::state::UserStatus;

/// Answers a user, who may be named by user name, alias or sub.
///
/// The answer has all attributes, the status, whether the user is enabled, and two dates in seconds since 1970.
/// A password is never in it (ST-02).
pub(super) async fn admin_get_user(call: Call) -> Result<Value, ApiError> {
    let (_, user) = call.user_for_admin()?;
    let mut answer = user.to_json();
    if let Some(attributes) = answer.remove("Attributes") {
        answer.insert("UserAttributes".to_owned(), attributes);
    }
    Ok(Value::Object(answer))
}

/// Deletes a user. Tokens of the user stop working.
///
/// The user's addresses become free for others. The answer is empty (ST-06).
pub(super) async fn admin_delete_user(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    let removed = call
        .service
        .write(|state| Ok(state.pool_mut(&settings.id)?.users.remove(&user.username)));
    removed?.map(|_| json!({})).ok_or_else(ApiError::user_not_found)
}

/// Lets a disabled user sign in again.
///
/// Nothing changes for an enabled user but the date of the last change. Tokens that were revoked stay revoked
/// (ST-05).
pub(super) async fn admin_enable_user(call: Call) -> Result<Value, ApiError> {
    set_enabled(&call, true)
}

/// Disables a user, and revokes the user's tokens.
///
/// Every sign-in fails with `NotAuthorizedException` until the user is enabled again (ST-04).
pub(super) async fn admin_disable_user(call: Call) -> Result<Value, ApiError> {
    set_enabled(&call, false)
}

/// Changes whether the user whom the call names is enabled. The answer is empty.
fn set_enabled(call: &Call, enabled: bool) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    let now = call.now(&settings);
    call.service.update_user(&settings.id, &user.username, |user| {
        user.enabled = enabled;
        user.modified = now;
        if !enabled {
            user.tokens_not_before = Some(now);
        }
        Ok(json!({}))
    })
}

/// Sets a password: for good, which confirms the user, or for one sign-in. No message is sent and no trigger runs.
///
/// Works in every state, also for users who aren't confirmed.
///
/// - `Permanent` true: the user is `CONFIRMED` afterwards. PostConfirmation doesn't run, and `email_verified`
///   keeps its value (AS-01).
/// - `Permanent` false or missing: the user is `FORCE_CHANGE_PASSWORD`, and the password is valid for
///   `TemporaryPasswordValidityDays` (AS-02).
///
/// Tokens stay valid. The answer is empty.
///
/// # Errors
/// - `InvalidPasswordException`: the password breaks the policy (AS-04).
/// - `PasswordHistoryPolicyViolationException`: the user had the password before.
pub(super) async fn admin_set_user_password(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    let password = call.input.string("Password");
    let policy = settings.password_policy();
    password::check(password, policy, Wording::DidNotConform)?;
    password::check_history(&user, &settings, password)?;
    if !call.input.boolean("Permanent") {
        let temporary = TemporaryPassword::new(&call, &settings, &user.username, password);
        return call.service.update_user(&settings.id, &user.username, |user| {
            temporary.give(user);
            Ok(json!({}))
        });
    }
    let now = call.now(&settings);
    let verifier = password::verifier(&call.service.ids, &settings, &user.username, password);
    call.service.update_user(&settings.id, &user.username, |user| {
        user.set_password(verifier, policy.history);
        user.temporary_until = None;
        user.status = UserStatus::Confirmed;
        user.modified = now;
        Ok(json!({}))
    })
}
