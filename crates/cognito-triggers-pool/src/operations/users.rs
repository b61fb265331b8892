//! Users as an administrator sees them, and their passwords.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs and no message
//! is sent. All of them fail with `ResourceNotFoundException` for an unknown pool and with
//! `UserNotFoundException` for an unknown user: `PreventUserExistenceErrors` doesn't apply to
//! administrators. The rows of the truth table are AS-01 to AS-04 and ST-02 to ST-06.

use serde_json::{Value, json};

use super::temporary_password::TemporaryPassword;
use crate::call::Call;
use crate::error::ApiError;
use crate::password::{self, Wording};
use crate::state::UserStatus;

/// Returns a user, found by user name, alias or sub.
///
/// The answer has all attributes, the status, whether the user is enabled, and two dates in seconds since 1970.
/// `PreferredMfaSetting` and `UserMFASettingList` are there only if they are set. It never includes a password (ST-02).
pub(super) async fn admin_get_user(call: Call) -> Result<Value, ApiError> {
    let (_, user) = call.user_for_admin()?;
    let mut answer = user.to_json();
    if let Some(attributes) = answer.remove("Attributes") {
        answer.insert("UserAttributes".to_owned(), attributes);
    }
    answer.extend(user.mfa.to_json());
    answer.extend(user.mfa.options());
    Ok(Value::Object(answer))
}

/// Deletes a user. Tokens of the user stop working.
///
/// Other users can use the user's addresses afterwards. The answer is empty (ST-06).
pub(super) async fn admin_delete_user(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    let removed = call
        .service
        .write(|state| Ok(state.pool_mut(&settings.id)?.users.remove(&user.username)));
    removed?.map(|_| json!({})).ok_or_else(ApiError::user_not_found)
}

/// Lets a disabled user sign in again.
///
/// For an enabled user, only the date of the last change changes. Revoked tokens stay revoked (ST-05).
pub(super) async fn admin_enable_user(call: Call) -> Result<Value, ApiError> {
    set_enabled(&call, true)
}

/// Disables a user, and revokes the user's tokens.
///
/// Every sign-in fails with `NotAuthorizedException` until the user is enabled again (ST-04).
pub(super) async fn admin_disable_user(call: Call) -> Result<Value, ApiError> {
    set_enabled(&call, false)
}

/// Enables or disables the user whom the call names. The answer is empty.
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

/// Sets a permanent password, which confirms the user, or a temporary one. No message is sent and no trigger runs.
///
/// It works for users in every status, including `UNCONFIRMED`.
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
